import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CeremonyHome } from '../../main/operations/ceremony/home.fixture.ts';
import { beginByPlan, PLANNED_WORK } from '../../main/operations/ceremony/planned-ceremony.fixture.ts';
import type { Report } from '../../main/report/index.ts';
import { SecondImplementation } from './client.ts';

// The report of a ceremony that ran by a plan, read by the second implementation: it derives plan against done from the same rows.
const second = new SecondImplementation();
let room: CeremonyHome;
let text: Buffer;

beforeAll(async () => {
  room = await CeremonyHome.make();
  await beginByPlan(room);
  for (const { work } of PLANNED_WORK.slice(0, 2)) {
    await work(room);
    await room.sign();
  }
  await room.act('ceremony.abort', { reason: 'this is a test', initials: ['AB', 'CD'] });
  const out = join(room.folder, 'report.json');
  await room.must('ceremony.report', { ceremony: '1', out });
  text = readFileSync(out);
});
afterAll(async () => {
  second.end();
  await room.remove();
});

it('holds, with its plan', async () => {
  expect((JSON.parse(text.toString('utf8')) as Report).plan?.lines.length).toBeGreaterThan(5);
  expect(await second.must('report', { file: text.toString('base64') })).toEqual([]);
});

it('is found out where a line of it says something else, as ours finds it', async () => {
  const forged = JSON.parse(text.toString('utf8')) as Report;
  const [line] = forged.plan?.lines ?? [];
  if (line === undefined) throw new Error('the plan has lines');
  line.result = 'departs';
  const bytes = Buffer.from(JSON.stringify(forged), 'utf8');
  const found = await second.must<[string, number | null][]>('report', { file: bytes.toString('base64') });
  const file = join(room.folder, 'forged.json');
  writeFileSync(file, bytes);
  const { output } = await room.must('ceremony.check', { file });
  expect(found.map(([code]) => code)).toEqual((output['findings'] as { code: string }[]).map(({ code }) => code).slice(0, found.length));
  expect(found.length).toBeGreaterThan(0);
});
