import '../../../test/cheap-scrypt.mjs';
import { describe, expect, it } from 'vitest';
import { newRooms } from './rooms.fixture.ts';
import type { OperationName } from '../index.ts';

const newRoom = newRooms();

describe('beginning', () => {
  it('numbers ceremonies, and holds scripts and environments together', async () => {
    const room = await newRoom();
    await room.must('environment.set', { name: 'sandbox' });
    expect((await room.begin()).number).toBe(1);
    expect((await room.begin('single-station backup', 'sandbox')).number).toBe(2);
    expect(await room.codes('ceremony.begin', { script: 'rehearsal', environment: 'sandbox' })).toEqual(['script-environment']);
    expect(await room.codes('ceremony.begin', { script: 'single-station backup', environment: 'rehearsal' })).toEqual([
      'script-environment',
    ]);
    expect(await room.codes('ceremony.begin', { script: 'single-station backup', environment: 'production' })).toEqual([
      'environment-not-set',
    ]);
    expect(await room.codes('ceremony.begin', { script: 'drill', environment: 'sandbox' })).toEqual(['script-unknown']);
    expect(await room.codes('ceremony.begin', { script: 'cold: seal', environment: 'sandbox' })).toEqual(['not-on-this-station']);
    const { output } = await room.must('ceremony.list', {});
    expect((output['ceremonies'] as { number: number }[]).map((one) => one.number)).toEqual([2, 1]);
  });

  it('is refused for what this shell withholds, and so is everything else there', async () => {
    const room = await newRoom();
    await room.must('environment.set', { name: 'sandbox' });
    await room.begin('single-station backup', 'sandbox');
    room.withheld = ['sandbox', 'production'];
    const refused: [OperationName, unknown][] = [
      ['environment.set', { name: 'production' }],
      ['environment.set', { name: 'sandbox', drill_days: 3 }],
      ['login', { environment: 'sandbox', token: 'x' }],
      ['logout', { environment: 'sandbox' }],
      ['trust.add', { environment: 'sandbox', account_id: 'x' }],
      ['trust.add', { environment: 'sandbox', source: 'fetch' }],
      ['ceremony.begin', { script: 'single-station backup', environment: 'sandbox' }],
      ['ceremony.environment', { ceremony: room.ceremony, typed: 'sandbox' }],
      ['ceremony.escalate', { ceremony: room.ceremony, reason: 'x' }],
    ];
    const head = room.ledger((_, ledger) => ledger.head());
    for (const [name, input] of refused) expect([name, await room.codes(name, input)]).toEqual([name, ['environment-withheld']]);
    expect(room.ledger((_, ledger) => ledger.head())).toEqual(head);
    expect(await room.codes('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal' })).toEqual([]);
  });
});
