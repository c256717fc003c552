import '../../../test/cheap-scrypt.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStation } from './test-station.fixture.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

type View = {
  ceremony: { ceremony_id: string; now: { step: string; evidence_sha256: string; checks: { id: string; result: string }[] } };
};

describe('a clock that was set back', () => {
  const station = new TestStation();
  beforeAll(async () => {
    station.laterMs = YEAR_MS;
    await station.prepare();
  });
  afterAll(() => station.close());

  const act = async (name: Parameters<TestStation['must']>[0], input: object): Promise<View['ceremony']> =>
    ((await station.must(name, input)) as View).ceremony;

  /** What a ceremony's second step says of the clock. */
  async function inCeremony(): Promise<string | undefined> {
    const { ceremony_id: ceremony } = await act('ceremony.begin', { script: 'online: assign and carry', environment: 'rehearsal' });
    const people = [
      { name: 'Ann Baker', initials: 'AB', role: 'administrator' },
      { name: 'Carl Dahl', initials: 'CD', role: 'witness' },
    ];
    const { now } = await act('ceremony.people', { ceremony, people, place: 'Vault room 2', witness_clock: '10:00' });
    const initials = people.map((one) => ({ role: one.role, initials: one.initials }));
    await act('ceremony.sign-off', { ceremony, step: now.step, evidence_sha256: now.evidence_sha256, initials });
    const { now: tested } = await act('ceremony.self-test', { ceremony });
    return tested.checks.find(({ id }) => id === 'clock-plausible')?.result;
  }

  it('is told in a ceremony, whose own events are written by it already, and not where it runs on', async () => {
    expect(await inCeremony()).toBe('passed');
    station.laterMs = 0;
    expect(await inCeremony()).toBe('amber');
    const { output } = await station.run('self-check', {});
    expect(output?.['checks']).toContainEqual(expect.objectContaining({ id: 'clock-plausible', result: 'warn' }));
  });
});
