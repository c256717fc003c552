import SqliteDatabase from 'better-sqlite3';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WINDOW_OPERATIONS } from '../../main/operations/index.ts';
import { playedOsKeychain } from './os-keychain.fixture.ts';
import { ask, codeOf, must, OpenSessions } from './session.fixture.ts';
import type { Session, SessionOptions } from './session.ts';

const PASSPHRASE = 'canary-4711 passphrase of the keychain';
const folder = mkdtempSync(join(tmpdir(), 'coldroom-lock-'));
const sessions = new OpenSessions();
const { events } = sessions;
const osKeychain = playedOsKeychain();
const homes = { file: join(folder, 'file'), os: join(folder, 'os') };

afterEach(() => sessions.close());
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function open(keychain: 'file' | 'os', options: Partial<SessionOptions> = {}): Session {
  return sessions.open({ home: homes[keychain], spawnKeychainChild: osKeychain, ...options });
}

/** A window on a station with a ceremony under way, open. */
async function started(keychain: 'file' | 'os', options: Partial<SessionOptions> = {}): Promise<Session> {
  const session = open(keychain, options);
  if (keychain === 'file') await must(session, 'window.unlock', { passphrase: PASSPHRASE });
  return session;
}

beforeAll(async () => {
  for (const keychain of ['file', 'os'] as const) {
    const session = open(keychain);
    const passphrase = keychain === 'file' ? PASSPHRASE : null;
    await must(session, 'window.first-start', { role: 'single', name: 'desk', keychain, passphrase });
    await begin(session);
  }
});

/** A ceremony with Ann Baker (AB) and Carl Dahl (CD) in it, at the self-test. */
async function begin(session: Session): Promise<void> {
  const { ceremony } = (await must(session, 'ceremony.begin', { script: 'rehearsal', environment: 'rehearsal' })) as {
    ceremony: { ceremony_id: string };
  };
  const id = ceremony.ceremony_id;
  await must(session, 'ceremony.people', {
    ceremony: id,
    people: [
      { name: 'Ann Baker', initials: 'AB', role: 'administrator' },
      { name: 'Carl Dahl', initials: 'CD', role: 'witness' },
    ],
    place: 'Vault room 2',
    witness_clock: '10:00',
  });
}

type Reopened = { by: string | null; locked_at: string; at: string };

/** What the ledger keeps of windows that were opened again, in order. */
function reopenings(keychain: 'file' | 'os'): Reopened[] {
  const database = new SqliteDatabase(join(homes[keychain], 'ledger.sqlite'), { readonly: true });
  try {
    const rows = database.prepare<[], { bytes: string }>('SELECT bytes FROM event ORDER BY seq').all();
    return rows
      .map(({ bytes }) => JSON.parse(bytes) as { data: { name?: string; value?: unknown } })
      .filter(({ data }) => data.name === 'reopened')
      .map(({ data }) => data.value as Reopened);
  } finally {
    database.close();
  }
}

describe('a locked window', () => {
  it.each(['file', 'os'] as const)('with a keychain of the kind %s does nothing but open again', async (keychain) => {
    const session = await started(keychain);
    expect(await must(session, 'window.state')).toMatchObject({ locked: false });
    session.lock();
    expect(events).toContainEqual({ event: 'locked' });
    expect(await must(session, 'window.state')).toMatchObject({ locked: true, unlock: keychain === 'file' ? 'passphrase' : 'initials' });
    for (const operation of [...WINDOW_OPERATIONS, 'window.browse', 'window.camera', 'window.code-part', 'window.copy', 'window.cancel']) {
      expect(await codeOf(session, operation)).toBe('window-locked');
    }
    await must(session, 'window.active');
    expect(await must(session, 'window.state')).toMatchObject({ locked: true });
  });

  it('locks by itself after a while without input, and not while there is some', async () => {
    const session = await started('file', { lockAfterMs: 2500 });
    for (let time = 0; time < 8; time += 1) {
      await pause(500);
      await must(session, 'window.active');
    }
    expect(events.filter((one) => one.event === 'locked')).toEqual([]);
    await expect.poll(() => events.some((one) => one.event === 'locked')).toBe(true);
    expect(events.map((one) => one.event).indexOf('lock-soon')).toBeLessThan(events.map((one) => one.event).indexOf('locked'));
  });

  it('with a file opens under its passphrase alone, and the ceremony’s record says when', async () => {
    const session = await started('file');
    const before = reopenings('file').length;
    await must(session, 'window.lock');
    expect(await codeOf(session, 'window.go-on', { initials: 'AB' })).toBe('window-locked');
    expect(await codeOf(session, 'window.unlock', { passphrase: 'canary-4711 wrong' })).toBe('keychain-passphrase-wrong');
    expect(await must(session, 'window.state')).toMatchObject({ locked: true });
    await must(session, 'window.unlock', { passphrase: PASSPHRASE });
    expect(await must(session, 'window.state')).toMatchObject({ locked: false, locked_since: null });
    await must(session, 'ceremony.list'); // after what is noted
    expect(reopenings('file')).toHaveLength(before + 1);
    expect(reopenings('file').at(-1)?.by).toBe(null);
  });

  it('with the system’s keychain opens to a person of the ceremony, whose initials are kept', async () => {
    const session = await started('os');
    const before = reopenings('os').length;
    await must(session, 'window.lock');
    expect(await codeOf(session, 'window.go-on', { initials: null })).toBe('initials-missing');
    expect(await codeOf(session, 'window.go-on', { initials: 'ZZ' })).toBe('initials-unknown');
    expect(await must(session, 'window.state')).toMatchObject({ locked: true });
    await must(session, 'window.go-on', { initials: ' cd ' });
    await must(session, 'ceremony.list');
    expect(reopenings('os')).toHaveLength(before + 1);
    const last = reopenings('os').at(-1);
    expect(last?.by).toBe('CD');
    expect(Date.parse(last?.locked_at ?? '')).toBeLessThanOrEqual(Date.parse(last?.at ?? ''));
  });

  it.each(['file', 'os'] as const)('lets work under way end, and opens before that (%s)', async (keychain) => {
    const session = await started(keychain);
    const { ceremonies } = (await must(session, 'ceremony.list')) as { ceremonies: { ceremony_id: string }[] };
    const work = ask(session, 'ceremony.self-test', { ceremony: ceremonies[0]?.ceremony_id });
    await expect.poll(() => session.isBusy()).toBe(true);
    session.lock();
    if (keychain === 'file') {
      expect(await codeOf(session, 'window.unlock', { passphrase: 'canary-4711 wrong' })).toBe('keychain-passphrase-wrong');
      await must(session, 'window.unlock', { passphrase: PASSPHRASE });
    } else await must(session, 'window.go-on', { initials: 'AB' });
    expect(session.isBusy()).toBe(true);
    expect(await work).toMatchObject({ ok: true, problems: [] });
    expect(await codeOf(session, 'ceremony.show', { ceremony: ceremonies[0]?.ceremony_id })).toBe(null);
  });

  it('keeps what people chose: after how long, beside how it looks', async () => {
    const session = await started('file');
    await must(session, 'window.set-theme', { theme: 'dark' });
    expect(await must(session, 'window.state')).toMatchObject({ lock_minutes: 10, theme: 'dark' });
    await must(session, 'window.set-lock', { minutes: 30 });
    expect(await must(open('file'), 'window.state')).toMatchObject({ lock_minutes: 30, theme: 'dark' });
    for (const minutes of [0, 61, 2.5]) expect(await codeOf(session, 'window.set-lock', { minutes })).toBe('input-invalid');
    writeFileSync(join(homes.file, 'window.json'), '{"theme":"dark","lock_minutes":0}');
    expect(await must(session, 'window.state')).toMatchObject({ lock_minutes: 10, theme: 'dark' });
  });
});
