import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../values/index.ts';
import type { CeremonyHome } from './home.fixture.ts';
import { WALLET, wordsOf } from './home.fixture.ts';
import { CeremonyElsewhere, headOf, tell } from './ceremony-elsewhere.fixture.ts';

const elsewhere = new CeremonyElsewhere();
const { standIn } = elsewhere;
beforeAll(() => elsewhere.walk());
afterEach(() => elsewhere.tidy());
afterAll(() => elsewhere.remove());
const roomAt = (step: string): CeremonyHome => elsewhere.roomAt(step);
const sent = (path: string): number => elsewhere.sent(path);
const wrong = ([first, second]: { position: number; word: string }[]) => [first, { position: second?.position, word: 'absurdity' }];

/** Another wallet than those of the other copies: the stand-in knows them all. */
async function newUser(room: CeremonyHome): Promise<void> {
  await room.act('ceremony.wallet', { ...WALLET, user_identifier: `user-${newUuid()}` });
  await room.sign();
}

describe('signing in', () => {
  it('wants this environment’s name, however it is spelt', async () => {
    const room = roomAt('sign-in');
    const head = headOf(room);
    for (const typed of ['production', 'rehearsa', '', 'rehearsal.']) {
      expect(await room.refusal('ceremony.environment', { typed })).toEqual(['environment-typed']);
    }
    expect(headOf(room)).toEqual(head);
    const { view } = await room.act('ceremony.environment', { typed: ' Rehearsal ' });
    expect(view.environment_typed).toBe(true);
  });

  it('pins no signing key whose words were not read', async () => {
    const room = roomAt('sign-in');
    const { output } = await room.must('trust.add', { environment: 'rehearsal', source: 'fetch' });
    const fingerprint = (output['confirm'] as { fingerprint: string }[])[0]?.fingerprint ?? '';
    const words = wordsOf(fingerprint);
    expect(await room.refusal('ceremony.signer', { fingerprint, words: wrong(words) })).toEqual(['words-differ']);
    expect(await room.refusal('ceremony.signer', { fingerprint, words: words.slice(1) })).toEqual(['words-missing']);
    // Right words of a key that CoinCover does not publish.
    const other = '0'.repeat(64);
    expect(await room.refusal('ceremony.signer', { fingerprint: other, words: wordsOf(other) })).toEqual(['anchor-differs']);
    expect((await room.view()).anchors).toEqual([]);
    await room.act('ceremony.signer', { fingerprint, words });
    expect(room.ledger((queries) => queries.ceremonyFacts(room.ceremony).find((one) => one.name === 'signer')?.value)).toContain(
      '"basis":"practice"',
    );
    await room.act('ceremony.signer', { fingerprint, words });
    expect(room.ledger((queries) => queries.ceremonyFacts(room.ceremony).find((one) => one.name === 'signer')?.value)).toContain(
      '"basis":"earlier"',
    );
  });

  it('gives no practice key to a stand-in elsewhere, and starts none for it', async () => {
    const room = roomAt('sign-in');
    expect((await room.view()).built_in).toBe(false);
    const head = headOf(room);
    expect(await room.refusal('ceremony.practice-key')).toEqual(['not-a-rehearsal']);
    expect(headOf(room)).toEqual(head);
    expect(readdirSync(room.home)).not.toContain('rehearsal.box');
  });

  it('is void once the API key is gone, and stands again with it', async () => {
    const room = roomAt('seal');
    await room.must('logout', { environment: 'rehearsal' });
    const { steps, now } = await room.view();
    expect(now).toMatchObject({ step: 'sign-in', gate: 'waits' });
    expect(steps.filter((one) => one.status === 'locked')).toHaveLength(9);
    await room.must('login', { environment: 'rehearsal', token: elsewhere.at.token });
    expect((await room.now()).step).toBe('seal');
  });
});

describe('a sign-off', () => {
  it('of anything but what is on screen is refused', async () => {
    const room = roomAt('wallet');
    await room.act('ceremony.wallet', WALLET);
    const good = await room.signOff();
    const head = headOf(room);
    const initials = (administrator: string, witness: string) => [
      { role: 'administrator', initials: administrator },
      { role: 'witness', initials: witness },
    ];
    for (const [change, code] of [
      [{ step: 'assign' }, 'step-not-current'],
      [{ step: 'people' }, 'step-not-current'],
      [{ evidence_sha256: '0'.repeat(64) }, 'evidence-changed'],
      [{ initials: initials('AB', 'AB') }, 'initials-unknown'],
      [{ initials: initials('AB', 'ZZ') }, 'initials-unknown'],
      [{ initials: initials('AB', 'CD').slice(0, 1) }, 'initials-missing'],
      [{ initials: [...initials('AB', 'CD'), { role: 'witness', initials: 'ZZ' }] }, 'initials-unknown'],
      [{ initials: Array<object>(21).fill({ role: 'witness', initials: 'ZZ' }) }, 'input-invalid'],
      [{ initials: initials('', 'CD') }, 'input-invalid'],
    ] as const) {
      expect(await room.refusal('ceremony.sign-off', { ...good, ...change })).toEqual([code]);
    }
    expect(headOf(room)).toEqual(head);
    await room.act('ceremony.wallet', { ...WALLET, user_identifier: 'another' });
    expect(await room.refusal('ceremony.sign-off', good)).toEqual(['evidence-changed']);
    // In lower case, as people type.
    await room.act('ceremony.sign-off', { ...(await room.signOff()), initials: initials('ab', 'cd') });
    expect((await room.now()).step).toBe('assign');
  });
});

describe('the wallet', () => {
  it('is refused where it does not fit together', async () => {
    const room = roomAt('wallet');
    const head = headOf(room);
    for (const [change, code] of [
      [{ typed: 'HOT' }, 'kept-typed'],
      [{ typed: 'cold' }, 'kept-typed'],
      [{ typed: '' }, 'kept-typed'],
      [{ key_environment: 'WARM', typed: 'WARM' }, 'input-invalid'],
      [{ account: 'partner' }, 'partner-needs-organisation'],
      [{ account: 'partner', customer_id: 'c' }, 'partner-needs-organisation'],
      [{ customer_name: 'Acme' }, 'name-without-id'],
      [{ package_name: 'Gold' }, 'name-without-id'],
      [{ user_identifier: '' }, 'input-invalid'],
      [{ user_identifier: 'a\nb' }, 'input-invalid'],
      [{ more: 1 }, 'input-invalid'],
    ] as const) {
      expect([change, await room.refusal('ceremony.wallet', { ...WALLET, ...change })]).toEqual([change, [code]]);
    }
    expect(headOf(room)).toEqual(head);
  });

  it('stands once a key was assigned for it', async () => {
    const room = roomAt('secrets');
    expect(await room.refusal('ceremony.wallet', { ...WALLET, user_identifier: 'other' })).toEqual(['wallet-assigned']);
    expect((await room.now()).step).toBe('secrets');
  });

  it('may be another after CoinCover refused, and then a key is asked for anew', async () => {
    const room = roomAt('assign');
    standIn.setFault('status-409');
    const { view, codes } = await room.act('ceremony.assign');
    expect([codes, view.now?.gate, view.now?.problem]).toEqual([['service-409'], 'settle', 'service-409']);
    standIn.setFault(null);
    const user = `user-${newUuid()}`;
    const changed = await room.act('ceremony.wallet', { ...WALLET, user_identifier: user });
    expect([changed.view.assignment, changed.view.now?.step]).toEqual([null, 'wallet']);
    expect(await room.refusal('ceremony.assign')).toEqual(['step-not-ready']); // the other wallet is not signed off
    await room.sign();
    const again = await room.act('ceremony.assign');
    expect([again.codes, again.view.assignment?.state]).toEqual([[], 'assigned']);
  });
});

describe('the assignment', () => {
  it('is not asked for before the wallet was signed off', async () => {
    const room = roomAt('wallet');
    await room.act('ceremony.wallet', { ...WALLET, user_identifier: `user-${newUuid()}` });
    const asked = sent('/v1/keys');
    expect(await room.refusal('ceremony.assign')).toEqual(['step-not-ready']);
    expect(sent('/v1/keys')).toBe(asked);
    await room.sign();
    await room.act('ceremony.assign');
    expect(sent('/v1/keys')).toBe(asked + 1);
  });

  it('is asked for once, however often the button is pressed', async () => {
    const room = roomAt('assign');
    const asked = sent('/v1/keys');
    await newUser(room);
    await room.act('ceremony.assign');
    await room.restart();
    const { view } = await room.act('ceremony.assign');
    expect(view.assignment?.state).toBe('assigned');
    expect(sent('/v1/keys')).toBe(asked + 1);
  });

  it('waits for the words of the key', async () => {
    const room = roomAt('assign');
    await newUser(room);
    expect(await room.refusal('ceremony.words', { words: wordsOf('0'.repeat(64)) })).toEqual(['step-not-ready']);
    const { view } = await room.act('ceremony.assign');
    const words = wordsOf(view.assignment?.key?.fingerprint ?? '');
    expect(await room.refusal('ceremony.words', { words: wrong(words) })).toEqual(['words-differ']);
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);
    await room.act('ceremony.words', { words });
    expect(await room.now()).toEqual({ step: 'assign', gate: 'open', problem: null });
  });

  it('that is not trusted stops, is in the record, and can be judged again', async () => {
    const room = roomAt('assign');
    await newUser(room);
    standIn.setFault('bad-signature');
    const { view, codes } = await room.act('ceremony.assign');
    expect(codes).toEqual(['signature-invalid']);
    expect([view.now?.gate, view.now?.problem]).toEqual(['stopped', 'signature-invalid']);
    expect(view.assignment?.account_seen).toBe(elsewhere.at.accountId);
    expect(room.exceptions()).toEqual(['The assigned key is not trusted (signature-invalid)']);
    const asked = sent('/v1/keys');
    expect(await room.refusal('ceremony.assign')).toEqual(['signature-invalid']);
    expect(sent('/v1/keys')).toBe(asked);
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);
  });

  it('without a trustworthy answer stays unknown, and is in the record', async () => {
    const room = roomAt('assign');
    await newUser(room);
    standIn.setFault('html-200');
    const { view } = await room.act('ceremony.assign');
    expect([view.assignment?.state, view.now?.gate, view.now?.problem]).toEqual(['unknown', 'settle', 'assignment-unknown-outcome']);
    expect(room.exceptions()).toEqual(['It is not known whether CoinCover assigned a key']);
    standIn.setFault(null);
    const asked = sent('/v1/keys');
    expect(await room.refusal('ceremony.assign')).toEqual(['assignment-unknown-outcome']);
    expect(sent('/v1/keys')).toBe(asked);
    expect(room.exceptions()).toHaveLength(1);
  });

  it('never stands beside another wallet than its own', async () => {
    const room = roomAt('assign');
    await newUser(room);
    standIn.setFault('html-200');
    const { view } = await room.act('ceremony.assign');
    const database = new SqliteDatabase(join(room.home, 'ledger.sqlite'));
    database.exec(
      `CREATE TRIGGER refuses BEFORE INSERT ON ceremony_fact WHEN new.name = 'assignment' BEGIN SELECT RAISE(ABORT, 'refused by the test'); END`,
    );
    await expect(room.act('ceremony.wallet', { ...WALLET, user_identifier: 'another' })).rejects.toThrow('not built as Coldroom builds it');
    database.exec('DROP TRIGGER refuses');
    database.close();
    const { wallet, assignment } = await room.view();
    expect([wallet, assignment]).toEqual([view.wallet, view.assignment]);
  });

  it('that a dead process left under way is unknown, and comes into the record once', async () => {
    const room = roomAt('assign');
    const { view } = await room.act('ceremony.show');
    const assignment = newUuid();
    await tell(room, {
      type: 'assignment-begun',
      data: {
        assignment_id: assignment,
        environment: 'rehearsal',
        environment_id: room.ledger((queries) => queries.requireEnvironment('rehearsal').environment_id),
        account: 'institution',
        user_identifier: view.wallet?.user_identifier ?? '',
        key_environment: 'COLD',
        request: '{}',
        jwks: '{}',
        jwks_fetched_at: '2026-11-24T10:00:00.000Z',
      },
    });
    await tell(room, {
      type: 'ceremony-fact',
      data: { ceremony_id: room.ceremony, step: 'assign', name: 'assignment', value: { assignment_id: assignment } },
    });
    const asked = sent('/v1/keys');
    for (let times = 0; times < 2; times += 1) expect(await room.refusal('ceremony.assign')).toEqual(['assignment-unknown-outcome']);
    expect(sent('/v1/keys')).toBe(asked);
    expect(room.exceptions()).toEqual(['It is not known whether CoinCover assigned a key']);
  });
});
