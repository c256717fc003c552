import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMessage, encrypt, readKey } from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CeremonyHome, WORK } from './home.fixture.ts';

const PAIR_PASSPHRASE = 'canary-4711 of the pair';
const SECRET_PASSPHRASE = 'canary-4711 of the secret, 12 words or so';
const WIPE = ['recovered-file-placed', 'pair-destroyed', 'packages-destroyed', 'key-replaced'];

/** A rehearsal up to its stored backups, left open: one secret sealed under a passphrase, one not. */
async function withBackups(mode: string): Promise<CeremonyHome> {
  const room = await CeremonyHome.make();
  await room.begin();
  for (const { step, work } of WORK) {
    if (step === 'seal')
      await room.act('ceremony.seal', { mode, passphrase: mode === 'auto' ? null : SECRET_PASSPHRASE, send_name: false });
    else await work(room);
    await room.sign();
  }
  return room;
}

/** The items of the backups, by the names of their files. */
const itemsOf = (room: CeremonyHome): string[] =>
  room
    .ledger((queries) => queries.backups().map((one) => ({ id: one.item_id, name: queries.item(one.item_id)?.name ?? '' })))
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(({ id }) => id);

/** From a step to the step `until`, which is left to do. */
async function walk(room: CeremonyHome, until: string, from = 'people'): Promise<void> {
  const at = (...names: string[]) => join(room.folder, ...names);
  const works: Readonly<Record<string, () => Promise<unknown>>> = {
    people: async () => WORK[0]?.work(room),
    'self-test': async () => WORK[1]?.work(room),
    backups: () => room.act('ceremony.recovering', { items: itemsOf(room), reason: 'a drill' }),
    request: async () => {
      await room.act('ceremony.request-key', {
        type: 'curve25519',
        passphrase: PAIR_PASSPHRASE,
        out_private: at('pair.asc'),
        folder: at('request'),
      });
      await room.act('ceremony.request-played', { folder: at('released') });
    },
    released: () => room.act('ceremony.packages', openWith(room)),
    result: () => room.act('ceremony.get-back', getBack(room)),
    wipe: () => room.act('ceremony.wiped', { answers: WIPE.map((id) => ({ id, yes: true })) }),
  };
  const all = Object.entries(works);
  for (const [step, work] of all.slice(all.findIndex(([step]) => step === from))) {
    expect((await room.now()).step).toBe(step);
    if (step === until) return;
    await work();
    expect(await room.now()).toMatchObject({ step, gate: 'open' });
    await room.sign();
  }
}

const packagesOf = (room: CeremonyHome) => readdirSync(join(room.folder, 'released')).map((name) => join(room.folder, 'released', name));
const openWith = (room: CeremonyHome, more: object = {}) => ({
  packages: packagesOf(room),
  openpgp_key: join(room.folder, 'pair.asc'),
  passphrase: PAIR_PASSPHRASE,
  ...more,
});
const getBack = (room: CeremonyHome, more: object = {}) => ({
  openpgp_passphrase: PAIR_PASSPHRASE,
  key_passphrase: null,
  passphrase: null,
  folder: join(room.folder, 'back'),
  ...more,
});

describe('a recovery that is rehearsed, from the request to the secret', () => {
  let room: CeremonyHome;
  let backup = '';
  beforeAll(async () => {
    room = await withBackups('auto');
    backup = room.ceremony;
    await room.begin('recovery');
  });
  afterAll(async () => {
    await room.remove();
  });

  it('begins beside the rehearsal whose backups it is of', async () => {
    await walk(room, 'request');
    const { recovery } = await room.view();
    expect(recovery).toMatchObject({ reason: 'a drill', request: null, raised: null, found: [], asks: { key: false, secret: false } });
    expect(recovery?.backups).toHaveLength(2);
  });

  it('takes only backups of one key and of its own environment', async () => {
    const none = { items: ['00000000-0000-4000-8000-000000000000'], reason: 'x' };
    expect(await room.refusal('ceremony.recovering', none)).toEqual(['recovery-backup-unknown']);
    expect(await room.refusal('ceremony.recovering', { items: [], reason: 'x' })).toEqual(['input-invalid']);
  });

  it('makes the pair, whose private half leaves once under its passphrase, and the text of the request', async () => {
    const key = {
      type: 'curve25519',
      passphrase: PAIR_PASSPHRASE,
      out_private: join(room.folder, 'pair.asc'),
      folder: join(room.folder, 'request'),
    };
    expect(await room.refusal('ceremony.request-key', { ...key, passphrase: '' })).toEqual(['passphrase-empty']);
    expect(await room.refusal('ceremony.request-raised', { reference: 'case 1' })).toEqual(['step-not-ready']);
    expect(existsSync(key.out_private)).toBe(false);
    const { view } = await room.act('ceremony.request-key', key);
    const { request } = view.recovery ?? { request: null };
    expect(request?.words).toHaveLength(20);
    const [publicName = '', textName = ''] = readdirSync(key.folder).toSorted();
    expect([publicName, textName]).toEqual(['recovery-2-public-key.asc', 'recovery-2-request.txt']);
    const text = readFileSync(join(key.folder, textName), 'utf8');
    expect(text).toBe(request?.text);
    for (const id of room.ledger((queries) => queries.backups().map((one) => one.backup_id))) expect(text).toContain(id);
    expect(text).toContain((request?.fingerprint ?? '').replace(/(.{4})(?=.)/g, '$1 '));
    expect(text.startsWith('REHEARSAL')).toBe(true);
    expect(readFileSync(key.out_private, 'utf8')).toContain('BEGIN PGP PRIVATE KEY BLOCK');
    if (process.platform !== 'win32') expect(statSync(key.out_private).mode & 0o777).toBe(0o600);
    // Never over a file that is there, and then nothing of the three is written.
    expect(await room.refusal('ceremony.request-key', { ...key, folder: join(room.folder, 'other') })).toEqual(['output-exists']);
    expect(readdirSync(join(room.folder, 'other'))).toEqual([]);
    // Another one is an exception: the first has left Coldroom.
    await room.act('ceremony.request-key', { ...key, out_private: join(room.folder, 'pair-2.asc'), folder: join(room.folder, 'other') });
    expect(room.exceptions()).toEqual(['Another OpenPGP pair was made; the one before was not used']);
    renameSync(join(room.folder, 'pair-2.asc'), key.out_private);
  });

  it('is played by the stand-in, and not asked for with another pair then', async () => {
    expect(await room.now()).toMatchObject({ step: 'request', gate: 'waits' });
    await room.act('ceremony.request-played', { folder: join(room.folder, 'released') });
    expect(packagesOf(room)).toHaveLength(3);
    expect(await room.now()).toMatchObject({ step: 'request', gate: 'open' });
    const key = { type: 'curve25519', passphrase: 'x', out_private: join(room.folder, 'p'), folder: join(room.folder, 'f') };
    expect(await room.refusal('ceremony.request-key', key)).toEqual(['request-raised']);
    await room.sign();
  });

  it('opens the packages after the app was killed, and says what each holds', async () => {
    await room.restart();
    expect(await room.refusal('ceremony.get-back', getBack(room))).toEqual(['step-not-ready']);
    expect(await room.refusal('ceremony.packages', openWith(room, { passphrase: 'another' }))).toEqual(['openpgp-passphrase-wrong']);
    expect((await room.view()).recovery?.tries_left).toBe(2);
    const [, ...withoutKey] = packagesOf(room).toSorted((a, b) => Number(b.includes('private')) - Number(a.includes('private')));
    expect(await room.refusal('ceremony.packages', openWith(room, { packages: withoutKey }))).toEqual(['recover-private-key-missing']);
    // What is missing is no wrong passphrase.
    expect((await room.view()).recovery?.tries_left).toBe(2);
    const { view } = await room.act('ceremony.packages', openWith(room));
    expect(view.recovery?.found.map(({ what }) => what).toSorted()).toEqual(['ciphertext', 'ciphertext', 'private-key']);
    expect(view.now?.checks.map(({ id, result }) => [id, result])).toEqual([
      ['packages-opened', 'passed'],
      ['private-key-released', 'passed'],
      ['backups-released', 'passed'],
    ]);
    // Another backup of somebody's is named, and so is one of ours that was not released.
    const other = join(room.folder, 'released', 'other.asc');
    const armored: unknown = await encrypt({
      message: await createMessage({ binary: new Uint8Array(512).fill(7) }),
      encryptionKeys: (
        await readKey({ armoredKey: readFileSync(join(room.folder, 'other', 'recovery-2-public-key.asc'), 'utf8') })
      ).toPublic(),
    });
    writeFileSync(other, String(armored));
    const few = await room.act(
      'ceremony.packages',
      openWith(room, { packages: [packagesOf(room).find((one) => one.includes('private')), other] }),
    );
    expect(few.view.now?.checks.map(({ id, result }) => [id, result]).slice(2)).toEqual([
      ['backups-released', 'amber'],
      ['other-backups', 'amber'],
    ]);
    expect(few.view.now?.checks.find(({ id }) => id === 'backups-released')?.rests_on).toContain('2 not released');
    await room.sign();
  });

  it('gives the very bytes back, private, and over nothing', async () => {
    const back = join(room.folder, 'back');
    expect(await room.refusal('ceremony.get-back', getBack(room, { openpgp_passphrase: 'x' }))).toEqual(['openpgp-passphrase-wrong']);
    expect((await room.view()).recovery?.tries_left).toBe(2);
    expect(readdirSync(back)).toEqual([]);
    writeFileSync(join(back, 'share-2'), 'kept');
    writeFileSync(join(back, '.share-1.7fffffff89abcdef.tmp'), 'what a recovery that was killed left');
    expect((await room.act('ceremony.get-back', getBack(room))).codes).toEqual(['output-exists']);
    expect(readFileSync(join(back, 'share-2'), 'utf8')).toBe('kept');
    expect(readdirSync(back)).toEqual(['share-1', 'share-2']);
    // What came back stays noted; the rest goes on elsewhere.
    const { view, codes } = await room.act('ceremony.get-back', getBack(room, { folder: join(room.folder, 'rest') }));
    expect(codes).toEqual([]);
    expect(view.recovery?.recovered.map(({ name, same }) => [name, same])).toEqual([
      ['share-1', true],
      ['share-2', true],
    ]);
    for (const [folder, name] of [
      ['back', 'share-1'],
      ['rest', 'share-2'],
    ] as const) {
      const path = join(room.folder, folder, name);
      expect(readFileSync(path).equals(readFileSync(join(room.folder, 'secrets', name)))).toBe(true);
      if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    expect(await room.now()).toEqual({ step: 'result', gate: 'open', problem: null });
    await room.sign();
  });

  it('asks what became of it all, keeps open points, and closes with a report', async () => {
    expect(await room.refusal('ceremony.wiped', { answers: [{ id: WIPE[0], yes: true }] })).toEqual(['checklist-incomplete']);
    await room.act('ceremony.wiped', { answers: WIPE.map((id) => ({ id, yes: id !== 'key-replaced' })) });
    expect(room.exceptions().at(-1)).toBe('Open point: key-replaced');
    await room.sign();
    expect((await room.now()).step).toBe('close');
    expect((await room.sign()).state).toBe('closed');
    const { output } = await room.must('ceremony.report', { ceremony: room.ceremony, out: join(room.folder, 'report.json') });
    expect(output['file']).toBe(join(room.folder, 'report.json'));
    await room.must('ledger.export', { out: join(room.folder, 'export.json') });
    // Where packages, pair and files lie stays at the station; what was found is told.
    for (const name of ['report.json', 'export.json']) {
      const text = readFileSync(join(room.folder, name), 'utf8');
      expect([name, text.includes(room.folder), text.includes('private-key.pem.asc')]).toEqual([name, false, true]);
    }
    // The stand-in goes on: the rehearsal whose backups these are is still open.
    room.ceremony = backup;
    expect((await room.view()).built_in).toBe(true);
  });

  it('leaves no passphrase and no secret in the ledger', () => {
    for (const name of readdirSync(room.home).filter((one) => one.startsWith('ledger'))) {
      const bytes = readFileSync(join(room.home, name));
      expect([name, bytes.includes('canary-4711'), bytes.includes('BEGIN PRIVATE KEY')]).toEqual([name, false, false]);
    }
  });
});

describe('a recovery of what was sealed under a passphrase', () => {
  let room: CeremonyHome;
  beforeAll(async () => {
    room = await withBackups('passphrase');
    await room.begin('recovery');
    await walk(room, 'result');
  });
  afterAll(async () => {
    await room.remove();
  });

  it('asks for it, and comes back with the right one', async () => {
    const fork = room.fork();
    for (const name of ['pair.asc', 'released']) expect(existsSync(join(room.folder, name))).toBe(true);
    try {
      expect((await fork.view()).recovery?.asks).toEqual({ key: false, secret: true, bip39: false });
      expect((await fork.act('ceremony.get-back', getBack(fork))).codes).toEqual(['passphrase-needed']);
      expect((await fork.view()).recovery?.tries_left).toBe(3);
      expect((await fork.act('ceremony.get-back', getBack(fork, { passphrase: SECRET_PASSPHRASE }))).codes).toEqual([]);
      expect(await fork.now()).toMatchObject({ gate: 'open' });
      expect(readFileSync(join(fork.folder, 'back', 'share-1')).equals(readFileSync(join(room.folder, 'secrets', 'share-1')))).toBe(true);
    } finally {
      await fork.remove();
    }
  });

  it('ends the step after three wrong ones, and then opens with no other', async () => {
    for (const left of [2, 1, 0]) {
      expect((await room.act('ceremony.get-back', getBack(room, { passphrase: `wrong ${left.toString()}` }))).codes).toEqual([
        'box-cannot-open',
      ]);
      expect((await room.view()).recovery?.tries_left).toBe(left);
    }
    expect(await room.now()).toEqual({ step: 'result', gate: 'stopped', problem: 'recovery-tries-spent' });
    expect(await room.refusal('ceremony.get-back', getBack(room, { passphrase: SECRET_PASSPHRASE }))).toEqual(['recovery-tries-spent']);
    expect(readdirSync(join(room.folder, 'back'))).toEqual([]);
    expect((await room.act('ceremony.escalate', { reason: 'nobody knows it', initials: 'AB' })).view.state).toBe('escalated');
  });
});

describe('a private key that was released under a passphrase of its own', () => {
  const rsa = createPrivateKey(readFileSync(join(import.meta.dirname, '../../../test/vectors/rsa4096-a.key.pem')));
  let room: CeremonyHome;
  beforeAll(async () => {
    room = await withBackups('auto');
    await room.begin('recovery');
    await walk(room, 'released');
  });
  afterAll(async () => {
    await room.remove();
  });

  async function packageOf(name: string, content: string): Promise<string> {
    const [publicName = ''] = readdirSync(join(room.folder, 'request')).filter((one) => one.endsWith('public-key.asc'));
    const publicKey = (await readKey({ armoredKey: readFileSync(join(room.folder, 'request', publicName), 'utf8') })).toPublic();
    const message = await createMessage({ binary: new Uint8Array(Buffer.from(content)) });
    const armored: unknown = await encrypt({ message, encryptionKeys: publicKey });
    writeFileSync(join(room.folder, name), String(armored));
    return join(room.folder, name);
  }
  const pem = (key: KeyObject, passphrase: string | null) =>
    (passphrase === null
      ? key.export({ format: 'pem', type: 'pkcs8' })
      : key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase })
    ).toString();

  it('is refused where it is another key’s, and counts as no wrong passphrase', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey;
    const files = [await packageOf('other.asc', pem(other, null))];
    expect(await room.refusal('ceremony.packages', openWith(room, { packages: files }))).toEqual(['private-key-differs']);
    expect((await room.view()).recovery?.tries_left).toBe(3);
  });

  it('is asked for, opens with the right passphrase, and this station’s own copies of the backups come back', async () => {
    const files = [await packageOf('locked.asc', pem(rsa, `${PAIR_PASSPHRASE} 2`))];
    await room.act('ceremony.packages', openWith(room, { packages: files }));
    await room.sign();
    expect((await room.view()).recovery).toMatchObject({ asks: { key: true, secret: false }, found: [{ what: 'encrypted-private-key' }] });
    expect((await room.act('ceremony.get-back', getBack(room))).codes).toEqual(['private-key-encrypted']);
    expect((await room.act('ceremony.get-back', getBack(room, { key_passphrase: 'wrong' }))).codes).toEqual([
      'private-key-passphrase-wrong',
    ]);
    expect((await room.view()).recovery?.tries_left).toBe(2);
    expect((await room.act('ceremony.get-back', getBack(room, { key_passphrase: `${PAIR_PASSPHRASE} 2` }))).codes).toEqual([]);
    expect(readFileSync(join(room.folder, 'back', 'share-2')).equals(readFileSync(join(room.folder, 'secrets', 'share-2')))).toBe(true);
  });
});

describe('the stand-in of a rehearsal', () => {
  it('stays while a recovery needs it, through a restart, and goes with the last of both', async () => {
    const room = await withBackups('auto');
    try {
      const backup = room.ceremony;
      await room.begin('recovery');
      await walk(room, 'backups');
      const recovery = room.ceremony;
      room.ceremony = backup;
      await room.act('ceremony.escalate', { reason: 'enough', initials: 'AB' });
      room.ceremony = recovery;
      await room.restart();
      expect((await room.view()).built_in).toBe(true);
      await walk(room, 'none', 'backups');
      expect(existsSync(join(room.home, 'rehearsal.box'))).toBe(true);
      expect((await room.sign()).state).toBe('closed');
      expect(existsSync(join(room.home, 'rehearsal.box'))).toBe(false);
    } finally {
      await room.remove();
    }
  });
});

describe('a recovery elsewhere', () => {
  it('begins on a cold station too, which knows no backup yet', async () => {
    const cold = await CeremonyHome.make('memory', 'cold');
    try {
      await cold.begin('recovery', 'production');
      for (const { work } of WORK.slice(0, 2)) {
        await work(cold);
        await cold.sign();
      }
      const wish = { items: ['00000000-0000-4000-8000-000000000000'], reason: 'x' };
      expect(await cold.refusal('ceremony.recovering', wish)).toEqual(['recovery-backup-unknown']);
      expect(await cold.refusal('ceremony.request-played', { folder: join(cold.folder, 'f') })).toEqual(['step-not-ready']);
    } finally {
      await cold.remove();
    }
  });

  it('of an online station there is none, and only a rehearsal is played', async () => {
    const online = await CeremonyHome.make('memory', 'online');
    try {
      expect(await online.codes('ceremony.begin', { script: 'recovery', environment: 'rehearsal' })).toEqual(['not-on-this-station']);
    } finally {
      await online.remove();
    }
  });
});
