import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { generateKeyPairSync, sign } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLedger, Ledger } from '../../main/ledger/index.ts';
import { CeremonyHome, NOW_MS, WORK } from '../../main/operations/ceremony/home.fixture.ts';
import { bodyOf, checkReport, reportDigest, reportSchema, reportSigned, type Report } from '../../main/report/index.ts';
import { CodeReceiver, encodeAnimatedCode, readDocument, writeDocument } from '../../main/transfer/index.ts';
import { fingerprintOf, isColdroomError, sha256 } from '../../main/values/index.ts';
import { SecondImplementation } from './client.ts';

// A whole ceremony at a real station; then its documents, its ledger and its report, read by the second implementation.

type Kept = { kind: string; sha256: string; signed_sha256: string; text: string };
type Checked = { problem: string | null; seq: number | null; head: string; events: number };

const second = new SecondImplementation();
const folder = mkdtempSync(join(tmpdir(), 'coldroom-second-'));
const copy = join(folder, 'copy.sqlite');
let room: CeremonyHome;
let documents: Map<string, Kept>;
let reportText = '';

beforeAll(async () => {
  room = await CeremonyHome.make();
  await room.begin();
  for (const { work } of WORK) {
    await work(room);
    await room.sign();
  }
  await room.act('ceremony.exception', { text: 'the lamp failed', initials: 'AB' });
  await room.act('ceremony.verify');
  await room.sign();
  await room.act('ceremony.abort', { reason: 'seen enough', initials: ['AB', 'CD'] });
  await room.must('pair', { out: join(folder, 'card.json') });
  const path = join(folder, 'report.json');
  await room.must('ceremony.report', { ceremony: '1', out: path });
  reportText = readFileSync(path, 'utf8');
  await room.must('ledger.export', { format: 'copy', out: copy });
  documents = new Map(Object.entries(await second.must<Record<string, Kept>>('ledger-documents', { path: copy })));
});

afterAll(async () => {
  second.end();
  rmSync(folder, { recursive: true, force: true });
  await room.remove();
});

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

/** The signed digest, or the name of the refusal. */
async function both(bytes: Buffer, what: string): Promise<string> {
  let mine: string;
  try {
    mine = readDocument(bytes, 'a file').signedSha256;
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    mine = error.code;
  }
  const { gives, refused } = await second.ask('document', { file: base64(bytes) });
  expect(refused ?? (gives as { signed: string }).signed, what).toBe(mine);
  return mine;
}

describe('documents', () => {
  it('of every kind that the ceremony wrote are read by both, to the same digests', async () => {
    expect(new Set([...documents.values()].map((one) => one.kind))).toEqual(new Set(['keypack', 'sealed', 'receipt', 'station']));
    for (const { kind, text, sha256: digest, signed_sha256: signed } of documents.values()) {
      expect(sha256(text)).toBe(digest);
      expect(await both(Buffer.from(text), kind)).toBe(signed);
    }
  });

  it('the key of the key pack is judged the same', async () => {
    const pack = [...documents.values()].find((one) => one.kind === 'keypack');
    const { keys } = JSON.parse(reportText) as Report;
    const judged = await second.must<{ fingerprint: string }>('judge', { file: base64(pack?.text ?? ''), now: NOW_MS / 1000 });
    expect(judged.fingerprint).toBe(keys[0]?.fingerprint);
  });

  it('with any byte changed, or cut, are refused under the same name', async () => {
    const seen = new Set<string>();
    for (const { kind, text } of documents.values()) {
      const bytes = Buffer.from(text);
      const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
      await fc.assert(
        fc.asyncProperty(change, async ([at, mask]) => {
          const changed = Buffer.from(bytes).fill((bytes[at] ?? 0) ^ mask, at, at + 1);
          seen.add(await both(changed, `${kind}, byte ${at.toString()} by ${mask.toString()}`));
        }),
        { numRuns: 120 },
      );
      for (const length of [0, 1, bytes.length - 3, bytes.length - 2])
        expect(await both(bytes.subarray(0, length), kind)).toBe('document-not-json');
    }
    for (const code of ['document-not-json', 'document-signature', 'document-members']) expect(seen).toContain(code);
  });

  it('that one makes the other reads, whatever the texts', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((one) => one.isWellFormed());
    const uuid = fc.uuid();
    const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
    const facts = fc.record({
      name: text,
      id: uuid,
      ceremony: fc.option(uuid),
      head: digest,
      seq: fc.maxSafeNat(),
      reads: fc.array(text, { maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(facts, async ({ name, id, ceremony, head, seq, reads }) => {
        const written = writeDocument<'station/1'>(
          { coldroom: 'station/1', to: [], ceremony, answers: null, environment_id: null, body: { reads } },
          {
            station: { id: fingerprintOf(raw), name, role: 'cold', public_key: raw.toString('base64') },
            sign: (bytes) => sign(null, bytes, privateKey),
          },
          { seq, head },
          NOW_MS,
        );
        expect(await both(Buffer.from(written.text), 'ours')).toBe(written.signedSha256);
        const about = { id, ceremony, to: [], ledger_seq: seq, ledger_head: head };
        const made = await second.must<string>('make', {
          seed: base64(Buffer.alloc(32, 7)),
          name,
          role: 'online',
          kind: 'station/1',
          body: { reads },
          about,
        });
        expect(await both(Buffer.from(made, 'base64'), 'theirs')).toMatch(/^[0-9a-f]{64}$/);
      }),
      { numRuns: 150 },
    );
  });

  it('cross as moving code both ways, with frames lost', async () => {
    const receipt = Buffer.from([...documents.values()].find((one) => one.kind === 'receipt')?.text ?? '');
    for (const [density, most] of [
      ['coarse', 130],
      ['fine', 240],
    ] as const) {
      const mine = encodeAnimatedCode(receipt, density).frames;
      const made = await second.must<string[]>('frames', { file: base64(receipt), most });
      expect(made).toEqual(mine);
      // A third of every loop is lost, each time another: what one loop left open the next one tells.
      const twoLoops = (frames: readonly string[]): string[] =>
        [0, 1].flatMap((lost) => frames.filter((_frame, index) => index % 3 !== lost));
      expect(await second.must('read-frames', { frames: twoLoops(mine).toReversed() })).toBe(base64(receipt));
      const receiver = new CodeReceiver();
      for (const frame of twoLoops(made)) receiver.take(frame);
      expect(receiver.bytes?.equals(receipt)).toBe(true);
    }
  });
});

describe('the ledger', () => {
  async function checked(path: string): Promise<Pick<Checked, 'problem' | 'seq' | 'head'>> {
    const ledger = Ledger.open(path, { clock: { now: () => NOW_MS }, macKey: null });
    try {
      const { problems, head } = await checkLedger(ledger, null, null);
      return { problem: problems[0]?.code ?? null, seq: problems[0]?.seq ?? null, head };
    } finally {
      ledger.close();
    }
  }

  it('has the same head for both, with its checkpoints', async () => {
    const found = await second.must<Checked>('ledger', { path: copy });
    expect(found).toMatchObject({ problem: null, head: (await checked(copy)).head });
    expect(found.events).toBeGreaterThan(30);
    const types = new SqliteDatabase(copy, { readonly: true })
      .prepare("SELECT count(*) FROM event WHERE json_extract(bytes, '$.type') = 'checkpoint'")
      .pluck();
    expect(types.get()).toBeGreaterThan(0);
  });

  it.each<[string, string]>([
    ['a row taken out', 'DELETE FROM event WHERE seq = 9'],
    ['a row changed', `UPDATE event SET bytes = replace(bytes, '"type":"', '"type":"x') WHERE seq = 9`],
    ['a MAC changed', 'UPDATE event SET mac = zeroblob(32) WHERE seq = 9'],
    ['a row that is no JSON', "UPDATE event SET bytes = '{' WHERE seq = 9"],
    ['rows exchanged', 'UPDATE event SET bytes = (SELECT bytes FROM event WHERE seq = 10) WHERE seq = 9'],
    ['another ledger’s name', "UPDATE ledger SET ledger_id = '00000000-0000-4000-8000-000000000000'"],
    ['the first row taken out', 'DELETE FROM event WHERE seq = 1'],
    [
      'a checkpoint’s signature changed',
      `UPDATE event SET bytes = replace(bytes, '"signature":"', '"signature":"A') WHERE bytes LIKE '%"type":"checkpoint"%'`,
    ],
  ])('%s: the same row is named, for the same reason', async (_name, statement) => {
    const path = join(folder, 'changed.sqlite');
    copyFileSync(copy, path);
    const database = new SqliteDatabase(path);
    database.exec(`DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete; PRAGMA foreign_keys = OFF; ${statement}`);
    database.close();
    const mine = await checked(path);
    expect(mine.problem).not.toBe(null);
    expect(await second.must<Checked>('ledger', { path })).toMatchObject({ problem: mine.problem, seq: mine.seq });
    rmSync(path);
  });
});

describe('the report', () => {
  it('holds for both, under the same digest', async () => {
    const report = reportSchema.parse(JSON.parse(reportText));
    expect(report.steps.length).toBeGreaterThan(8);
    expect(checkReport(report)).toEqual([]);
    expect(await second.must('report', { file: base64(reportText) })).toEqual([]);
    expect(await second.must('report-digest', { file: base64(reportText) })).toBe(reportDigest(bodyOf(report)));
  });

  it.each<[string, (report: Report) => void]>([
    ['not signed again', (report) => report.signers.push('0'.repeat(64))],
    ['a person left out', (report) => report.people.pop()],
    ['an exception left out', (report) => report.exceptions.pop()],
    [
      'initials more',
      (report) => report.steps[0]?.signed.push({ role: 'witness', initials: 'XX', name: 'Xenia', at: '2026-11-24T10:00:20.000Z' }),
    ],
    ['another title', (report) => Object.assign(report.steps[3] ?? {}, { title: 'Something else' })],
    ['another item state', (report) => Object.assign(report.items[0] ?? {}, { state: 'sealed' })],
    ['a row left out', (report) => report.ledger.rows.splice(5, 1)],
    ['a MAC changed', (report) => Object.assign(report.ledger.rows[0] ?? {}, { mac: '0'.repeat(64) })],
    ['a head of another place', (report) => Object.assign(report.ledger.head, { seq: report.ledger.head.seq - 1 })],
    ['rows exchanged', (report) => report.ledger.rows.reverse()],
  ])('%s: the same does not hold', async (name, change) => {
    const report = reportSchema.parse(JSON.parse(reportText));
    change(report);
    if (name !== 'not signed again') report.signature = sign(null, reportSigned(report), room.signingKey()).toString('base64');
    const mine = checkReport(report).map(({ code, seq }) => [code, seq]);
    expect(mine).not.toEqual([]);
    expect(await second.must('report', { file: base64(JSON.stringify(report)) })).toEqual(mine);
  });
});
