import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { HDKey } from '@scure/bip32';
import { entropyToMnemonic, mnemonicToSeedSync } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStation } from './command-line.ts';
import { bytesInMemoryOf } from './process-memory.ts';

/** Made here, so that no program's text holds them. The right phrase, and another one that is refused. */
const phrases = [entropyToMnemonic(randomBytes(32), wordlist), entropyToMnemonic(randomBytes(32), wordlist)] as const;
const passphrase = `passphrase ${randomBytes(24).toString('hex')}`;
const left = `left on purpose ${randomBytes(24).toString('hex')}`;

/** Every form in which a phrase, a seed, a private key or the passphrase could slip out, by its name. */
function formsOf(): Record<string, Buffer> {
  const forms: Record<string, Buffer> = {};
  const add = (name: string, bytes: Buffer): void => {
    const base64 = [0, 1, 2].map((offset) =>
      Buffer.concat([Buffer.alloc(offset), bytes])
        .toString('base64')
        .slice(4, -4),
    );
    const text = [bytes.toString('hex'), ...base64].flatMap((one) => [Buffer.from(one), Buffer.from(one, 'utf16le')]);
    [bytes, Buffer.from(bytes.toString('latin1'), 'utf16le'), ...text].forEach((form, at) => (forms[`${name} ${at.toString()}`] = form));
  };
  phrases.forEach((phrase, at) => {
    // Three words in a row are enough to know it by; all runs of three are looked for.
    const words = phrase.split(' ');
    for (let n = 0; n + 3 <= words.length; n += 1)
      add(`phrase ${at.toString()}, word ${n.toString()}`, Buffer.from(words.slice(n, n + 3).join(' ')));
    for (const under of ['', passphrase]) {
      const seed = mnemonicToSeedSync(phrase, under);
      const master = HDKey.fromMasterSeed(seed);
      const leaf = master.derive("m/84'/0'/0'/0/0");
      add(`seed ${at.toString()}`, Buffer.from(seed));
      add(`xprv ${at.toString()}`, Buffer.from(master.privateExtendedKey));
      add(`master key ${at.toString()}`, Buffer.from(master.privateKey ?? []));
      add(`leaf key ${at.toString()}`, Buffer.from(leaf.privateKey ?? []));
    }
  });
  add('BIP-39 passphrase', Buffer.from(passphrase));
  return forms;
}
const FORMS = formsOf();
/** Fewer of them, for a memory, where each costs a search through it: as bytes, as UTF-16 and in hex, and every fourth run of words. */
const IN_MEMORY = Object.fromEntries(
  Object.entries(FORMS).filter(([name]) => / [0-2]$/.test(name) && !/word \d*[^048] |word (?:10|14|18) /.test(name)),
);
/** The first line that a process prints. */
function firstLine(child: ChildProcessByStdio<Writable | null, Readable, null>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (piece: Buffer) => {
      text += piece.toString('utf8');
      if (text.endsWith('\n')) resolve(text);
    });
    child.once('exit', (code) => {
      reject(new Error(`it ended with ${String(code)}`));
    });
  });
}

function childrenOf(pid = 0): number[] {
  const told = readFileSync(`/proc/${pid.toString()}/task/${pid.toString()}/children`, 'utf8').trim();
  return told === '' ? [] : told.split(' ').map(Number);
}

const inBytes = (held: Buffer): string[] => Object.keys(FORMS).filter((name) => held.includes(FORMS[name] ?? ''));

describe.skipIf(process.platform !== 'linux')('after inspect and seal by a plan', () => {
  const station = new TestStation();
  // A user's name that nobody else has: what the stand-in's process must hold, as the others hold what was left on purpose.
  const user = `wallet-${randomBytes(12).toString('hex')}`;
  let standIn: ChildProcessByStdio<null, Readable, null>;
  const given = ['phrase', 'other', 'bip39', 'left'];
  let child: ChildProcessByStdio<Writable, Readable, null>;
  let said = '';

  beforeAll(async () => {
    standIn = spawn(join(import.meta.dirname, '../app/cli/coldroom'), ['--home', station.home, '--json', 'rehearsal', 'serve'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const at = JSON.parse(await firstLine(standIn)) as { api: string; jwks: string; token: string; account_id: string };
    await station.prepare({ ...at, account: at.account_id });
    await station.must(`assign --environment rehearsal --user ${user} --key-environment COLD --out @key.json`);
    station.write('phrase', phrases[0]);
    station.write('other', phrases[1]);
    station.write('bip39', passphrase);
    station.write('left', left);
    const value = HDKey.fromMasterSeed(mnemonicToSeedSync(phrases[0], passphrase)).fingerprint.toString(16).padStart(8, '0');
    const item = {
      name: 'phrase',
      kind: 'bip39',
      identifier: { type: 'master-fingerprint', path: 'm', value },
      bip39_passphrase: true,
      size_bytes: null,
      mode: 'direct',
    };
    const wallet = {
      user_identifier: user,
      key_environment: 'COLD',
      customer_id: null,
      customer_name: null,
      package_id: null,
      package_name: null,
    };
    const people = ['administrator', 'witness'].map((role) => ({ name: `The ${role}`, role }));
    const plan = {
      plan: 1,
      title: 'A search',
      environment: 'production',
      account: 'institution',
      people,
      policy: null,
      wallets: [{ ...wallet, items: [item] }],
    };
    station.write('plan.json', JSON.stringify(plan));
    const file = (name: string) => station.path(name);
    const beside = { bip39_passphrase_file: file('bip39') };
    const identifiers = ['bitcoin-p2wpkh', 'ethereum', 'xpub'].map((type) => ({ type, path: type === 'xpub' ? "m/84'/0'/0'" : null }));
    const seal = { key: file('key.json'), plan: file('plan.json'), item: 'phrase' };
    station.write(
      'calls.json',
      JSON.stringify([
        ['inspect', { in: file('phrase'), identifiers, ...beside }],
        ['inspect', { in: file('other'), kind: 'slip39' }],
        ['seal', { ...seal, in: file('other'), out: file('no.json'), ...beside }],
        ['seal', { ...seal, in: file('phrase'), out: file('no.json') }],
        ['seal', { ...seal, in: file('phrase'), out: file('sealed.json'), ...beside }],
        ['plan.sheet', { file: file('plan.json'), out: file('plan.pdf') }],
        ['ledger.export', { out: file('export.json'), format: 'json' }],
      ]),
    );
    const args = ['plan-and-stay.ts', station.home, file('passphrase'), file('left'), file('calls.json')];
    child = spawn(process.execPath, [join(import.meta.dirname, args[0] ?? ''), ...args.slice(1)], { stdio: ['pipe', 'pipe', 'inherit'] });
    said = await firstLine(child);
  });
  afterAll(() => {
    child.stdin.end('go\n');
    standIn.kill();
    station.remove();
  });

  it('the operations came to what they should', () => {
    const came = (JSON.parse(said) as { name?: string; problems: { code: string }[] }[]).filter((one) => one.name !== undefined);
    expect(came.map(({ name, problems }) => [name, ...problems.map(({ code }) => code)])).toEqual([
      ['inspect'],
      ['inspect', 'content-invalid'],
      ['seal', 'other-identifier'],
      ['seal', 'other-passphrase'],
      ['seal'],
      ['plan.sheet'],
      ['ledger.export'],
    ]);
  });

  it('the search finds what was left on purpose, and each form of a secret', () => {
    expect(bytesInMemoryOf(child.pid ?? 0, { left: Buffer.from(left) })).toEqual(['left']);
    expect(inBytes(Buffer.concat(Object.values(FORMS)))).toEqual(Object.keys(FORMS));
    expect(inBytes(readFileSync(station.path('phrase')))).not.toEqual([]);
    for (const what of ['phrase 1', 'seed 0', 'xprv 0', 'master key 1', 'leaf key 0', 'BIP-39 passphrase']) {
      expect(Object.keys(IN_MEMORY).some((name) => name.startsWith(what))).toBe(true);
    }
  });

  it('nothing of it is in the memory of another process of ours: of the keychain’s, and of the stand-in that its key came from', () => {
    const [keychain, ...more] = childrenOf(child.pid);
    expect(more).toEqual([]);
    for (const [other, control] of [
      [keychain, left],
      [standIn.pid, user],
    ] as const) {
      expect(bytesInMemoryOf(other ?? 0, { control: Buffer.from(control) })).toEqual(['control']);
      expect(bytesInMemoryOf(other ?? 0, IN_MEMORY)).toEqual([]);
    }
    expect(childrenOf(standIn.pid)).toEqual([]);
  });

  it('nothing of it is in arguments or environment of any process of ours', () => {
    const all = [child.pid, standIn.pid, ...childrenOf(child.pid)].map(String);
    expect(all).toHaveLength(3);
    for (const one of all) for (const name of ['cmdline', 'environ']) expect(inBytes(readFileSync(`/proc/${one}/${name}`))).toEqual([]);
  });

  it('nothing of it is in what the shell was given, in the ledger, the documents, or a print', () => {
    expect(inBytes(Buffer.from(said))).toEqual([]);
    const written = station.files().filter((name) => !given.includes(name));
    expect(written).toEqual(expect.arrayContaining(['sealed.json', 'plan.pdf', 'export.json']));
    for (const name of written) expect([name, inBytes(readFileSync(station.path(name)))]).toEqual([name, []]);
  });
});
