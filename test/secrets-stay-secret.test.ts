import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../main/rehearsal/index.ts';
import { coldroom, TestStation } from './command-line.ts';
import { keptKeys } from './kept-keys.ts';

/**
 * Canaries: a token, a keychain passphrase, a secret and a sealing passphrase that occur nowhere else go through a whole
 * ceremony and its failures; afterwards every file that was written and everything that was printed is searched for them,
 * in the forms in which they could slip out.
 */
describe('secrets', () => {
  const station = new TestStation();
  const standIn = new StandIn({ now: () => Date.now() }, { keyPool: keptKeys() });
  const secret = 'canary-secret-phrase 90210 correct horse';
  const sealingPassphrase = 'canary-sealing-passphrase staple 5150';
  const weak = 'Canary12345678!Canary';
  let token = '';
  let generated = '';

  const forms = (text: string): string[] => {
    const bytes = Buffer.from(text, 'utf8');
    // Base64 depends on where the text starts, so each of the three offsets, without its ragged ends.
    const shifted = [0, 1, 2].map((offset) =>
      Buffer.concat([Buffer.alloc(offset), bytes])
        .toString('base64')
        .slice(4, -4),
    );
    return [text, bytes.toString('hex'), ...shifted];
  };
  const found = (haystack: Buffer, text: string) => forms(text).filter((form) => haystack.includes(form));

  beforeAll(async () => {
    const at = await standIn.listen();
    token = at.token;
    await station.prepare({ ...at, account: at.accountId });
    station.write('secret', secret);
    station.write('sealing-passphrase', sealingPassphrase);
    station.write('weak', weak);
    await station.must('assign --environment rehearsal --user wallet --key-environment COLD --out @key.json');
    await station.must('seal --key @key.json --in @secret --out @direct.json --mode direct');
    await station.must('seal --key @key.json --in @secret --out @envelope.json --mode envelope');
    await station.must('seal --key @key.json --in @secret --out @boxed.json --mode passphrase --passphrase-file @sealing-passphrase');
    await station.must('passphrase new --words 8 --out @generated');
    generated = readFileSync(station.path('generated'), 'utf8').trimEnd();
    await station.must('seal --key @key.json --in @secret --out @drawn.json --passphrase-file @generated');
    await station.run('seal --key @key.json --in @secret --out @weak.json --passphrase-file @weak');
    await station.must('passphrase card --words 8 --out @card.pdf');
    await station.must('store @direct.json @envelope.json @boxed.json @drawn.json --out @receipts');
    await station.must('verify --all');
    for (const fault of ['status-401', 'drop-after-store', 'bad-signature', 'cut-answer'] as const) {
      standIn.setFault(fault);
      await station.run(`assign --environment rehearsal --user wallet-${fault} --key-environment COLD --out @no.json`);
      await station.must(`seal --key @key.json --in @secret --out @${fault}.json`);
      await station.run(`store @${fault}.json --out @receipts`);
      standIn.setFault(null);
    }
    await station.run('recover --sealed @direct.json --private-key @secret --out @no');
    await station.run('recover --ciphertext @secret --private-key @secret --out @no');
    await station.run('check @secret');
    await station.run('store @secret --out @receipts');
    await station.run('trust add --environment rehearsal --jwks @secret');
    await station.run('inspect --in @secret --kind bip39');
    await station.run('inspect --in @secret');
    await station.must('ledger export --out @export.json');
    await station.must('ledger export --out @export.csv --format csv');
    await station.must('ledger export --out @copy.sqlite --format copy');
    await station.must('ledger list --all');
  });
  afterAll(async () => {
    await standIn.close();
    station.remove();
  });

  it('are found where they were put, so that the search is known to work', () => {
    expect(found(readFileSync(station.path('secret')), secret)).not.toEqual([]);
    expect(found(Buffer.from(`x${Buffer.from(`{"a":"${secret}"}`).toString('base64')}`), secret)).not.toEqual([]);
  });

  it('that were drawn stand in the file that was asked for, and only there', () => {
    expect(generated.split(' ')).toHaveLength(8);
    expect(station.files().filter((name) => readFileSync(station.path(name)).includes(generated))).toEqual(['generated']);
  });

  it('are in no file that Coldroom wrote', () => {
    const given = new Set(['secret', 'sealing-passphrase', 'weak', 'generated', 'passphrase']);
    const written = station.files().filter((name) => !given.has(name));
    expect(written.length).toBeGreaterThan(15);
    for (const name of written) {
      const bytes = readFileSync(station.path(name));
      for (const canary of [secret, sealingPassphrase, weak, generated, station.passphrase, token])
        expect([name, found(bytes, canary)]).toEqual([name, []]);
    }
  });

  it('are in nothing that was printed', () => {
    expect(station.printed.length).toBeGreaterThan(5000);
    for (const canary of [secret, sealingPassphrase, weak, generated, station.passphrase, token])
      expect(found(Buffer.from(station.printed), canary)).toEqual([]);
  });

  it('leave no digest of a direct secret in exports, which would help to guess it', () => {
    const { checksum } = station.json('direct.json').body;
    for (const name of ['export.json', 'export.csv']) expect(readFileSync(station.path(name), 'utf8')).not.toContain(checksum);
  });

  it('typed where an option was meant are not repeated', async () => {
    const run = await coldroom(['--json', '--home', station.home, 'seal', `--${secret}`, secret]);
    expect(run.code).toBe(2);
    expect(run.stdout + run.stderr).not.toContain('canary');
  });
});
