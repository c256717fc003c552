import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entropyToMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { encodeEip55 } from '../../main/content/ethereum-address.ts';
import { inspectSecret, KINDS } from '../../main/content/index.ts';
import { encryptedKey, plainKeys } from '../../main/content/key-files.fixture.ts';
import keystores from '../vectors/published/keystore-v3.json' with { type: 'json' };

const RUNS = 5;
const shim = join(import.meta.dirname, '../../app/cli/coldroom');

/** How long a command takes from its start to its end, in milliseconds, after one that warms up. */
function timeCommand(args: readonly string[]): number[] {
  return Array.from({ length: RUNS + 1 }, () => {
    const begun = performance.now();
    const { status, stderr } = spawnSync(shim, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`coldroom ${args[0] ?? ''} ended with ${String(status)}: ${stderr}`);
    return Math.round(performance.now() - begun);
  }).slice(1);
}

/** `inspect` of a phrase of 24 words, three identifiers computed; `plan check` of 1,000 wallets. */
export function measurePlan(): { inspect: number[]; planCheck: number[] } {
  const folder = mkdtempSync(join(tmpdir(), 'coldroom-bench-'));
  try {
    const [phrase, plan] = [join(folder, 'phrase'), join(folder, 'plan.json')];
    writeFileSync(phrase, entropyToMnemonic(new Uint8Array(32).fill(7), wordlist));
    writeFileSync(plan, JSON.stringify(planOf(1000)));
    const asked = ['bitcoin-p2wpkh', 'ethereum', 'master-fingerprint'].flatMap((type) => ['--identifier', type]);
    return { inspect: timeCommand(['inspect', '--in', phrase, ...asked]), planCheck: timeCommand(['plan', 'check', plan]) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function planOf(wallets: number): object {
  const address = (n: number): string => {
    const bytes = Buffer.alloc(20, 0x5a);
    bytes.writeUInt32BE(n);
    return encodeEip55(bytes);
  };
  return {
    plan: 1,
    title: 'A bench',
    environment: 'production',
    account: 'institution',
    people: ['administrator', 'witness'].map((role) => ({ name: `The ${role}`, role })),
    policy: null,
    wallets: Array.from({ length: wallets }, (_, n) => ({
      user_identifier: `wallet-${n.toString()}`,
      key_environment: 'COLD',
      customer_id: null,
      customer_name: null,
      package_id: null,
      package_name: null,
      items: [
        {
          name: 'seed.txt',
          kind: 'bip39',
          identifier: { type: 'ethereum', path: "m/44'/60'/0'/0/0", value: address(n) },
          bip39_passphrase: false,
          size_bytes: { min: 90, max: 300 },
          mode: 'direct',
        },
      ],
    })),
  };
}

/** The slowest of 500 secrets with a letter changed, of every kind, each told and untold; nothing of it takes PBKDF2. */
export async function measureJudging(): Promise<number> {
  const keys = plainKeys();
  const secrets = [
    entropyToMnemonic(new Uint8Array(32).fill(7), wordlist),
    '1'.padStart(64, '0'),
    ...Object.values(keys),
    encryptedKey(keys.rsa, []),
    ...keystores.cases.map(({ file }) => file),
    'a '.repeat(8000),
  ];
  let slowest = 0;
  for (let n = 0; n < 500; n += 1) {
    const secret = Buffer.from(secrets[n % secrets.length] ?? '');
    secret.writeUInt8(0x61 + (n % 26), (n * 37) % secret.length);
    for (const kind of [undefined, ...KINDS]) {
      const begun = performance.now();
      await inspectSecret(secret, { ...(kind === undefined ? {} : { kind }), identifiers: [], bip39Passphrase: null });
      slowest = Math.max(slowest, performance.now() - begun);
    }
  }
  return Math.ceil(slowest);
}
