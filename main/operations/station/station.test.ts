import '../../../test/cheap-scrypt.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireStationFile } from './home.ts';
import { openKeychain } from './open-keychain.ts';
import { TestStation } from './test-station.fixture.ts';

const station = new TestStation();
beforeAll(() => station.prepare());
afterAll(() => station.close());

/** Changes the remembered checkpoint behind the station's back. @returns what it was. */
async function remember(value: Buffer | null): Promise<Buffer | null> {
  const file = await requireStationFile(station.context.home);
  const keychain = await openKeychain(station.context, file.keychain);
  const entry = `${file.keychain_scope}/checkpoint`;
  try {
    const before = await keychain.get(entry);
    if (value === null) await keychain.delete(entry);
    else await keychain.set(entry, value);
    return before;
  } finally {
    await keychain.close();
  }
}

describe('the checkpoint that the keychain remembers', () => {
  it.each(['{', '', 'null', '[]', '{"ledger_id":"x","seq":1}', '{"ledger_id":"x","seq":"1","head":""}', '\uFEFF{}'])(
    'is refused as a damaged entry where it reads %j, by whoever needs it',
    async (text) => {
      const before = await remember(Buffer.from(text, 'utf8'));
      try {
        for (const [name, input] of [
          ['ledger.check', {}],
          ['logout', { environment: 'rehearsal' }],
        ] as const) {
          const { problems } = await station.run(name, input);
          expect(problems).toEqual([expect.objectContaining({ family: 'check', code: 'keychain-entry-damaged' })]);
          expect(problems[0]?.message).toContain('what the keychain remembers of the ledger’s end');
        }
      } finally {
        await remember(before);
      }
      expect(await station.must('ledger.check', {})).toMatchObject({ ok: true });
    },
  );
});
