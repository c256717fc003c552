import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StandIn } from '../../rehearsal/index.ts';
import { CeremonyHome, NOW_MS, onePool, wordsOf, WORK } from './home.fixture.ts';

/** An online and a cold station that are paired, a stick between them, and a stand-in that the online one is signed in to. */
export type TwoStations = {
  readonly standIn: StandIn;
  readonly online: CeremonyHome;
  readonly cold: CeremonyHome;
  readonly stick: string;
  /** A file of the stand-in's signing keys, for the cold station. */
  readonly jwks: string;
  readonly remove: () => Promise<void>;
};

export async function makeTwoStations(): Promise<TwoStations> {
  const standIn = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
  const at = await standIn.listen();
  const online = await CeremonyHome.make('memory', 'online', 'office');
  const cold = await CeremonyHome.make('memory', 'cold', 'vault');
  const stick = join(cold.folder, 'stick');
  mkdirSync(stick);
  await online.signInElsewhere(at);
  const jwks = cold.secret('jwks.json', await (await fetch(at.jwks)).text());
  await cold.must('trust.add', { environment: 'rehearsal', account_id: at.accountId });
  for (const [room, other, name] of [
    [online, cold, 'office'],
    [cold, online, 'vault'],
  ] as const) {
    const card = join(stick, `${name}.station.json`);
    await room.must('pair', { out: card });
    const { station } = JSON.parse(readFileSync(card, 'utf8')) as { station: { id: string } };
    await other.must('pair', { in: card, fingerprint: station.id });
  }
  const remove = async (): Promise<void> => {
    await standIn.close();
    await online.remove();
    await cold.remove();
  };
  return { standIn, online, cold, stick, jwks, remove };
}

/** Does the work of these steps and signs them. */
export async function signSteps(room: CeremonyHome, steps: readonly string[]): Promise<void> {
  for (const step of steps) {
    await WORK.find((one) => one.step === step)?.work(room);
    await room.sign();
  }
}

/** Reads the words of every key of the step. @param kept what is typed for each, where the station asks for it. */
export async function readKeys(room: CeremonyHome, kept: 'HOT' | 'COLD' | null): Promise<void> {
  for (const { key_id, fingerprint } of (await room.view()).keys)
    await room.act('ceremony.key-read', { key_id, words: wordsOf(fingerprint), kept });
}
