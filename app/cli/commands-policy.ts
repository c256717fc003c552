import type { OutputOf } from '../../main/operations/index.ts';
import { usage } from './arguments.ts';
import { need, noWords, words, type Command } from './command.ts';
import { lines, wordsInRows } from './text.ts';

/** The rules that ceremonies run under. */
export const POLICY_COMMANDS: readonly Command[] = [
  {
    words: ['policy', 'new'],
    synopsis: '--out FILE',
    summary: 'Writes a policy file with every rule at its default, to be changed by hand.',
    options: { out: 'path' },
    operation: 'policy.new',
    input: (parsed) => {
      noWords(parsed);
      return { out: need(parsed, 'out') };
    },
    text: (output) => {
      const { file, policy_sha256: digest } = output as OutputOf<'policy.new'>;
      return lines(`policy ${file}`, `digest ${digest}`);
    },
  },
  {
    words: ['policy', 'set'],
    synopsis: 'FILE --administrator NAME',
    summary: 'Sets the policy for ceremonies begun from now on, in the name of an administrator.',
    options: { administrator: 'text' },
    operation: 'policy.set',
    input: (parsed) => {
      words(parsed, ['the policy file']);
      const administrator = need(parsed, 'administrator');
      if (administrator === '') throw usage('--administrator needs a name');
      return { file: parsed.paths[0], administrator };
    },
    text: (output) => policyText(output as OutputOf<'policy.set'>),
  },
  {
    words: ['policy', 'show'],
    synopsis: '',
    summary: 'The policy that a ceremony begun now would run under, with its digest as words to read aloud.',
    options: {},
    operation: 'policy.show',
    input: (parsed) => {
      noWords(parsed);
      return {};
    },
    text: (output) => policyText(output as OutputOf<'policy.show'>),
  },
];

function policyText(policy: OutputOf<'policy.show'>): string {
  return lines(
    policy.administrator === null || policy.set_at === null
      ? 'nobody has set a policy: Coldroom’s own applies'
      : `set by ${JSON.stringify(policy.administrator)} at ${policy.set_at}`,
    policy.gate_set_since ? 'the network gate was set by itself since' : null,
    JSON.stringify(policy.rules, null, 2),
    `digest ${policy.policy_sha256}`,
    ...wordsInRows(policy.words),
  );
}
