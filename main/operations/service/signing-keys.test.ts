import '../../../test/cheap-scrypt.mjs';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStation } from '../station/test-station.fixture.ts';

const station = new TestStation();
beforeAll(() => station.prepare());
afterAll(() => station.close());

const PAGE = '<html>sign in to the network</html>';

/** The stand-in's own list, with other members in its one entry. */
async function listWith(members: object): Promise<string> {
  const port = station.standIn.lastPort ?? 0;
  const text = await (await fetch(`http://127.0.0.1:${port.toString()}/.well-known/jwks.json`)).text();
  const { keys } = JSON.parse(text) as { keys: object[] };
  return JSON.stringify({ keys: keys.map((entry) => ({ ...entry, ...members })) });
}

describe('an assignment', () => {
  it.each<[string, () => string | Promise<string>, string]>([
    ['a web page', () => PAGE, 'jwks-not-json'],
    ['JSON that is no list', () => '{}', 'jwks-invalid'],
    ['a member twice', () => '{"keys":[],"keys":[]}', 'jwks-duplicate-member'],
    ['a private key', () => listWith({ d: 'AAAA' }), 'jwks-private-key'],
    ['a point that is none', () => listWith({ x: 'A'.repeat(43) }), 'jwks-point'],
    ['an empty list', () => '{"keys":[]}', 'jwks-no-usable-key'],
    ['keys for something else', () => listWith({ 'coincover:purposes': ['policy-sig'] }), 'jwks-no-usable-key'],
    ['keys of a later time', () => listWith({ 'coincover:validFrom': '2999-01-01T00:00:00Z' }), 'jwks-no-usable-key'],
  ])('sends nothing where the signing keys are %s', async (_name, makeList, code) => {
    const before = station.posts();
    const list = await makeList();
    station.jwksInstead.push(list, list);
    const { output, problems, out } = await station.assign();
    expect(problems).toEqual([expect.objectContaining({ family: 'check', code })]);
    expect(output).toMatchObject({ state: 'not-sent', assignment_id: null, file: null });
    expect(station.jwksInstead).toEqual([]);
    expect([station.posts(), existsSync(out)]).toEqual([before, false]);
    expect((await station.eventsOf('refusal')).at(-1)).toMatchObject({ operation: 'assign', code });
    expect(await station.eventsOf('assignment-begun')).toEqual([]);
  });

  it('looks a second time, where the first list may be one that was kept', async () => {
    station.jwksInstead.push(PAGE);
    const fetches = station.jwksFetches;
    expect((await station.assign()).output).toMatchObject({ state: 'assigned' });
    expect(station.jwksFetches).toBe(fetches + 2);
  });

  it('is judged by a second list where none of the first signed the answer, and by the first where the second is a page', async () => {
    const fetches = station.jwksFetches;
    station.jwksInstead.push(await listWith({}), PAGE);
    station.standIn.setFault('bad-signature', { times: 1 });
    const { output, problems } = await station.assign();
    expect(problems.map((one) => one.code)).toEqual(['signature-invalid']);
    expect(station.jwksFetches).toBe(fetches + 2);
    expect(await station.eventsOf('assignment-jwks-refetched')).toEqual([]);
    // The answer is as bad as before; the list that comes now is another one, and is kept with it.
    const again = await station.run('assign', { recheck: output?.['assignment_id'], out: station.path('late.json') });
    expect(again.problems.map((one) => one.code)).toEqual(['signature-invalid']);
    expect(await station.eventsOf('assignment-jwks-refetched')).toHaveLength(1);
  });
});

describe('a recheck', () => {
  it('fetches the list anew where the one kept with the answer cannot be read', async () => {
    // Earlier versions asked for a key before they had read the list.
    expect((await station.assign()).output).toMatchObject({ state: 'assigned' });
    const id = await station.inside(({ ledger }) => {
      const events = [...ledger.events()];
      const begun = events.findLast((event) => event.type === 'assignment-begun')?.data;
      const answered = events.findLast((event) => event.type === 'assignment-answered')?.data;
      if (begun === undefined || answered === undefined) throw new Error('nothing was assigned');
      const assignment_id = '7d0f0c1e-8f8e-4a38-9a53-5f0a7b1f2c11';
      ledger.append({ type: 'assignment-begun', data: { ...begun, assignment_id, jwks: PAGE } });
      ledger.append({ type: 'assignment-answered', data: { ...answered, assignment_id } });
      ledger.append({ type: 'assignment-ended', data: { assignment_id, state: 'quarantined', reason: 'jwks-not-json' } });
      return assignment_id;
    });
    const recheck = () => station.run('assign', { recheck: id, out: station.path('anew.json') });
    station.jwksInstead.push(PAGE);
    expect((await recheck()).problems.map((one) => one.code)).toEqual(['jwks-not-json']);
    const before = station.posts();
    const { problems } = await recheck();
    expect(problems.map((one) => one.code)).toEqual(['key-id-known']); // it is the very key that was assigned above, and good
    expect(station.posts()).toBe(before);
    expect((await station.eventsOf('assignment-jwks-refetched')).at(-1)).toMatchObject({ assignment_id: id });
  });
});
