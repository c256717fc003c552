import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Passphrase } from '../values/index.ts';
import { makeRecoveryKey, type RecoveryKey, type RecoveryKeyType } from './openpgp-key.ts';

export const PEM = readFileSync(join(import.meta.dirname, '../../test/vectors/rsa4096-a.key.pem'));

type OaepCase = { name: string; plaintext_hex?: string; ciphertext: string; opens: boolean };
type CmsCase = { name: string; cms: string; opens: boolean };
const vectors = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../test/vectors', `${name}.json`), 'utf8')) as unknown;

/** A ciphertext of one RSA block, and what is in it. */
export function oaepVector(): { ciphertext: Buffer; plaintext: Buffer } {
  const found = (vectors('oaep') as { cases: OaepCase[] }).cases.find((one) => one.opens && (one.plaintext_hex ?? '') !== '');
  if (found === undefined) throw new Error('the vectors hold no such case');
  return { ciphertext: Buffer.from(found.ciphertext, 'base64'), plaintext: Buffer.from(found.plaintext_hex ?? '', 'hex') };
}

/** Envelopes that open with {@link PEM}, by name. */
export function cmsVectors(): { name: string; cms: Buffer }[] {
  const opening = (vectors('cms') as { cases: CmsCase[] }).cases.filter((one) => one.opens);
  return opening.map(({ name, cms }) => ({ name, cms: Buffer.from(cms, 'base64') }));
}

export const OPENPGP_PASSPHRASE = 'ein Paßwort mit Zwischenraum';

export function recoveryKey(type: RecoveryKeyType = 'curve25519'): Promise<RecoveryKey> {
  return makeRecoveryKey('Recovery of vault-2', type, Buffer.from(OPENPGP_PASSPHRASE, 'utf8') as Passphrase);
}

/** gpg in a home of its own, where there is one. */
export class Gpg {
  static readonly isThere = spawnSync('gpg', ['--version']).status === 0;
  readonly home = mkdtempSync(join(tmpdir(), 'gpg-'));

  /** @returns standard output. @throws where gpg does not end well. */
  run(args: readonly string[], input: string | Buffer = ''): Buffer {
    writeFileSync(join(this.home, 'passphrase'), `${OPENPGP_PASSPHRASE}\n`);
    const how = ['--homedir', this.home, '--batch', '--quiet', '--yes', '--pinentry-mode', 'loopback', '--trust-model', 'always'];
    const ran = spawnSync('gpg', [...how, '--passphrase-file', join(this.home, 'passphrase'), ...args], { input, maxBuffer: 2 ** 26 });
    if (ran.status !== 0) throw new Error(`gpg ${args.join(' ')}: ${ran.stderr.toString()}`);
    return ran.stdout;
  }

  close(): void {
    spawnSync('gpgconf', ['--homedir', this.home, '--kill', 'all']);
    rmSync(this.home, { recursive: true, force: true });
  }
}
