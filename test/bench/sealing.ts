import { execFileSync, spawnSync } from 'node:child_process';
import { constants, createCipheriv, createPrivateKey, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';
import { sealEnvelopeBytes } from '../../main/sealing/envelope.ts';
import { parseAssignedKey, sealSecret } from '../../main/sealing/index.ts';
import { median, type Line } from './lines.ts';

const RUNS = 5;
const MIB = 1024 * 1024;
/** What takes microseconds is measured in many short turns: in few long ones, what else the machine does falls on one side. */
const DIRECT_TURNS = 50;
const DIRECT_TIMES = 100;
const FORGE_TIMES = 4;
const pem = join(import.meta.dirname, '../vectors/rsa4096-a.key.pem');
const publicKey = createPublicKey(createPrivateKey(readFileSync(pem)));
const assigned = parseAssignedKey(publicKey.export({ format: 'der', type: 'spki' }).toString('hex'));

/** Milliseconds of each, in turns, after one turn that warms up. */
async function inTurns(...works: readonly (() => unknown)[]): Promise<number[][]> {
  return inManyTurns(RUNS, works);
}

async function inManyTurns(turns: number, works: readonly (() => unknown)[]): Promise<number[][]> {
  const times: number[][] = works.map(() => []);
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const [index, work] of works.entries()) {
      const begun = performance.now();
      await work();
      if (turn > 0) times[index]?.push(performance.now() - begun);
    }
  }
  return times;
}

const ratio = (times: readonly number[][], a: number, b: number): number => median(times[a] ?? []) / median(times[b] ?? []);

/** `direct` against a bare loop with a ready key, and against node-forge. */
export async function measureDirect(): Promise<Line[]> {
  const secret = randomBytes(400);
  const bare = { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  const forgeKey = forge.pki.publicKeyFromPem(publicKey.export({ format: 'pem', type: 'spki' }).toString());
  const text = secret.toString('latin1');
  const scheme = { md: forge.md.sha256.create(), mgf1: { md: forge.md.sha256.create() } };
  const times = await inManyTurns(DIRECT_TURNS, [
    async () => {
      for (let n = 0; n < DIRECT_TIMES; n += 1) await sealSecret({ secret, key: assigned, mode: 'direct', passphrase: null });
    },
    () => {
      for (let n = 0; n < DIRECT_TIMES; n += 1) publicEncrypt(bare, secret);
    },
    () => {
      for (let n = 0; n < FORGE_TIMES; n += 1) forgeKey.encrypt(text, 'RSA-OAEP', scheme);
    },
  ]);
  return [
    ['direct sealing, of the speed of a bare publicEncrypt loop', ratio(times, 1, 0), 'at least', 0.9],
    ['direct sealing, times as fast as node-forge', ratio(times, 2, 0) * (DIRECT_TIMES / FORGE_TIMES), 'at least', 25],
  ];
}

/** 10 MB in memory against raw AES-256-GCM over the same bytes. */
export async function measureTenMegabytes(): Promise<Line[]> {
  const secret = randomBytes(10_000_000);
  const times = await inTurns(
    () => sealEnvelopeBytes(secret, assigned),
    () => {
      const cipher = createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12));
      return [cipher.update(secret), cipher.final(), cipher.getAuthTag()];
    },
  );
  return [['a 10 MB envelope in memory, of the speed of raw AES-256-GCM', ratio(times, 1, 0), 'at least', 0.7]];
}

/** 1 GiB as a raw envelope, in and out: durably against a bare loop, and as processes against age, gpg and openssl. */
export async function measureLargeFile(say: (text: string) => void): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'coldroom-bench-'));
  const at = (name: string) => join(folder, name);
  try {
    fill(at('large'), 1024);
    fill(at('smaller'), 100);
    const run = (program: string, ...args: string[]): string => {
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, GNUPGHOME: at('gnupg') } });
      if (status !== 0) throw new Error(`${program} ended with ${String(status)}: ${stderr}`);
      return stdout;
    };
    const ours = (what: string, how: string, from: string, to: string): string => {
      rmSync(at(to), { force: true });
      return run(process.execPath, join(import.meta.dirname, 'one-file.ts'), what, how, pem, at(from), at(to));
    };
    const durable = await inTurns(
      () => ours('seal', 'durable', 'large', 'sealed'),
      () => ours('open', 'durable', 'sealed', 'opened'),
      () => {
        rmSync(at('bare'), { force: true });
        return run(process.execPath, join(import.meta.dirname, 'bare-loop.ts'), at('large'), at('bare'));
      },
    );
    const peaks = {
      large: [Number(ours('seal', 'durable', 'large', 'sealed')), Number(ours('open', 'durable', 'sealed', 'opened'))],
      smaller: [Number(ours('seal', 'durable', 'smaller', 'small-sealed')), Number(ours('open', 'durable', 'small-sealed', 'opened'))],
    };
    if (!readFileSync(at('opened')).equals(readFileSync(at('smaller')))) throw new Error('what was opened is not what was sealed');
    const lines: Line[] = [
      ['1 GiB sealed, flushed and read back, times a bare loop', ratio(durable, 0, 2), 'at most', 1.1],
      ['1 GiB opened, flushed and read back, times a bare loop', ratio(durable, 1, 2), 'at most', 1.1],
      ['highest memory for 1 GiB, MiB', Math.max(...peaks.large) / 1024, 'at most', 170],
      ['the same, times that for 100 MiB', Math.max(...peaks.large) / Math.max(...peaks.smaller), 'at most', 1.1],
    ];
    for (const peer of PEERS) {
      if (spawnSync(peer.program, [peer.versionFlag]).error !== undefined) {
        say(`${peer.program} is not here, and was not timed`);
        continue;
      }
      say(run(peer.program, peer.versionFlag).split('\n')[0] ?? peer.program);
      const { seal, open } = peer.prepare(at, run);
      const sealing = await inTurns(
        () => ours('seal', 'plain', 'large', 'sealed'),
        () => {
          rmSync(at('by-peer'), { force: true });
          return seal();
        },
      );
      const opening = await inTurns(
        () => ours('open', 'plain', 'sealed', 'opened'),
        () => {
          rmSync(at('opened-by-peer'), { force: true });
          return open();
        },
      );
      lines.push([`1 GiB sealed, times ${peer.name}`, ratio(sealing, 0, 1), 'at most', peer.bound]);
      lines.push([`1 GiB opened, times ${peer.name}`, ratio(opening, 0, 1), 'at most', peer.bound]);
    }
    return lines;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Run = (program: string, ...args: string[]) => string;
type Peer = {
  readonly name: string;
  readonly program: string;
  readonly versionFlag: string;
  readonly bound: number;
  readonly prepare: (at: (name: string) => string, run: Run) => { seal: () => string; open: () => string };
};

const PEERS: readonly Peer[] = [
  {
    name: 'age -r',
    program: 'age',
    versionFlag: '--version',
    bound: 1.3,
    prepare: (at, run) => {
      run('age-keygen', '-o', at('age.key'));
      const recipient = run('age-keygen', '-y', at('age.key')).trim();
      return {
        seal: () => run('age', '-r', recipient, '-o', at('by-peer'), at('large')),
        open: () => run('age', '-d', '-i', at('age.key'), '-o', at('opened-by-peer'), at('by-peer')),
      };
    },
  },
  {
    name: 'gpg with AES-256 and no compression',
    program: 'gpg',
    versionFlag: '--version',
    bound: 0.4,
    prepare: (at, run) => {
      execFileSync('mkdir', ['-m', '700', at('gnupg')]);
      const quietly = ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', ''];
      run('gpg', ...quietly, '--quick-generate-key', 'bench', 'rsa4096', 'encrypt', 'never');
      return {
        seal: () =>
          run(
            'gpg',
            ...[...quietly, '--trust-model', 'always', '--cipher-algo', 'AES256', '--compress-algo', 'none', '-r', 'bench'],
            ...['-o', at('by-peer'), '--encrypt', at('large')],
          ),
        open: () => run('gpg', ...quietly, '-o', at('opened-by-peer'), '--decrypt', at('by-peer')),
      };
    },
  },
  {
    name: 'openssl cms -stream with AES-256-GCM',
    program: 'openssl',
    versionFlag: 'version',
    bound: 0.5,
    prepare: (at, run) => {
      run('openssl', 'req', '-x509', '-key', pem, '-subj', '/CN=bench', '-days', '1', '-out', at('certificate.pem'));
      return {
        seal: () =>
          run(
            'openssl',
            ...['cms', '-encrypt', '-stream', '-binary', '-aes-256-gcm', '-outform', 'DER', '-in', at('large'), '-out', at('by-peer')],
            ...['-recip', at('certificate.pem'), '-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256'],
          ),
        open: () =>
          run('openssl', 'cms', '-decrypt', '-binary', '-inform', 'DER', '-in', at('by-peer'), '-inkey', pem, '-out', at('opened-by-peer')),
      };
    },
  },
];

function fill(path: string, mebibytes: number): void {
  const block = randomBytes(MIB);
  const file = openSync(path, 'wx');
  for (let n = 0; n < mebibytes; n += 1) writeSync(file, block);
  closeSync(file);
}
