import './cheap-scrypt.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOperation, type OperationName } from '../main/operations/index.ts';
import { systemClock } from '../main/values/index.ts';
import { coldroom, TestStation, type Run } from './command-line.ts';

const SOFTWARE = { version: '0.0.7', sha256: 'b'.repeat(64) };

describe('an ended ceremony on the command line', () => {
  const station = new TestStation();
  const auditor = new TestStation();

  /** What people do in a window. */
  async function inWindow(name: OperationName, input: unknown): Promise<Record<string, unknown>> {
    const { output } = await runOperation(
      name,
      {
        home: station.home,
        clock: systemClock,
        keychainPassphraseFile: station.path('passphrase'),
        spawnKeychainChild: () => {
          throw new Error('a file keychain starts no child');
        },
        software: () => ({ ...SOFTWARE, built_at: null }),
        onProgress: () => undefined,
        onNote: () => undefined,
      },
      input,
    );
    return output as Record<string, unknown>;
  }

  const plain = (command: string): Promise<Run> =>
    coldroom([
      '--home',
      station.home,
      '--keychain-passphrase-file',
      station.path('passphrase'),
      ...command.split(' ').map((word) => (word.startsWith('@') ? station.path(word.slice(1)) : word)),
    ]);

  beforeAll(async () => {
    await station.must('init --role cold --keychain file --name vault');
    const { ceremony } = (await inWindow('ceremony.begin', { script: 'cold: seal', environment: 'sandbox' })) as {
      ceremony: { ceremony_id: string };
    };
    await inWindow('ceremony.escalate', { ceremony: ceremony.ceremony_id, reason: 'the stick is gone' });
    await station.must('ceremony report 1 --out @report.json --pdf @report.pdf');
  });
  afterAll(() => {
    station.remove();
    auditor.remove();
  });

  it('is listed, and its report names the step at which it was stopped', async () => {
    expect((await station.must('ceremony list')).out).toMatchObject({ ceremonies: [{ number: 1, state: 'escalated' }] });
    expect(station.json('report.json')).toMatchObject({
      coldroom: 'report/1',
      ceremony: { state: 'escalated', reason: 'the stick is gone' },
      steps: [{ id: 'people', signed: [] }],
      software: SOFTWARE, // that which ran the ceremony, not that which writes of it
    });
    expect(readFileSync(station.path('report.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('is proved at its station, and where there is none, and refused with exit 3 where a byte is changed', async () => {
    expect((await station.must('ceremony check @report.json --pdf @report.pdf')).out).toMatchObject({
      ok: true,
      macs: 'valid',
      ledger: 'agrees',
      pdf: 'a4',
    });
    const text = readFileSync(station.path('report.json'), 'utf8');
    writeFileSync(auditor.path('report.json'), text);
    expect((await auditor.must('ceremony check @report.json')).out).toMatchObject({ ok: true, macs: 'not-checkable', ledger: 'not-here' });
    const here = await plain('ceremony check @report.json');
    expect([here.code, here.stdout]).toEqual([0, expect.stringContaining('ceremony 1, escalated: everything holds')]);

    writeFileSync(auditor.path('changed.json'), text.replace('the stick is gone', 'the stick is lost'));
    const changed = await auditor.run('ceremony check @changed.json');
    expect([changed.code, changed.error?.code, changed.out['ok']]).toEqual([3, 'report-signature', false]);
    const odd = await auditor.run('ceremony check @passphrase');
    expect([odd.code, odd.error?.code]).toEqual([2, 'report-invalid']);
  });

  it('has an escalation report, as text and as a file, with no reason in it', async () => {
    const { out } = await station.must('ceremony escalation-report 1 --out @escalation.json');
    expect(station.json('escalation.json')).toEqual(out['report']);
    const { stdout } = await plain('ceremony escalation-report 1');
    expect(stdout).toMatch(/^ceremony 1 [0-9a-f-]{36}$/m);
    expect(stdout).toMatch(/^stopped at people/m);
    expect(`${stdout}${JSON.stringify(out)}`).not.toContain('the stick is gone');
    const again = await station.run('ceremony escalation-report 1 --out @escalation.json');
    expect([again.code, again.error?.code]).toEqual([2, 'output-exists']);
  });

  it.each([
    ['ceremony report 2 --out @x.json', 'ceremony-unknown'],
    ['ceremony report one --out @x.json', 'input-invalid'],
    ['ceremony report 1', 'usage'],
    ['ceremony report 1 --out @report.json', 'output-exists'],
    ['ceremony report 1 --out @x.json --paper a3', 'input-invalid'],
    ['ceremony escalation-report', 'usage'],
    ['ceremony check', 'usage'],
    ['ceremony script --script rehearsal --environment production --out @x.pdf', 'script-environment'],
    ['ceremony script --script another --environment production --out @x.pdf', 'script-unknown'],
  ])('is refused with exit 2: %s', async (command, code) => {
    const { code: exit, error } = await station.run(command);
    expect([exit, error?.code]).toEqual([2, code]);
    expect(station.files()).not.toContain('x.json');
    expect(station.files()).not.toContain('x.pdf');
  });
});
