import '../../../test/cheap-scrypt.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStation } from '../station/test-station.fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('a drill is due', () => {
  const station = new TestStation();
  let keyId = '';
  beforeAll(async () => {
    await station.prepare();
    keyId = String((await station.assign()).output?.['key_id']);
  });
  afterAll(() => station.close());

  /** The drills that are due at a clock so many days off; each is done by that. */
  const drillAt = async (days: number): Promise<unknown> => {
    station.laterMs = days * DAY_MS;
    return (await station.must('verify', { what: { which: 'due' } }))['results'];
  };
  const ofKey = () => [{ kind: 'key', id: keyId, check: 'valid' }];

  it('once its days are over, and not before', async () => {
    expect(await drillAt(0)).toEqual(ofKey());
    expect(await drillAt(29)).toEqual([]);
    expect(await drillAt(31)).toEqual(ofKey());
  });

  it('when the last was done by a clock that is ahead of now, and not for the minutes that clocks differ by', async () => {
    expect(await drillAt(366)).toEqual(ofKey());
    expect(await drillAt(365.5)).toEqual([]);
    expect(await drillAt(60)).toEqual(ofKey());
    expect(await drillAt(60)).toEqual([]);
  });
});
