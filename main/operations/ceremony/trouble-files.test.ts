import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, sha256 } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { runOperation, type CeremonyView } from '../index.ts';
import type { CeremonyHome } from './home.fixture.ts';
import { CANARY } from './home.fixture.ts';
import { CeremonyElsewhere, headOf, pathOf } from './ceremony-elsewhere.fixture.ts';

const elsewhere = new CeremonyElsewhere();
beforeAll(() => elsewhere.walk());
afterEach(() => elsewhere.tidy());
afterAll(() => elsewhere.remove());
const roomAt = (step: string): CeremonyHome => elsewhere.roomAt(step);

describe('choosing files', () => {
  it('refuses what cannot be sealed, by name alone, and keeps what was chosen before', async () => {
    const room = roomAt('secrets');
    const good = room.secret('good');
    await room.act('ceremony.choose', { files: [good] });
    const folder = join(room.folder, 'secrets', 'folder');
    mkdirSync(folder);
    const linked = join(room.folder, 'secrets', 'loop');
    symlinkSync(linked, linked);
    const head = headOf(room);
    for (const [files, code] of [
      [[join(room.folder, 'secrets', 'missing')], 'file-missing'],
      [[linked], 'file-missing'],
      [[folder], 'file-not-regular'],
      [['/dev/null'], 'file-not-regular'],
      [[room.secret('empty', '')], 'secret-empty'],
      [[room.secret('too-large', Buffer.alloc(10_485_760, 1))], 'sealed-too-large'],
      [[good, good], 'file-twice'],
      [[good, join(room.folder, 'secrets', 'missing')], 'file-missing'],
    ] as const) {
      expect([files, await room.refusal('ceremony.choose', { files })]).toEqual([files, [code]]);
      await expect(room.act('ceremony.choose', { files })).rejects.toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(room.folder) as string }),
      );
    }
    expect(headOf(room)).toEqual(head);
    expect((await room.view()).files.map((file) => file.name)).toEqual(['good']);
  });

  it('shows what each size is sealed as, and the modes that hold all of them', async () => {
    const room = roomAt('secrets');
    const files = [410, 411, 446, 447].map((size) => room.secret(`s${size.toString()}`, Buffer.alloc(size, 1)));
    const modesOf = async (...chosen: (string | undefined)[]) => (await room.act('ceremony.choose', { files: chosen })).view.modes;
    expect(await modesOf(files[0])).toEqual(['direct', 'passphrase', 'envelope', 'envelope+passphrase']);
    expect(await modesOf(files[1])).toEqual(['direct', 'envelope', 'envelope+passphrase']);
    expect(await modesOf(files[2])).toEqual(['direct', 'envelope', 'envelope+passphrase']);
    expect(await modesOf(files[0], files[3])).toEqual(['envelope', 'envelope+passphrase']);
    expect((await room.view()).files.map((file) => file.recommended)).toEqual(['direct', 'envelope']);
  });

  it('takes a choice back, and a file that was sealed but never sent', async () => {
    const room = roomAt('store');
    const { view } = await room.act('ceremony.choose', { files: [] });
    expect([view.now?.step, view.now?.gate, view.files]).toEqual(['secrets', 'waits', []]);
    await room.act('ceremony.choose', { files: [room.secret('other')] });
    await room.sign();
    expect(await room.now()).toMatchObject({ step: 'seal', gate: 'waits' });
  });

  it('takes a folder as every file in it, and one with anything else not at all', async () => {
    const room = roomAt('secrets');
    const folder = join(room.folder, 'whole');
    mkdirSync(folder);
    expect(await room.refusal('ceremony.choose', { files: [], folder })).toEqual(['folder-empty']);
    for (const name of ['b', '.a']) writeFileSync(join(folder, name), 'a phrase');
    expect((await room.act('ceremony.choose', { files: [], folder })).view.files.map((file) => file.name)).toEqual(['.a', 'b']);
    expect(await room.refusal('ceremony.choose', { files: [room.secret('s')], folder })).toEqual(['input-invalid']);
    expect(await room.refusal('ceremony.choose', { files: [], made_up: true, folder })).toEqual(['input-invalid']);
    mkdirSync(join(folder, 'more'));
    expect(await room.refusal('ceremony.choose', { files: [], folder })).toEqual(['folder-not-plain']);
  });

  it('takes a thousand files as one step: a count, and one digest of the list to sign', async () => {
    const room = roomAt('secrets');
    const folder = join(room.folder, 'whole');
    mkdirSync(folder);
    const names = Array.from({ length: 1000 }, (_, n) => `wallet-${n.toString().padStart(4, '0')}`);
    for (const name of names) writeFileSync(join(folder, name), `${name} `.repeat(30));
    const factOf = (now: CeremonyView['now'], fact: string) => now?.facts.find((one) => one.name === fact)?.value;
    const { view } = await room.act('ceremony.choose', { files: [], folder });
    expect(factOf(view.now, 'files')).toBe('1000 files');
    expect(factOf(view.now, 'file-list')).toBe(sha256(canonicalJson(names.map((name) => ({ name, size_bytes: 360 })))));
    await room.sign();
    const sealed = await room.act('ceremony.seal', { mode: 'auto', passphrase: null, send_name: false });
    expect(sealed.codes).toEqual([]);
    expect(sealed.view.files.every((file) => file.state === 'sealed')).toBe(true);
    const digests = room.ledger((queries) => sealed.view.files.map((file) => queries.item(file.item_id)?.ciphertext_sha256 ?? ''));
    expect(new Set(digests).size).toBe(1000);
    expect(factOf(sealed.view.now, 'ciphertexts')).toBe(sha256(canonicalJson(digests)));
    await room.sign();
  });

  it('seals the rest after it was cancelled between two files', async () => {
    const room = roomAt('secrets');
    const chosen = await room.act('ceremony.choose', { files: ['a', 'b', 'c'].map((name) => room.secret(name)) });
    await room.sign();
    const cancel = new AbortController();
    const context: OperationContext = {
      ...room.context(),
      signal: cancel.signal,
      onProgress: ({ subject, done }) => {
        if (subject === 'b' && done > 0) cancel.abort();
      },
    };
    const seal = { ceremony: room.ceremony, mode: 'auto', passphrase: null, send_name: false };
    const { problems } = await runOperation('ceremony.seal', context, seal);
    expect(problems.map((one) => one.code)).toEqual(['sealing-cancelled']);
    const { view } = await room.act('ceremony.seal', { mode: 'auto', passphrase: null, send_name: false });
    expect(view.files.map((file) => file.state)).toEqual(['sealed', 'sealed', 'sealed']);
    expect(view.files.map((file) => file.item_id)).toEqual(chosen.view.files.map((file) => file.item_id));
    const sealedEvents = room.ledger((_, ledger) => [...ledger.events()].filter((event) => event.type === 'item-sealed'));
    expect(sealedEvents).toHaveLength(3);
  });

  it('is over once something was sent', async () => {
    const room = roomAt('verify');
    const head = headOf(room);
    expect(await room.refusal('ceremony.choose', { files: [room.secret('late')] })).toEqual(['files-sent']);
    expect(await room.refusal('ceremony.choose', { files: [] })).toEqual(['files-sent']);
    expect(headOf(room)).toEqual(head);
  });
});

describe('sealing', () => {
  const auto = { mode: 'auto', passphrase: null, send_name: false };

  it('is refused before the files were signed off', async () => {
    const room = roomAt('secrets');
    expect(await room.refusal('ceremony.seal', auto)).toEqual(['step-not-ready']);
    await room.act('ceremony.choose', { files: [room.secret('s')] });
    expect(await room.refusal('ceremony.seal', auto)).toEqual(['step-not-ready']);
    expect((await room.view()).files.map((file) => file.state)).toEqual(['chosen']);
  });

  it('is refused with a passphrase too few, too many, or of no use', async () => {
    const room = roomAt('seal');
    const head = headOf(room);
    for (const [mode, passphrase, code] of [
      ['passphrase', null, 'passphrase-needed'],
      ['envelope+passphrase', null, 'passphrase-needed'],
      ['direct', 'x', 'passphrase-not-needed'],
      ['envelope', 'x', 'passphrase-not-needed'],
      ['auto', 'x', 'passphrase-not-needed'],
      ['passphrase', '', 'passphrase-empty'],
      ['passphrase', 'two\nlines', 'passphrase-characters'],
      ['passphrase', 'x'.repeat(1025), 'input-invalid'],
      ['cms', null, 'input-invalid'],
    ] as const) {
      expect([mode, code, await room.refusal('ceremony.seal', { mode, passphrase, send_name: false })]).toEqual([mode, code, [code]]);
    }
    expect(headOf(room)).toEqual(head);
  });

  it('goes on where it was cut off, under the ids that were noted, and waits for the last file', async () => {
    const room = roomAt('seal');
    const chosen = (await room.view()).files;
    const gone = pathOf(room, 'share-2');
    renameSync(gone, `${gone}.away`);
    const first = await room.act('ceremony.seal', { mode: 'passphrase', passphrase: `${CANARY} Vexing-9 jolt`, send_name: false });
    expect(first.codes).toEqual(['file-missing']);
    expect(first.view.files.map((file) => file.state)).toEqual(['sealed', 'chosen']);
    expect(first.view.now).toMatchObject({ step: 'seal', gate: 'waits' });
    renameSync(`${gone}.away`, gone);
    await room.restart();
    const documents = () => room.ledger((queries) => queries.documents().map((one) => one.document_id));
    const kept = documents();
    const second = await room.act('ceremony.seal', { mode: 'passphrase', passphrase: `${CANARY} Vexing-9 jolt`, send_name: false });
    expect(second.codes).toEqual([]);
    expect(second.view.files.map((file) => [file.item_id, file.state, file.mode])).toEqual(
      chosen.map((file) => [file.item_id, 'sealed', 'passphrase']),
    );
    expect(documents().slice(0, kept.length)).toEqual(kept);
    expect(documents()).toHaveLength(kept.length + 1);
    expect(second.view.now?.gate).toBe('open');
  });

  it('tells how far it is', async () => {
    const room = roomAt('seal');
    const [first, second] = (await room.view()).files.map((file) => file.size_bytes);
    const total = (first ?? 0) + (second ?? 0);
    await room.act('ceremony.seal', auto);
    expect(room.progress.map(({ step, done, total: of }) => [step, done, of])).toEqual([
      ['seal', 0, total],
      ['seal', first, total],
      ['seal', first, total],
      ['seal', total, total],
    ]);
  });
});

describe('a file that changes between the choice and the seal', () => {
  it('is not sealed in place of the one that was signed for, and can be chosen again', async () => {
    const room = roomAt('secrets');
    const files = [room.secret('share-1'), room.secret('share-2')];
    await room.act('ceremony.choose', { files });
    await room.sign();
    room.secret('share-2', `${CANARY} and something more`);
    const auto = { mode: 'auto', passphrase: null, send_name: false };
    const { view, codes } = await room.act('ceremony.seal', auto);
    expect(codes).toEqual(['secret-changed']);
    expect(view.files.map((file) => file.state)).toEqual(['sealed', 'chosen']);
    const again = await room.act('ceremony.choose', { files });
    expect(again.view.now).toMatchObject({ step: 'secrets', gate: 'open' });
    await room.sign();
    expect((await room.act('ceremony.seal', auto)).codes).toEqual([]);
  });
});
