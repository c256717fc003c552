import './cheap-scrypt.mjs';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coldroom, TestStation } from './command-line.ts';

describe('a policy on the command line', () => {
  const station = new TestStation();

  beforeAll(async () => {
    await station.must('init --role cold --keychain file --name vault');
  });
  afterAll(() => {
    station.remove();
  });

  it('is written, changed by hand, set in somebody’s name, and shown with its digest', async () => {
    expect((await station.must('policy show')).out).toMatchObject({ administrator: null, set_at: null });
    const { out: written } = await station.must('policy new --out @rules.json');
    const text = readFileSync(station.path('rules.json'), 'utf8');
    station.write('rules.json', text.replace('"network_gate": "warn"', '"network_gate": "stop"'));
    await station.must('policy set @rules.json --administrator Ann');
    const { out: shown } = await station.must('policy show');
    expect(shown).toMatchObject({ administrator: 'Ann', rules: { network_gate: 'stop' }, gate_set_since: false });
    expect(shown['policy_sha256']).not.toBe(written['policy_sha256']);
    expect((await station.must('network')).out).toMatchObject({ policy: 'stop' });
    const plain = await coldroom(['--home', station.home, 'policy', 'show']);
    expect(plain.stdout).toContain('set by "Ann"');
    expect(plain.stdout).toContain(`digest ${String(shown['policy_sha256'])}`);
  });

  it('is refused with exit 2 where the file or the name is missing or wrong, and the one before stands', async () => {
    const before = (await station.must('policy show')).out;
    const text = readFileSync(station.path('rules.json'), 'utf8');
    station.write('twice.json', text.replace('"same_person_may_sign_twice": false', '"same_person_may_sign_twice": true'));
    for (const [command, code] of [
      ['policy set @twice.json --administrator Ann', 'policy-same-person'],
      ['policy set @passphrase --administrator Ann', 'policy-not-json'],
      ['policy set @missing.json --administrator Ann', 'file-missing'],
      ['policy set @rules.json', 'usage'],
      ['policy set --administrator Ann', 'usage'],
      ['policy new', 'usage'],
      ['policy new --out @rules.json', 'output-exists'],
    ] as const) {
      const run = await station.run(command);
      expect([command, run.code, run.error?.code]).toEqual([command, 2, code]);
    }
    expect((await station.must('policy show')).out).toEqual(before);
    expect((await station.must('ledger check')).out).toMatchObject({ ok: true });
  });
});
