import '../../../test/cheap-scrypt.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodeReceiver, MAX_PART_LENGTH } from '../../transfer/index.ts';
import { newUuid } from '../../values/index.ts';
import { TestStation } from '../station/test-station.fixture.ts';

const station = new TestStation();
const documents: Record<string, { id: string; file: string }> = {};

function keep(name: string, file: string): void {
  const { id } = JSON.parse(readFileSync(file, 'utf8')) as { id: string };
  documents[name] = { id, file };
}

beforeAll(async () => {
  await station.prepare();
  const pack = station.path('a.keypack.json');
  await station.must('assign', { environment: 'rehearsal', user: 'wallet', key_environment: 'COLD', out: pack });
  keep('keypack', pack);
  writeFileSync(station.path('small'), 'worth nothing');
  writeFileSync(station.path('large'), Buffer.alloc(70_000, 7));
  for (const [name, mode] of [
    ['small', 'direct'],
    ['small', 'envelope'],
    ['large', 'envelope'],
  ] as const) {
    const out = station.path(`${name}-${mode}.sealed.json`);
    await station.must('seal', { key: pack, in: station.path(name), out, mode, send_name: false });
    keep(`${name} ${mode}`, out);
  }
});
afterAll(() => station.close());

describe('a document as an animated code', () => {
  it.each([
    ['keypack', 'keypack', 'fine'],
    ['keypack', 'keypack', 'coarse'],
    ['small direct', 'sealed', 'fine'],
  ])('gives back the very bytes: %s', async (name, kind, density) => {
    const { id, file } = documents[name] ?? { id: '', file: '' };
    const output = await station.must('document.code', { id, density });
    expect(output).toMatchObject({ kind });
    const { frames, fragments } = output as { frames: string[]; fragments: number };
    expect(frames.every((frame) => frame.length <= MAX_PART_LENGTH)).toBe(true);
    const receiver = new CodeReceiver();
    for (const frame of frames.slice(0, fragments)) receiver.take(frame);
    expect(receiver.bytes?.equals(readFileSync(file))).toBe(true);
  });

  it.each(['small envelope', 'large envelope'])('is not for an item in an envelope, of whatever size: %s', async (name) => {
    const { problems, output } = await station.run('document.code', { id: documents[name]?.id });
    expect([output, problems[0]?.family, problems[0]?.code]).toEqual([null, 'input', 'code-envelope']);
  });

  it('is only of what the ledger holds', async () => {
    const { problems } = await station.run('document.code', { id: newUuid() });
    expect(problems[0]?.code).toBe('document-unknown');
  });
});
