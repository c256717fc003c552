import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CeremonyHome } from './home.fixture.ts';
import { CANARY, wordsOf } from './home.fixture.ts';
import { makeTwoStations, readKeys, signSteps, type TwoStations } from './two-stations.fixture.ts';
import { approve, goOn, openDepartures, PHRASE, planFile, ROOM_PLAN, typedWallet } from './planned-ceremony.fixture.ts';

/** One plan at both stations, carried as a file; the stand-in gives one key, so the ceremonies are for its first wallet. */
describe('the scripts of two stations by one plan', () => {
  let stations: TwoStations;
  let online: CeremonyHome;
  let cold: CeremonyHome;
  let stick: string;
  let jwks: string;

  beforeAll(async () => {
    stations = await makeTwoStations();
    ({ online, cold, stick, jwks } = stations);
  });
  afterAll(async () => {
    await stations.remove();
  });

  async function toStep(room: CeremonyHome, script: string, ...steps: string[]): Promise<void> {
    const file = planFile(room);
    await approve(room, file);
    await room.begin(script, 'rehearsal', { plan: file, wallets: [0] });
    await signSteps(room, steps);
  }

  it('assign: the wallets come from the plan once their HOT or COLD is typed, and another one stops', async () => {
    await toStep(online, 'online: assign and carry', 'people', 'self-test', 'sign-in');
    expect(await online.refusal('ceremony.wallets-planned', { typed: ['HOT'] })).toEqual(['kept-typed']);
    await online.act('ceremony.wallets-planned', { typed: ['COLD'] });
    expect(await online.now()).toMatchObject({ step: 'wallets', gate: 'open' });
    await online.act('ceremony.wallet-add', typedWallet(ROOM_PLAN, 1));
    expect(await online.now()).toEqual({ step: 'wallets', gate: 'stopped', problem: 'wallet-not-chosen' });
    await online.act('ceremony.wallet-remove', { user_identifier: 'treasury-eth' });
    await online.act('ceremony.wallet-remove', { user_identifier: 'treasury-btc' });
    await online.act('ceremony.wallet-add', { ...typedWallet(ROOM_PLAN), user_identifier: 'another' });
    expect(await openDepartures(online)).toEqual(['wallet-not-planned wallets', 'wallet-left-out wallets[0]']);
    await online.act('ceremony.wallet-remove', { user_identifier: 'another', customer_id: null });
    await online.act('ceremony.wallets-planned', { typed: ['COLD'] });
    await online.sign();
    await online.act('ceremony.assign-all');
    await readKeys(online, null);
    await online.sign();
    await online.act('ceremony.carry', { folder: stick });
    await online.sign();
    await online.sign();
    expect((await online.view()).state).toBe('closed');
  });

  it('seal: packs, files and modes are those of the plan', async () => {
    await toStep(cold, 'cold: seal', 'people', 'self-test');
    await cold.act('ceremony.network');
    await cold.sign();
    const shown = await cold.must('trust.read', { file: jwks });
    const fingerprint = (shown.output['keys'] as { fingerprint: string }[])[0]?.fingerprint ?? '';
    await cold.act('ceremony.signer', { fingerprint, words: wordsOf(fingerprint), file: jwks });
    await cold.act('ceremony.environment', { typed: 'rehearsal' });
    await cold.sign();
    await cold.act('ceremony.bring', { files: [stick] });
    await readKeys(cold, 'COLD');
    expect([await cold.now(), await openDepartures(cold)]).toEqual([{ step: 'packs', gate: 'open', problem: null }, []]);
    await cold.sign();
    const key_id = (await cold.view()).keys[0]?.key_id;
    await cold.act('ceremony.choose', { files: [cold.secret('seed.txt', PHRASE)], key_id });
    expect(await cold.now()).toEqual({ step: 'secrets', gate: 'stopped', problem: 'item-left-out' });
    await cold.act('ceremony.choose', { files: [cold.secret('seed.txt', PHRASE), cold.secret('notes.pdf')], key_id });
    expect(await cold.now()).toMatchObject({ gate: 'open' });
    await cold.sign();
    await cold.act('ceremony.seal', { mode: 'plan', passphrase: null, send_name: false });
    expect((await cold.view()).files.map(({ name, mode }) => `${name} ${mode ?? ''}`)).toEqual(['seed.txt direct', 'notes.pdf envelope']);
    await cold.sign();
    await cold.act('ceremony.carry', { folder: stick });
    await cold.sign();
    await cold.sign();
    expect((await cold.view()).state).toBe('closed');
  });

  it('store: an item that did not come is left out, though nobody here sees a secret', async () => {
    await toStep(online, 'online: store and verify', 'people', 'self-test', 'sign-in');
    const sealed = readdirSync(stick).filter((name) => name.endsWith('.sealed.json'));
    const part = join(stick, 'part');
    mkdirSync(part);
    const notes = sealed.find((name) => readFileSync(join(stick, name), 'utf8').includes('notes.pdf')) ?? '';
    copyFileSync(join(stick, notes), join(part, notes));
    await online.act('ceremony.bring', { files: [part] });
    expect(await openDepartures(online)).toEqual(['item-left-out wallets[0].items[0]']);
    expect(await online.now()).toMatchObject({ step: 'items', gate: 'stopped', problem: 'item-left-out' });
    expect(await online.refusal('ceremony.store', { resolve: null })).toEqual(['step-not-ready']);
    await goOn(online, 'the seed comes tomorrow');
    expect(await online.now()).toMatchObject({ gate: 'open' });
    await online.act('ceremony.bring', { files: [stick] });
    expect([await online.now(), await openDepartures(online)]).toEqual([{ step: 'items', gate: 'open', problem: null }, []]);
    await online.sign();
    await online.act('ceremony.store', { resolve: null });
    expect(await online.now()).toMatchObject({ step: 'store', gate: 'open' });
    for (const room of [online, cold]) {
      const text = room.ledger((_, ledger) => JSON.stringify([...ledger.events()]));
      expect(text).not.toContain('abandon');
      expect(text).not.toContain(CANARY);
    }
  });
});
