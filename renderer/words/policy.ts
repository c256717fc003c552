import type { CeremonyView } from '../../main/operations/index.ts';
import { STEPS, type StepName } from './steps.ts';

/** What screens say of the rules that ceremonies run under. */
export const POLICY = {
  title: 'Ceremony policy',
  runsUnder: 'Policy of this ceremony',
  readIt: 'read it',
  least: (people: string) => `at least ${people}`,
  fixed: 'It was fixed when the ceremony began. What is set later does not change it.',
  earlier: 'This ceremony is of an earlier version and has no policy of its own. These rules apply.',
  none: 'Nobody has set a policy on this station: Coldroom’s own applies.',
  setBy: (name: string, at: string) => `Set by ${name}, ${at}.`,
  gateSince: 'The rule for a live network was set by itself since then.',
  digest: 'Digest (SHA-256)',
  words: 'Show the digest in words',
  hideWords: 'Hide the words',
  choose: 'Choose a policy file',
  save: 'Save a policy file to change',
  saveDialog: 'Where to write the policy file',
  saved: 'The file was written, with every rule at its default.',
  dialog: 'Choose a policy file',
  chosen: (name: string) => `Rules in ${name}`,
  compare:
    'Read the rules and the words of the digest aloud, and compare them with the paper copy. They hold for ceremonies begun from now on.',
  administrator: 'Name of the administrator who sets it',
  set: 'Set this policy',
  cancel: 'Do not set it',
  wasSet: 'The policy is set.',
} as const;

type Rules = CeremonyView['policy']['rules'];

/** The rules as people read them aloud, a sentence each. */
export function policySentences(rules: Rules): string[] {
  return [
    `At least ${leastPeople(rules)}. Each person has one role, and nobody signs a step twice.`,
    ...(rules.initials_with_pin === true
      ? ['Everybody chooses a PIN in the first step, and types it beside their initials from then on.']
      : []),
    rules.all_witnesses_sign.length === 0
      ? 'Every step is signed by an administrator and a witness.'
      : `Every step is signed by an administrator and a witness. Every witness signs: ${rules.all_witnesses_sign.map(stepTitle).join('; ')}.`,
    rules.network_gate === 'stop'
      ? 'A live network on a cold station stops the ceremony.'
      : 'A live network on a cold station is shown, and the ceremony goes on.',
    `A key pack is refused when its list of signing keys is older than ${days(rules.key_pack_limit_days)}.`,
    rules.passphrase.own_allowed
      ? `A passphrase of your own has at least ${Math.max(rules.passphrase.least_length, 16).toString()} characters, and must be hard to guess.`
      : 'Nothing is sealed under a passphrase of your own: Coldroom draws the words.',
    rules.file_names_may_be_sent ? 'CoinCover may be told the names of files.' : 'CoinCover is never told the names of files.',
  ];
}

/** Who has to be there at least, as part of a sentence. */
export function leastPeople({ people }: Rules): string {
  const parts = [
    count(people.administrator, 'administrator', 'administrators'),
    count(people.operator, 'operator', 'operators'),
    count(people.witness, 'witness', 'witnesses'),
    count(people.auditor, 'auditor', 'auditors'),
  ].filter((part) => part !== null);
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

function count(number: number, one: string, many: string): string | null {
  return number === 0 ? null : `${number.toString()} ${number === 1 ? one : many}`;
}

function days(number: number): string {
  return number === 1 ? '1 day' : `${number.toString()} days`;
}

function stepTitle(id: string): string {
  return Object.hasOwn(STEPS, id) ? STEPS[id as StepName].title : id;
}
