import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { takeLock } from '../../ledger/index.ts';
import { StandIn } from '../../rehearsal/index.ts';
import { newUuid } from '../../values/index.ts';
import type { CeremonyHome } from './home.fixture.ts';
import { NOW_MS, onePool, WALLET } from './home.fixture.ts';
import { CeremonyElsewhere, headOf, pathOf } from './ceremony-elsewhere.fixture.ts';

const elsewhere = new CeremonyElsewhere();
const { standIn } = elsewhere;
beforeAll(() => elsewhere.walk());
afterEach(() => elsewhere.tidy());
afterAll(() => elsewhere.remove());
const roomAt = (step: string): CeremonyHome => elsewhere.roomAt(step);
const sent = (path: string): number => elsewhere.sent(path);

describe('storing', () => {
  const send = { resolve: null };

  it('is refused before the sealing was signed off', async () => {
    const room = roomAt('seal');
    await room.act('ceremony.seal', { mode: 'auto', passphrase: null, send_name: false });
    const asked = sent('/v1/secure/data');
    expect(await room.refusal('ceremony.store', send)).toEqual(['step-not-ready']);
    expect(sent('/v1/secure/data')).toBe(asked);
    await room.sign();
    expect(await room.refusal('ceremony.store', send)).toEqual([]);
    expect(sent('/v1/secure/data')).toBe(asked + 2);
  });

  it('leaves an outcome that is not known alone until somebody says a word on it', async () => {
    const room = roomAt('store');
    standIn.setFault('drop-after-store', { times: 1 });
    const first = await room.act('ceremony.store', send);
    expect(first.view.files.map((file) => file.state)).toEqual(['unknown', 'stored']);
    expect([first.view.now?.gate, first.view.now?.problem]).toEqual(['settle', 'outcome-unknown']);
    expect(room.exceptions()).toEqual(['The outcome of storing "share-1" is not known']);
    const asked = sent('/v1/secure/data');
    await room.restart();
    const again = await room.act('ceremony.store', send);
    expect([again.codes, again.view.files[0]?.state, sent('/v1/secure/data')]).toEqual([['outcome-unknown'], 'unknown', asked]);
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);

    const item = first.view.files[0]?.item_id ?? '';
    const resent = await room.act('ceremony.store', { resolve: { item_id: item, word: { how: 'resend' } } });
    expect(resent.view.files.map((file) => file.state)).toEqual(['stored', 'stored']);
    expect(sent('/v1/secure/data')).toBe(asked + 1);
    expect(room.exceptions().slice(1)).toEqual(['"share-1" was sent again, accepting that CoinCover may hold two']);
    expect(await room.now()).toEqual({ step: 'store', gate: 'open', problem: null });
  });

  it('believes a backup_id that somebody was told, when CoinCover confirms it', async () => {
    const room = roomAt('store');
    standIn.setFault('drop-after-store', { times: 1 });
    const { view } = await room.act('ceremony.store', send);
    const item = view.files[0]?.item_id ?? '';
    const say = (id: string) => room.act('ceremony.store', { resolve: { item_id: item, word: { how: 'backup-id', backup_id: id } } });
    const stranger = newUuid();
    const refused = await say(stranger);
    expect(refused.view.files[0]?.state).toBe('unknown');
    expect(refused.codes).not.toEqual([]);
    expect(refused.view.now?.gate).toBe('settle');
    expect(
      await room.refusal('ceremony.store', { resolve: { item_id: item, word: { how: 'backup-id', backup_id: view.files[1]?.backup_id } } }),
    ).toEqual(['backup-id-known']);

    const ciphertext = room.ledger((queries) => queries.item(item)?.ciphertext_sha256);
    const held = standIn.held().find((one) => one.ciphertextSha256 === ciphertext)?.backupId ?? '';
    const claimed = await say(held);
    expect(claimed.view.files[0]).toMatchObject({ state: 'stored', backup_id: held });
    expect(room.exceptions()).toContain(`CoinCover is said to hold "share-1" as ${held}`);
    expect(claimed.view.now?.gate).toBe('open');
  });

  it('notes no word on an item that was not in doubt', async () => {
    const room = roomAt('store');
    const item = (await room.view()).files[0]?.item_id ?? '';
    const word = (how: object) => room.refusal('ceremony.store', { resolve: { item_id: item, word: how } });
    expect(await word({ how: 'backup-id', backup_id: newUuid() })).toEqual(['nothing-to-resolve']);
    await room.act('ceremony.store', send);
    const asked = sent('/v1/secure/data');
    expect(await word({ how: 'resend' })).toEqual([]);
    expect([sent('/v1/secure/data'), room.exceptions()]).toEqual([asked, []]);
  });

  it('that was refused can be tried again, and sends only what is not stored', async () => {
    const room = roomAt('store');
    standIn.setFault('status-413', { times: 1 });
    const first = await room.act('ceremony.store', send);
    expect([first.codes, first.view.now?.gate, first.view.now?.problem]).toEqual([['service-413'], 'settle', 'service-413']);
    const asked = sent('/v1/secure/data');
    const second = await room.act('ceremony.store', send);
    expect([second.codes, second.view.now?.gate, sent('/v1/secure/data')]).toEqual([[], 'open', asked + 1]);
  });

  it('stops at another checksum', async () => {
    const room = roomAt('store');
    standIn.setFault('wrong-checksum', { times: 1 });
    const { view, codes } = await room.act('ceremony.store', send);
    expect([codes, view.now?.gate, view.now?.problem]).toEqual([['checksum-differs'], 'stopped', 'checksum-differs']);
    expect((await room.must('item.show', { id: view.files[0]?.item_id })).output).toMatchObject({ checksum: 'differs' });
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);
  });

  it('can be settled from the page of the item, too', async () => {
    const room = roomAt('store');
    standIn.setFault('drop-after-store', { times: 1 });
    const { view } = await room.act('ceremony.store', send);
    const item = view.files[0]?.item_id ?? '';
    expect((await room.must('item.show', { id: item })).output).toMatchObject({ state: 'unknown', backup_id: null, checksum: null });
    const { output } = await room.must('item.settle', { item_id: item, word: { how: 'resend' } });
    expect(output).toEqual({ state: 'stored' });
    const { output: shown } = await room.must('item.show', { id: item });
    expect(shown).toMatchObject({ state: 'stored', checksum: 'matches', backup_check: 'valid', name: 'share-1' });
    // The key was checked for the other item, too.
    expect((shown['history'] as { what: string }[]).map((line) => line.what)).toEqual([
      'key-assigned',
      'sealed',
      'key-checked',
      'key-checked',
      'backup-checked',
      'receipt',
    ]);
    for (const name of ['item.show', 'item.settle'] as const) {
      const input = name === 'item.show' ? { id: newUuid() } : { item_id: newUuid(), word: { how: 'resend' } };
      expect(await room.codes(name, input)).toEqual(['id-unknown']);
    }
    room.withheld = ['rehearsal'];
    expect(await room.codes('ceremony.verify', { ceremony: room.ceremony })).toEqual(['environment-withheld']);
    const asked = standIn.requests.length;
    expect(new Set(await room.codes('verify', { what: { which: 'all' } }))).toEqual(new Set(['environment-withheld']));
    expect(standIn.requests).toHaveLength(asked);
  });
});

describe('verifying', () => {
  it.each([
    ['false-key-verify', 'key-invalid', 'Key verification failed'],
    ['false-backup-verify', 'backup-invalid', 'Backup verification failed'],
  ] as const)('stops at %s, however often it is asked, and notes it once', async (fault, problem, text) => {
    const room = roomAt('verify');
    standIn.setFault(fault);
    for (let times = 0; times < 2; times += 1) {
      const { view } = await room.act('ceremony.verify');
      expect([view.now?.step, view.now?.gate, view.now?.problem]).toEqual(['verify', 'stopped', problem]);
    }
    expect(room.exceptions()).toEqual([text]);
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);
    standIn.setFault(null);
    await room.act('ceremony.verify');
    expect(await room.now()).toEqual({ step: 'verify', gate: 'open', problem: null });
    expect(room.exceptions()).toEqual([text]); // what was noted stays
  });

  it('asks no other hosts than those that assigned the key, and keeps nothing that they would say', async () => {
    const room = roomAt('verify');
    const other = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
    try {
      await room.signInElsewhere(await other.listen());
      const before = headOf(room);
      expect(await room.refusal('ceremony.verify')).toEqual(['environment-changed']);
      expect(headOf(room)).toEqual(before);
      expect(other.requests).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('is amber for what is held offline', async () => {
    const room = roomAt('verify');
    standIn.setFault('cold-not-checkable');
    const { view } = await room.act('ceremony.verify');
    expect([view.now?.gate, view.key_check, ...view.files.map((file) => file.backup_check)]).toEqual([
      'open',
      ...Array<string>(3).fill('not-checkable'),
    ]);
  });
});

describe('anything unusual', () => {
  it('is written down by somebody who is there', async () => {
    const room = roomAt('wallet');
    expect(await room.refusal('ceremony.exception', { text: 'the lamp broke', initials: 'ZZ' })).toEqual(['initials-unknown']);
    expect(await room.refusal('ceremony.exception', { text: '', initials: 'AB' })).toEqual(['input-invalid']);
    expect(await room.refusal('ceremony.exception', { text: 'x'.repeat(1001), initials: 'AB' })).toEqual(['input-invalid']);
    const { view } = await room.act('ceremony.exception', { text: 'the lamp broke', initials: 'cd' });
    expect(view.exceptions).toMatchObject([{ step: 'wallet', text: 'the lamp broke', initials: 'CD' }]);
  });

  it('ends a ceremony with a reason, and its stand-in elsewhere keeps its API key', async () => {
    const room = roomAt('verify');
    expect(await room.refusal('ceremony.escalate', { reason: '' })).toEqual(['input-invalid']);
    const { view } = await room.act('ceremony.escalate', { reason: 'the paper order differs', initials: 'AB' });
    expect(view).toMatchObject({ state: 'escalated', reason: 'the paper order differs', now: null, has_token: true });
    expect(view.steps.filter((one) => one.status === 'done')).toHaveLength(8);
    expect((await room.must('ledger.check', {})).output).toMatchObject({ ok: true });
  });
});

describe('recovery and saving', () => {
  it('cannot be recovered before it is stored, and a stand-in elsewhere releases nothing', async () => {
    const room = roomAt('store');
    expect(await room.refusal('ceremony.recover', { passphrase: null })).toEqual(['step-not-ready']);
    await room.act('ceremony.store', { resolve: null });
    await room.sign();
    await room.sign();
    const { view } = await room.act('ceremony.recover', { passphrase: null });
    expect(view.now).toMatchObject({ step: 'recover', gate: 'open' });
    expect(view.now?.checks.map((one) => one.result)).toEqual(['amber']);
  });

  it('saves each document once, byte for byte', async () => {
    const room = roomAt('verify');
    const folder = join(room.folder, 'saved');
    expect((await room.act('ceremony.save', { folder })).output).toEqual({ written: 5, already_there: 0 });
    expect((await room.act('ceremony.save', { folder })).output).toEqual({ written: 0, already_there: 5 });
    for (const name of readdirSync(folder)) {
      const { output } = await room.must('check', { file: join(folder, name) });
      expect(output).toMatchObject({ ok: true, signer_known: true });
    }
    rmSync(folder, { recursive: true });
  });

  it('goes into an export with its exceptions, and without the secrets’ folders', async () => {
    const room = roomAt('verify');
    await room.act('ceremony.exception', { text: 'the lamp broke', initials: 'AB' });
    const out = join(room.folder, 'ledger.json');
    await room.must('ledger.export', { format: 'json', out });
    const text = readFileSync(out, 'utf8');
    expect(text).toContain('the lamp broke');
    expect(text).toContain('share-1');
    expect(text).not.toContain(dirname(pathOf(room, 'share-1')));
    expect(text).not.toContain(room.ledger((queries) => queries.documentText(queries.documents()[0]?.document_id ?? '')) ?? '?');
  });

  it('answers the checklist whole, and notes each open point once', async () => {
    const room = roomAt('verify');
    const answers = (await room.view()).checklist.map(({ id }) => ({ id, yes: id !== 'recovery-people' }));
    expect(await room.refusal('ceremony.checklist', { answers: answers.slice(1) })).toEqual(['checklist-incomplete']);
    expect(await room.refusal('ceremony.checklist', { answers: [...answers, { id: 'more', yes: true }] })).toEqual([
      'checklist-incomplete',
    ]);
    expect(await room.refusal('ceremony.checklist', { answers: [...answers.slice(1), answers[1]] })).toEqual(['checklist-incomplete']);
    await room.act('ceremony.checklist', { answers });
    await room.act('ceremony.checklist', { answers });
    expect(room.exceptions()).toEqual(['Open point: recovery-people']);
  });
});

describe('two windows on one ceremony', () => {
  it('ask for one key, whichever is first', async () => {
    const room = roomAt('wallet');
    await room.act('ceremony.wallet', { ...WALLET, user_identifier: 'wallet-of-two-windows' });
    await room.sign();
    const before = sent('/v1/keys');
    const both = await Promise.all([room.act('ceremony.assign'), room.act('ceremony.assign')]);
    expect(sent('/v1/keys')).toBe(before + 1);
    expect(both.map(({ view, codes }) => [view.assignment?.state, view.assignment?.assignment_id, codes])).toEqual([
      ['assigned', both[0].view.assignment?.assignment_id, []],
      ['assigned', both[0].view.assignment?.assignment_id, []],
    ]);
  });

  it('put one set of initials under a step', async () => {
    const room = roomAt('secrets');
    await room.act('ceremony.choose', { files: [room.secret('share-1')] });
    const signOff = await room.signOff();
    const both = await Promise.all([room.refusal('ceremony.sign-off', signOff), room.refusal('ceremony.sign-off', signOff)]);
    expect(both.toSorted()).toEqual([[], ['step-not-current']]);
  });

  it('wait a little for each other, then say so', async () => {
    const room = roomAt('secrets');
    const release = takeLock(join(room.home, 'locks', `ceremony-${room.ceremony}.lock`), 0);
    const files = [room.secret('share-1')];
    expect(await room.refusal('ceremony.choose', { files })).toEqual(['ceremony-under-way']);
    release?.();
    expect(await room.refusal('ceremony.choose', { files })).toEqual([]);
  });
});
