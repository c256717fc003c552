import { randomBytes } from 'node:crypto';
import { writeNewFile } from '../../files/index.ts';
import type { StandInAddress } from '../../rehearsal/index.ts';
import { checkError, type Passphrase } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { environmentSet } from '../station/environment.ts';
import { init } from '../station/init.ts';
import type { Outcome } from '../operation.ts';
import { login } from '../service/token.ts';
import { trustAdd } from '../station/trust.ts';

/**
 * Makes a single station in the context's home, signed in to a stand-in whose signing key and account are confirmed at once: whoever
 * rehearses is alone with it. The keychain's passphrase is drawn and written to the file that the context names.
 * @throws what the operations throw.
 */
export async function makeRehearsalStation(context: OperationContext, at: StandInAddress, token: string): Promise<void> {
  const passphrase = randomBytes(24).toString('base64url');
  await writeNewFile(context.keychainPassphraseFile ?? '', Buffer.from(`${passphrase}\n`, 'utf8'));
  context.keychains?.setPassphrase(Buffer.from(passphrase, 'utf8') as Passphrase);
  demand(await init.run(context, { role: 'single', name: 'REHEARSAL', keychain: 'file' }));
  demand(await environmentSet.run(context, { name: 'rehearsal', api: at.api, jwks: at.jwks }));
  demand(await login.run(context, { environment: 'rehearsal', token }));
  const shown = await trustAdd.run(context, { environment: 'rehearsal', source: 'fetch' });
  const fingerprint = shown.output.confirm?.[0]?.fingerprint;
  if (fingerprint === undefined) throw shown.problems[0] ?? checkError('anchor-not-confirmed', 'the stand-in showed no signing key');
  demand(await trustAdd.run(context, { environment: 'rehearsal', source: 'fetch', fingerprint }));
  demand(await trustAdd.run(context, { environment: 'rehearsal', account_id: at.accountId }));
}

/** An outcome without problems, or its first problem. */
export function demand<Output>(outcome: Outcome<Output>): Outcome<Output> {
  const [problem] = outcome.problems;
  if (problem !== undefined) throw problem;
  return outcome;
}
