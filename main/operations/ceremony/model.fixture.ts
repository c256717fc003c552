import { expect } from 'vitest';
import type { LedgerQueries } from '../../ledger/index.ts';
import { canonicalJson, type Json } from '../../values/index.ts';
import { WORK, type CeremonyHome } from './home.fixture.ts';
import type { CeremonyView } from '../index.ts';

export const STEPS = [...WORK.map((one) => one.step), 'verify', 'recover', 'checklist', 'close'];

/** A fact as initials are given for it: when it was noted, and where a file lies, nobody signs. */
function told(value: string | undefined, ...without: string[]): string {
  if (value === undefined || value === 'null') return '';
  const json = JSON.parse(value) as Record<string, Json>;
  return canonicalJson(Object.fromEntries(Object.entries(json).filter(([name]) => name !== 'at' && !without.includes(name))));
}

type Item = { state: string; ciphertext: string; backup: string; check: string; sameChecksum: boolean };

/**
 * What a step of a rehearsal may rest on, said once more and in a line each. The model is not told how main judges: it reads the ledger's
 * rows and says of each step what has to be there (its gate) and what initials are given for (its content). What it remembers is under
 * which content both initials were accepted.
 */
export class Model {
  readonly signed: Map<string, string>;
  state: 'open' | 'closed' | 'escalated' = 'open';
  exceptions: number;
  readonly room: CeremonyHome;

  constructor(room: CeremonyHome, signed: ReadonlyMap<string, string> = new Map()) {
    this.room = room;
    this.signed = new Map(signed);
    this.exceptions = room.exceptions().length;
  }

  /** Of every step: whether initials may be put to it, and to what. */
  rules(): Map<string, { gate: boolean; content: string }> {
    return this.room.ledger((queries) => {
      const facts = new Map(queries.ceremonyFacts(this.room.ceremony).map((one) => [one.name, one.value]));
      const fact = (name: string): Record<string, Json> | null => JSON.parse(facts.get(name) ?? 'null') as Record<string, Json> | null;
      const assignment = queries.assignment((fact('assignment')?.['assignment_id'] ?? '') as string);
      const files = (fact('secrets')?.['files'] ?? []) as { item_id: string; name: string; size_bytes: number }[];
      const items = files.map((file) => itemOf(queries, file.item_id)).filter((item) => item !== null);
      const key = queries.lastVerification('key', assignment?.key_id ?? '')?.result ?? 'unknown';
      const whole = files.length > 0 && items.length === files.length;
      const fits = (result: string): boolean => result === 'valid' || result === 'not-checkable';
      const rule = (gate: boolean, ...content: string[]) => ({ gate, content: content.join(' | ') });
      return new Map([
        ['people', rule(facts.has('people'), told(facts.get('people')), told(facts.get('clock'), 'machine_at'))],
        ['self-test', rule(fact('self-test')?.['ok'] === true, told(facts.get('self-test')))],
        [
          'sign-in',
          rule(facts.has('environment') && facts.has('signer'), told(facts.get('environment')), told(facts.get('signer'), 'positions')),
        ],
        ['wallet', rule(facts.has('wallet'), told(facts.get('wallet')))],
        ['assign', rule(assignment?.state === 'assigned' && fact('words') !== null, assignment?.key_id ?? '', told(facts.get('words')))],
        ['secrets', rule(files.length > 0, JSON.stringify(files.map(({ name, size_bytes: size }) => [name, size])))],
        [
          'seal',
          rule(whole && fact('sealing') !== null, JSON.stringify(items.map((item) => item.ciphertext)), told(facts.get('sealing'), 'mode')),
        ],
        [
          'store',
          rule(
            whole && items.every((item) => item.state === 'stored' && item.sameChecksum),
            JSON.stringify(items.map((item) => item.backup)),
          ),
        ],
        [
          'verify',
          rule(
            items.length > 0 && [key, ...items.map((item) => item.check)].every(fits),
            key,
            items
              .map((item) => item.check)
              .toSorted()
              .join(),
          ),
        ],
        ['recover', rule(facts.has('recovery'), told(facts.get('recovery')))],
        ['checklist', rule(facts.has('checklist'), told(facts.get('checklist')))],
        ['close', rule(true, this.exceptions.toString())],
      ]);
    });
  }

  /** The steps that are done: one after the other, each with an open gate, signed for what it says now. */
  done(): string[] {
    const rules = this.rules();
    const first = STEPS.findIndex((step) => rules.get(step)?.gate !== true || this.signed.get(step) !== rules.get(step)?.content);
    return first === -1 ? [...STEPS] : STEPS.slice(0, first);
  }

  check(view: CeremonyView): void {
    this.exceptions = view.exceptions.length;
    expect(view.state).toBe(this.state);
    if (this.state === 'escalated') return;
    const done = this.done();
    if (this.state === 'closed') expect(done).toEqual(STEPS);
    const expected = STEPS.map((_, index) => (index < done.length ? 'done' : index === done.length ? 'now' : 'locked'));
    expect(view.steps.map((one) => `${one.id} ${one.status}`)).toEqual(STEPS.map((step, index) => `${step} ${expected[index] ?? ''}`));
    if (view.now !== null) expect(view.now.gate === 'open').toBe(this.rules().get(view.now.step)?.gate);
  }
}

function itemOf(queries: LedgerQueries, id: string): Item | null {
  const item = queries.item(id);
  if (item === null) return null;
  const stored = queries.backupOfItem(id);
  const backup = stored?.backup_id ?? '';
  return {
    state: item.state,
    ciphertext: item.ciphertext_sha256,
    backup,
    check: queries.lastVerification('backup', backup)?.result ?? 'unknown',
    sameChecksum: item.checksum === (stored?.returned_checksum ?? null),
  };
}
