import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportSchema, type Report } from '../../report/index.ts';
import { fingerprintWords, sha256 } from '../../values/index.ts';
import { CANARY, CeremonyHome } from './home.fixture.ts';
import { ADDRESS, beginByPlan, goOn, PHRASE, planFile, PLANNED_WORK } from './planned-ceremony.fixture.ts';

const REASON = 'the client moved its funds';
/** Another wallet's phrase: it goes on as an exception, so that the report has one. */
const OTHER_PHRASE = `${'zoo '.repeat(11)}wrong\n`;

/** Plan against done, as anybody reads it years later. */
describe('the report of a ceremony by a plan', () => {
  let room: CeremonyHome;
  let report: Report;
  let text: string;
  const at = (name: string) => join(room.folder, name);

  beforeAll(async () => {
    room = await CeremonyHome.make();
    await beginByPlan(room);
    for (const { step, work } of PLANNED_WORK) {
      if (step === 'secrets') {
        await room.act('ceremony.choose', { files: [room.secret('seed.txt', OTHER_PHRASE), room.secret('notes.pdf')] });
        await goOn(room, REASON);
      } else await work(room);
      await room.sign();
    }
    await room.sign();
    await room.act('ceremony.abort', { reason: 'this is a test', initials: ['AB', 'CD'] });
    await room.must('ceremony.report', { ceremony: '1', out: at('report.json'), pdf: at('report.pdf') });
    text = readFileSync(at('report.json'), 'utf8');
    report = reportSchema.parse(JSON.parse(text));
  });
  afterAll(async () => {
    await room.remove();
  });

  it('has the plan’s digest, who approved it, and each line with what became of it', () => {
    const { plan } = report;
    expect(plan?.approvals.map(({ name, initials }) => `${name} ${initials}`)).toEqual(['Ann Baker AB', 'Carl Dahl CD']);
    expect(plan?.lines.map(({ place, result }) => `${place} ${result}`)).toEqual([
      'environment rehearsal',
      ' as-planned',
      'account as-planned',
      'policy as-planned',
      'people[0] as-planned',
      'people[1] as-planned',
      'wallets[0] as-planned',
      'wallets[0].items[0] as-planned',
      'wallets[0].items[0].identifier excepted',
      'wallets[0].items[1] unchecked',
      'wallets elsewhere',
    ]);
    const line = plan?.lines.find(({ result }) => result === 'excepted');
    expect(line).toMatchObject({ exceptions: [{ code: 'other-identifier', reason: REASON, initials: ['AB', 'CD'] }] });
    expect(line?.planned).toContain(ADDRESS);
    expect(line?.done).not.toContain(ADDRESS);
    expect(report.exceptions.some((one) => one.text.includes(ADDRESS) && one.text.includes(REASON))).toBe(true);
  });

  it('holds against its rows and its ledger, and does not once a line says something else', async () => {
    const { output } = await room.must('ceremony.check', { file: at('report.json'), pdf: at('report.pdf') });
    const digest = report.plan?.sha256 ?? sha256('');
    expect(output).toMatchObject({ ok: true, ledger: 'agrees', plan: { sha256: digest, lines: 11, departures: 1 } });
    expect((output['plan'] as { words: string[] }).words).toEqual(fingerprintWords(digest as ReturnType<typeof sha256>));
    const forged = structuredClone(report);
    const line = forged.plan?.lines.find(({ result }) => result === 'excepted');
    if (line !== undefined) line.result = 'as-planned';
    writeFileSync(at('forged.json'), JSON.stringify(forged));
    const checked = await room.must('ceremony.check', { file: at('forged.json') });
    expect((checked.output['findings'] as { code: string; message: string }[]).map(({ code }) => code)).toContain('report-signature');
  });

  it('has nothing of a secret and no path, nor have the escalation report and the exports', async () => {
    const { output } = await room.must('ceremony.escalation-report', { ceremony: '1' });
    await room.must('ledger.export', { out: at('export.jsonl'), format: 'jsonl' });
    const exported = readFileSync(at('export.jsonl'), 'utf8');
    expect(exported).toContain('a ceremony plan was approved');
    const told = [text, JSON.stringify(output), exported];
    for (const one of told) {
      expect(one).not.toContain('zoo zoo');
      expect(one).not.toContain(CANARY);
      expect(one).not.toContain(room.folder);
    }
    // What support gets names neither people nor what they wrote, nor the wallets' addresses.
    for (const secret of [REASON, 'Ann Baker', ADDRESS, PHRASE.trim()]) {
      expect(JSON.stringify(output)).not.toContain(secret);
      expect(exported).not.toContain(secret);
    }
  });

  it('of one without a plan says that there was none', async () => {
    await room.begin();
    await room.act('ceremony.abort', { reason: 'this is a test', initials: [] });
    await room.must('ceremony.report', { ceremony: '2', out: at('second.json') });
    expect((JSON.parse(readFileSync(at('second.json'), 'utf8')) as Report).plan).toBeNull();
    expect((await room.must('ceremony.check', { file: at('second.json') })).output['plan']).toBeNull();
  });

  it('follows on a script that bears the plan’s digest', async () => {
    const script = { script: 'rehearsal', environment: 'rehearsal' };
    const bare = await room.must('ceremony.script', { ...script, out: at('bare.pdf') });
    const planned = await room.must('ceremony.script', { ...script, out: at('planned.pdf'), plan: planFile(room) });
    expect(planned.output['sha256']).not.toBe(bare.output['sha256']);
    expect(await room.codes('ceremony.script', { ...script, out: at('none.pdf'), plan: room.secret('no.json', '{}') })).toEqual([
      'plan-not-ours',
    ]);
  });
});
