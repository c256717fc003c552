import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CeremonyHome, WORK } from './home.fixture.ts';
import { beginByPlan, changedPlan, openDepartures, PHRASE, planFile, PLANNED_WORK, WITH_PASSPHRASE } from './planned-ceremony.fixture.ts';

/** One phrase under a BIP-39 passphrase, and the fingerprint of the wallet that both make. */
const PLAN = changedPlan((plan) => {
  const [item] = plan.wallets[0]?.items ?? [];
  if (item === undefined) throw new Error('the plan has it');
  item.bip39_passphrase = true;
  item.identifier = { type: 'master-fingerprint', path: 'm', value: WITH_PASSPHRASE.fingerprint };
  plan.wallets[0]?.items.pop();
});
const PAIR_PASSPHRASE = 'canary-4711 of the pair';

describe('a recovery of what was sealed by a plan', () => {
  let room: CeremonyHome;
  beforeAll(async () => {
    room = await CeremonyHome.make();
    await beginByPlan(room, PLAN);
    for (const { step, work } of PLANNED_WORK) {
      if (step === 'secrets') {
        const { view } = await room.act('ceremony.choose', { files: [room.secret('seed.txt', PHRASE)] });
        await room.act('ceremony.inspect', {
          item_id: view.files[0]?.item_id,
          bip39_passphrase: WITH_PASSPHRASE.passphrase,
          password: null,
        });
      } else await work(room);
      await room.sign();
    }
    const items = (await room.view()).files.map((file) => file.item_id);
    await room.begin('recovery', 'rehearsal', { plan: planFile(room, PLAN), wallets: [0] });
    await WORK[0]?.work(room);
    await room.sign();
    await WORK[1]?.work(room);
    await room.sign();
    await room.act('ceremony.recovering', { items, reason: 'a drill' });
    await room.sign();
    const out_private = join(room.folder, 'pair.asc');
    await room.act('ceremony.request-key', {
      type: 'curve25519',
      passphrase: PAIR_PASSPHRASE,
      out_private,
      folder: join(room.folder, 'request'),
    });
    await room.act('ceremony.request-played', { folder: join(room.folder, 'released') });
    await room.sign();
    const packages = readdirSync(join(room.folder, 'released')).map((name) => join(room.folder, 'released', name));
    await room.act('ceremony.packages', { packages, openpgp_key: out_private, passphrase: PAIR_PASSPHRASE });
    await room.sign();
  });
  afterAll(async () => {
    await room.remove();
  });

  const getBack = (passphrase: string | null) =>
    room.refusal('ceremony.get-back', {
      openpgp_passphrase: PAIR_PASSPHRASE,
      key_passphrase: null,
      passphrase: null,
      bip39_passphrase: passphrase,
      folder: join(room.folder, 'back'),
    });
  const file = () => join(room.folder, 'back', 'seed.txt');
  const rightSecret = async () => (await room.view()).now?.checks.find(({ id }) => id === 'right-secret');

  it('knows beforehand what has to come back', async () => {
    const { recovery } = await room.view();
    expect(recovery?.backups).toMatchObject([
      { name: 'seed.txt', identifier: { type: 'master-fingerprint', value: WITH_PASSPHRASE.fingerprint } },
    ]);
    expect(recovery?.asks.bip39).toBe(true);
    expect(await openDepartures(room)).toEqual([]);
  });

  it('stops in red where it is another wallet, and writes nothing', async () => {
    expect(await getBack('another')).toEqual(['recovered-other-identifier']);
    expect(await room.now()).toEqual({ step: 'result', gate: 'stopped', problem: 'recovered-other-identifier' });
    expect(existsSync(file())).toBe(false);
    expect(await rightSecret()).toMatchObject({ result: 'failed' });
  });

  it('says which wallet the phrase is of once it is the right one', async () => {
    expect(await getBack(WITH_PASSPHRASE.passphrase)).toEqual([]);
    expect(await room.now()).toMatchObject({ step: 'result', gate: 'open' });
    expect(await rightSecret()).toMatchObject({
      result: 'passed',
      rests_on: `this phrase has the master-fingerprint ${WITH_PASSPHRASE.fingerprint}`,
    });
    expect(readFileSync(file(), 'utf8')).toBe(PHRASE);
    const text = room.ledger((_, ledger) => JSON.stringify([...ledger.events()]));
    expect(text).not.toContain('abandon');
    expect(text).not.toContain(WITH_PASSPHRASE.passphrase);
  });
});
