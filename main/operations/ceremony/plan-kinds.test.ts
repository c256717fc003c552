import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import identifiers from '../../../test/vectors/identifiers.json' with { type: 'json' };
import bip32 from '../../../test/vectors/published/bip32.json' with { type: 'json' };
import keystores from '../../../test/vectors/published/keystore-v3.json' with { type: 'json' };
import slip39 from '../../../test/vectors/published/slip39.json' with { type: 'json' };
import { KINDS } from '../../content/index.ts';
import type { PlanItem } from '../../plan/index.ts';
import { sha256 } from '../../values/index.ts';
import { CeremonyHome } from './home.fixture.ts';
import { beginByPlan, changedPlan, openDepartures, walkByPlan } from './planned-ceremony.fixture.ts';

const PASSWORD = 'a password of this test';

/** A secret of a kind, what the plan says of it, and what may lie in its place, with the departure that stops it. */
type Case = {
  readonly kind: PlanItem['kind'];
  readonly right: string;
  readonly identifier: PlanItem['identifier'];
  readonly size?: PlanItem['size_bytes'];
  readonly wrong: readonly (readonly [what: string, content: string, departure: string])[];
};

/** A valid secret of the shared vectors, and one of its identifiers there. */
function vector(kind: string, type: string, path: string | null): { right: string; identifier: NonNullable<PlanItem['identifier']> } {
  const found = identifiers.cases.find((one) => one.kind === kind && one.valid);
  const value = found?.identifiers?.find((one) => one.type === type && (one.path ?? null) === path)?.value;
  if (found === undefined || value === undefined) throw new Error(`no vector of ${kind} with ${type}`);
  return { right: found.secret, identifier: { type: type as 'ethereum', path, value } };
}
/** One of the shared vectors that is not valid. */
function invalid(kind: string): string {
  const found = identifiers.cases.find((one) => one.kind === kind && !one.valid);
  if (found === undefined) throw new Error(`no invalid vector of ${kind}`);
  return found.secret;
}
function named<Each extends { readonly name: string }>(cases: readonly Each[], name: string): Each {
  const found = cases.find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`no vector ${name}`);
  return found;
}

const [key, other] = [0, 1].map(() => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey) as [KeyObject, KeyObject];
const pem = (of: KeyObject): string => of.export({ type: 'pkcs8', format: 'pem' }).toString();
const locked = (of: KeyObject): string =>
  of.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSWORD }).toString();
const spki = {
  type: 'spki-sha256' as const,
  path: null,
  value: sha256(createPublicKey(pem(key)).export({ type: 'spki', format: 'der' })),
};
const share = named(slip39.cases, '4.').shares[0] ?? '';

const CASES: Readonly<Record<string, Case>> = {
  'phrase.txt': {
    kind: 'bip39',
    ...vector('bip39', 'bitcoin-p2wpkh', "m/84'/0'/0'/0/0"),
    wrong: [
      ['another wallet’s', 'zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong', 'other-identifier'],
      ['a word changed', invalid('bip39'), 'not-valid'],
    ],
  },
  'share.txt': {
    kind: 'slip39',
    right: share,
    identifier: null,
    wrong: [
      ['two words swapped', share.replace(/^(\w+) (\w+)/, '$2 $1'), 'not-valid'],
      ['a phrase of BIP-39', 'zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong', 'other-kind'],
    ],
  },
  'account.txt': {
    kind: 'xprv',
    ...vector('xprv', 'bitcoin-p2wpkh', 'm/0/0'),
    wrong: [
      ['another tree’s', bip32.cases[0]?.nodes[0]?.xprv ?? '', 'other-identifier'],
      ['a letter changed', invalid('xprv'), 'not-valid'],
    ],
  },
  'wallet.wif': {
    kind: 'wif',
    ...vector('wif', 'bitcoin-p2wpkh', null),
    wrong: [
      ['another key', 'KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU74NMTptX4', 'other-identifier'],
      ['a letter changed', invalid('wif'), 'not-valid'],
    ],
  },
  'key.hex': {
    kind: 'hex-key',
    ...vector('hex-key', 'ethereum', null),
    wrong: [
      ['another key', '2'.padStart(64, '0'), 'other-identifier'],
      ['zero', invalid('hex-key'), 'not-valid'],
    ],
  },
  'key.pem': {
    kind: 'pem-key',
    right: pem(key),
    // Not the one of `locked.pem`, which holds the same key: one secret under two names is a contradiction.
    identifier: { type: 'public-key', path: null, value: compressed(key) },
    wrong: [
      ['another key', pem(other), 'other-identifier'],
      ['a line lost', pem(key).replace(/\n[^-\n]+\n/, '\n'), 'not-valid'],
    ],
  },
  'locked.pem': {
    kind: 'pem-key',
    right: locked(key),
    identifier: spki,
    wrong: [
      ['another key under the same password', locked(other), 'other-identifier'],
      ['the key under none', pem(other), 'other-identifier'],
    ],
  },
  'keystore.json': {
    kind: 'keystore-v3',
    right: named(keystores.cases, 'parity').file,
    identifier: { type: 'ethereum', path: null, value: '0x00a329c0648769A73afAc7F9381E08FB43dBEA72' },
    wrong: [
      ['another account’s', named(keystores.cases, 'ethers1').file, 'other-identifier'],
      ['its proof lost', named(keystores.cases, 'parity').file.replace(/"mac"/, '"mic"'), 'not-valid'],
    ],
  },
  'notes.pdf': {
    kind: 'opaque',
    right: 'whatever this is',
    identifier: null,
    size: { min: 16, max: 16 },
    wrong: [['of another size', 'whatever this was', 'other-size']],
  },
};

describe('a secret of every kind in a ceremony by its plan', () => {
  let room: CeremonyHome;
  const plan = changedPlan((one) => {
    const [wallet] = one.wallets;
    if (wallet === undefined) throw new Error('the plan of this test has a wallet');
    wallet.items = Object.entries(CASES).map(([name, { kind, identifier, size = null }]) => ({
      name,
      kind,
      identifier,
      bip39_passphrase: false,
      size_bytes: size,
      mode: 'envelope',
    }));
    // The second wallet's secret is one of these.
    one.wallets = [wallet];
  });

  /** Every file as planned but one. What waits for its password gets it. */
  async function choose(instead: Readonly<Record<string, string>> = {}): Promise<void> {
    const files = Object.entries(CASES).map(([name, { right }]) => room.secret(name, instead[name] ?? right));
    await room.act('ceremony.choose', { files });
    const waiting = (await room.view()).files.filter(({ needs }) => needs !== null);
    expect(waiting.map(({ name, needs }) => [name, needs])).toEqual(
      instead['locked.pem']?.includes('ENCRYPTED') === false ? [] : [['locked.pem', 'password']],
    );
    for (const { item_id } of waiting) await room.act('ceremony.inspect', { item_id, bip39_passphrase: null, password: PASSWORD });
  }

  beforeAll(async () => {
    room = await CeremonyHome.make();
    await beginByPlan(room, plan);
    await walkByPlan(room, 'secrets');
  });
  afterAll(async () => {
    await room.remove();
  });

  it('has a case here', () => {
    expect([...new Set(Object.values(CASES).map(({ kind }) => kind))].toSorted()).toEqual([...KINDS].toSorted());
  });

  it.each(Object.entries(CASES).flatMap(([name, { wrong }]) => wrong.map((one) => [name, ...one] as const)))(
    '%s, %s: stops where it was chosen',
    async (name, _what, content, code) => {
      await choose({ [name]: content });
      const place = `wallets[0].items[${Object.keys(CASES).indexOf(name).toString()}]`;
      const departures = await openDepartures(room);
      expect(departures.every((one) => one.includes(place))).toBe(true);
      expect(departures.map((one) => one.split(' ')[0])).toContain(code);
      expect(await room.now()).toMatchObject({ step: 'secrets', gate: 'stopped' });
    },
  );

  it('a password that does not open a key file is said to be wrong', async () => {
    await choose();
    const locked = (await room.view()).files.find(({ name }) => name === 'locked.pem');
    expect(
      await room.refusal('ceremony.inspect', { item_id: locked?.item_id, bip39_passphrase: null, password: 'another password' }),
    ).toEqual(['password-wrong']);
  });

  it('as planned reaches the seal, and the ledger keeps what proves it', async () => {
    await choose();
    expect([await openDepartures(room), await room.now()]).toEqual([[], { step: 'secrets', gate: 'open', problem: null }]);
    await room.sign();
    await room.act('ceremony.seal', { mode: 'plan', passphrase: null, send_name: false });
    const { files } = await room.view();
    expect(files.map(({ name, state }) => `${name} ${state}`)).toEqual(Object.keys(CASES).map((name) => `${name} sealed`));
    expect(await room.now()).toMatchObject({ step: 'seal', gate: 'open' });
    const kept = room.ledger((queries) => files.map(({ item_id }) => queries.plannedOfItem(item_id)));
    expect(kept.map((one) => [one?.kind, one?.identifier, one?.departures])).toEqual(
      plan.wallets[0]?.items.map(({ kind, identifier }) => [kind, identifier, []]),
    );
  });
});

/** By node:crypto: the point of a public key in its short form. */
function compressed(of: KeyObject): string {
  const { x = '', y = '' } = createPublicKey(pem(of)).export({ format: 'jwk' });
  const [left, right] = [x, y].map((one) => Buffer.from(one, 'base64url'));
  return `${(right?.at(-1) ?? 0) % 2 === 0 ? '02' : '03'}${left?.toString('hex') ?? ''}`;
}
