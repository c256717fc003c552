import { join } from 'node:path';
import { Ledger, type LedgerEvent, type LedgerHead } from '../../ledger/index.ts';
import { StandIn, type StandInAddress } from '../../rehearsal/index.ts';
import { CeremonyHome, NOW_MS, onePool, WORK } from './home.fixture.ts';

/** One ceremony by a stand-in elsewhere, which does wrong when it is told to; kept as it stood before each of its steps. */
export class CeremonyElsewhere {
  readonly standIn = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
  readonly #before = new Map<string, CeremonyHome>();
  readonly #rooms: CeremonyHome[] = [];
  #at: StandInAddress | null = null;

  /** Walks through it once. @throws Error where it does not come to each step. */
  async walk(): Promise<void> {
    this.#at = await this.standIn.listen();
    const room = await CeremonyHome.make();
    this.#before.set('verify', room);
    await room.signInElsewhere(this.at);
    await room.begin();
    for (const { step, work } of WORK) {
      const now = await room.now();
      if (now.step !== step) throw new Error(`the ceremony is at ${now.step}, not at ${step}`);
      this.#before.set(step, room.fork());
      await work(room);
      await room.sign();
    }
  }

  get at(): StandInAddress {
    if (this.#at === null) throw new Error('the stand-in is not there yet');
    return this.#at;
  }

  /** A copy of the ceremony in which that step is lit, and nothing was done for it. */
  roomAt(step: string): CeremonyHome {
    const room = this.#before.get(step)?.fork();
    if (room === undefined) throw new Error(`there is no ceremony at ${step}`);
    this.#rooms.push(room);
    return room;
  }

  /** How many POSTs came to one path. */
  sent(path: string): number {
    return this.standIn.requests.filter((one) => one.method === 'POST' && one.path === path).length;
  }

  /** After each test. */
  async tidy(): Promise<void> {
    this.standIn.setFault(null);
    for (const room of this.#rooms.splice(0)) await room.remove();
  }

  async remove(): Promise<void> {
    for (const room of this.#before.values()) await room.remove();
    await this.standIn.close();
  }
}

/** What an event that this process did not live to follow up on leaves behind. */
export async function tell(room: CeremonyHome, event: LedgerEvent): Promise<void> {
  const ledger = Ledger.open(join(room.home, 'ledger.sqlite'), {
    clock: { now: () => NOW_MS },
    macKey: await room.keychainEntry('mac-key'),
  });
  ledger.append(event);
  ledger.close();
}

export const headOf = (room: CeremonyHome): LedgerHead => room.ledger((_, ledger) => ledger.head());

/** Where a chosen file lies, as the ledger has it. */
export function pathOf(room: CeremonyHome, name: string): string {
  const value = room.ledger((queries) => queries.ceremonyFacts(room.ceremony).find((one) => one.name === 'secrets')?.value ?? '{}');
  return (JSON.parse(value) as { files: { name: string; path: string }[] }).files.find((file) => file.name === name)?.path ?? '';
}
