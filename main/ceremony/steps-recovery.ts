import type { FactValue } from './facts.ts';
import type { JudgeContext, StepJudgement } from './judgement.ts';
import { check, fact, open, stopped, waits } from './judgement.ts';
import type { EvidenceCheck, EvidenceFact } from './evidence.ts';
import type { CeremonyState } from './state.ts';

/** A passphrase that was wrong so often ends the step: whoever has it is not in the room. */
export const MOST_WRONG_TRIES = 3;

/** What people see to once the secret is back. A `no` is kept as an open point. */
export const WIPE_POINTS: readonly string[] = ['recovered-file-placed', 'pair-destroyed', 'packages-destroyed', 'key-replaced'];

/** More backups than this are shown as a count. */
const NAMED_BACKUPS = 8;

/** Which backups, of which key, and why. */
export function judgeBackups({ state, queries }: JudgeContext): StepJudgement {
  const { recovering } = state.facts;
  if (recovering === undefined) return waits();
  const backups = recovering.items.map(({ item_id: id }) => queries.backupOfItem(id)?.backup_id ?? null);
  const unsure = backups.filter((id) => id === null).length;
  const key = queries.assignedKey(recovering.key_id);
  return open(
    [
      check('backups-known', 'passed', 'every backup stands in this station’s ledger', count(backups.length)),
      ...(unsure === 0
        ? []
        : [check('backups-unsure', 'amber', 'this station has no receipt for every backup', `${unsure.toString()} without a backup ID`)]),
    ],
    [
      fact('recovery-reason', recovering.reason),
      fact('wallet', key?.user_identifier ?? ''),
      fact('key-id', recovering.key_id, 'id'),
      ...backupFacts(backups),
    ],
  );
}

function backupFacts(ids: readonly (string | null)[]): EvidenceFact[] {
  const known = ids.filter((id) => id !== null);
  return known.length > NAMED_BACKUPS ? [fact('backups', count(known.length))] : known.map((id) => fact('backup-id', id, 'id'));
}

/** The pair that the release is asked for with, and that somebody asked. */
export function judgeRequest({ state }: JudgeContext): StepJudgement {
  const { request, raised } = state.facts;
  if (request === undefined) return waits();
  const made = check(
    'pair-made',
    'passed',
    'the pair was made here, and its private half written once',
    `under a passphrase, ${request.type}`,
  );
  const facts = [fact('openpgp-fingerprint', request.fingerprint, 'hex')];
  const what = 'the request was raised with CoinCover';
  if (raised === undefined) return waits([made, check('request-raised', 'waits', what, 'people say so')], facts);
  const restsOn = raised.played ? 'played by the stand-in, which has released' : raised.reference;
  return open(
    [made, check('request-raised', raised.played ? 'amber' : 'passed', what, restsOn)],
    [...facts, fact('request-reference', raised.reference)],
  );
}

/** What the packages hold, recognised by what it is. */
export function judgeReleased({ state }: JudgeContext): StepJudgement {
  const { released, recovering } = state.facts;
  if (released === undefined) return isSpent(state, 'released-tries') ? spent() : waits();
  const own = (recovering?.items.length ?? 0) - released.held.length;
  return open(
    [
      check(
        'packages-opened',
        'passed',
        'every package opened with the private half of the pair',
        `${released.packages.length.toString()} opened`,
      ),
      check(
        'private-key-released',
        'passed',
        'the private key is among what was released',
        isLocked(released) ? 'it has a passphrase of its own' : 'it belongs to the key of these backups',
      ),
      check(
        'backups-released',
        own === 0 ? 'passed' : 'amber',
        'the released backups are those that were asked for, byte by byte',
        own === 0 ? count(released.held.length) : `${own.toString()} not released: this station’s own copy is opened`,
      ),
      ...(released.others === 0
        ? []
        : [check('other-backups', 'amber', 'nothing else was released', `${released.others.toString()} that nobody here asked for`)]),
    ],
    released.packages.map(({ name, what }) => fact(`found-${what}`, name)),
  );
}

function isLocked(released: FactValue<'released'>): boolean {
  return !released.packages.some(({ what }) => what === 'private-key');
}

/** The secrets, held against the ledger's checksums. */
export function judgeResult({ state }: JudgeContext): StepJudgement {
  const { recovered, recovering } = state.facts;
  const all = recovering?.items.length ?? 0;
  const items = recovered?.items ?? [];
  const differs = items.filter((item) => item.checksum === 'differs' || item.same === false).length;
  const back = items.length - differs;
  const whole = differs === 0 && back === all;
  const checks: EvidenceCheck[] =
    recovered === undefined
      ? []
      : [
          check(
            'secrets-back',
            differs > 0 ? 'failed' : whole ? 'passed' : 'waits',
            'every secret is the one that was sealed',
            `${back.toString()} of ${all.toString()}, by the ledger’s checksum${items.some((item) => item.same !== null) ? ' and byte by byte' : ''}`,
          ),
        ];
  const facts = items.flatMap((item) => [
    ...(item.name === null ? [] : [fact('recovered-file', `${item.name}, ${item.size_bytes.toString()} bytes`)]),
    ...(item.controls === null ? [] : [fact('recovered-secret', controlsWords(item.controls))]),
  ]);
  checks.push(...rightSecret(items));
  if (differs > 0) return stopped('checksum-differs', checks, facts);
  if (items.some((item) => item.controls?.result === 'differs')) return stopped('recovered-other-identifier', checks, facts);
  if (whole && all > 0) return open(checks, facts);
  return isSpent(state, 'result-tries') ? spent(checks, facts) : waits(checks, facts);
}

type Recovered = FactValue<'recovered'>['items'][number];
type Controls = NonNullable<Recovered['controls']>;

/** Whether what came back is the wallet that was sealed, by the identifier that the ledger kept: a checksum says only that it is the same file. */
function rightSecret(items: readonly Recovered[]): EvidenceCheck[] {
  const known = items.map((item) => item.controls).filter((one) => one !== null);
  if (known.length === 0) return [];
  const what = 'every secret is the one that the plan named';
  const wrong = known.find((one) => one.result === 'differs');
  if (wrong !== undefined) return [check('right-secret', 'failed', what, controlsWords(wrong))];
  const matching = known.filter((one) => one.result === 'matches');
  const [only] = matching;
  const restsOn =
    known.length === 1 && only !== undefined ? controlsWords(only) : `${matching.length.toString()} of ${known.length.toString()} compared`;
  return [check('right-secret', matching.length === known.length ? 'passed' : 'amber', what, restsOn)];
}

/** What people read aloud: which address or key this secret stands for. */
function controlsWords({ kind, type, planned, found, result, reason }: Controls): string {
  const which = kind === 'bip39' ? 'this phrase' : 'this secret';
  const isAddress = type !== null && /^(?:bitcoin-|ethereum$|solana$)/.test(type);
  const verb = isAddress ? 'controls' : `has the ${type ?? 'identifier'}`;
  if (result === 'matches') return `${which} ${verb} ${planned ?? ''}`;
  if (result === 'not-compared') return `${which} was not compared: ${reason ?? 'no identifier was planned'}`;
  if (found === null) return `${which} is no valid ${kind}${planned === null ? '' : `, and the plan said ${planned}`}`;
  return `${which} ${verb} ${found}, and the plan said ${planned ?? ''}`;
}

/** What became of everything that can open the secret, and of the secret. */
export function judgeWipe({ state }: JudgeContext): StepJudgement {
  const { wiped } = state.facts;
  if (wiped === undefined) return waits();
  const yes = (id: string): boolean => wiped.answers.some((one) => one.id === id && one.yes);
  const openPoints = WIPE_POINTS.filter((id) => !yes(id)).length;
  return open(
    [
      check(
        'wipe-points',
        openPoints === 0 ? 'passed' : 'amber',
        'people saw to what is left',
        openPoints === 0 ? 'as they say' : `${openPoints.toString()} still open, as they say`,
      ),
    ],
    WIPE_POINTS.map((id) => fact(`point-${id}`, yes(id) ? 'yes' : 'no: open point')),
  );
}

function isSpent({ facts }: CeremonyState, name: 'released-tries' | 'result-tries'): boolean {
  return (facts[name]?.wrong ?? 0) >= MOST_WRONG_TRIES;
}

function spent(checks: Parameters<typeof stopped>[1] = [], facts: readonly EvidenceFact[] = []): StepJudgement {
  return stopped(
    'recovery-tries-spent',
    [...checks, check('tries', 'failed', 'the passphrase was right within three tries', 'it was not')],
    facts,
  );
}

function count(backups: number): string {
  return backups === 1 ? '1 backup' : `${backups.toString()} backups`;
}
