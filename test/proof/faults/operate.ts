// One operation as the window's main process runs it, in a process that can be killed: HOME PASSPHRASE-FILE NAME INPUT, the last as JSON.
// `sign` signs the step that a ceremony is at, with the evidence as it stands.
import { createNodeSpawner } from '../../../main/keychain/index.ts';
import { runOperation, type OperationContext, type OperationName } from '../../../main/operations/index.ts';
import { isColdroomError, systemClock } from '../../../main/values/index.ts';

process.umask(0o077);
const [home = '', keychainPassphraseFile = '', name = '', input = '{}'] = process.argv.slice(2);
const context: OperationContext = {
  home,
  keychainPassphraseFile,
  clock: systemClock,
  spawnKeychainChild: createNodeSpawner('a file keychain starts no child'),
  onProgress: () => undefined,
  onNote: () => undefined,
};

type View = { now: { step: string; evidence_sha256: string } | null; people: { role: string; initials: string }[] };

try {
  const parsed = JSON.parse(input) as Record<string, unknown>;
  const { output, problems } =
    name === 'sign' ? await sign(String(parsed['ceremony'])) : await runOperation(name as OperationName, context, parsed);
  process.stdout.write(JSON.stringify(output));
  if (problems[0] !== undefined) tell(problems[0]);
} catch (error) {
  tell(error);
}

async function sign(ceremony: string): ReturnType<typeof runOperation> {
  const shown = await runOperation('ceremony.show', context, { ceremony });
  const { now, people } = (shown.output as { ceremony: View }).ceremony;
  if (now === null) throw new Error('no step is lit');
  const initials = people.map(({ role, initials }) => ({ role, initials }));
  return runOperation('ceremony.sign-off', context, { ceremony, step: now.step, evidence_sha256: now.evidence_sha256, initials });
}

function tell(error: unknown): void {
  if (!isColdroomError(error)) throw error;
  const { code, message, hint } = error;
  process.stderr.write(`${JSON.stringify({ error: { code, message, hint: hint ?? null } })}\n`);
  process.exitCode = { bug: 1, input: 2, check: 3, service: 4, unreachable: 5 }[error.family];
}
