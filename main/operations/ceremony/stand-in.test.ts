import '../../../test/cheap-scrypt.mjs';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unreachableError } from '../../values/index.ts';
import { WORK, type CeremonyHome } from './home.fixture.ts';
import { newRooms } from './rooms.fixture.ts';

const newRoom = newRooms();

/** Where the built-in stand-in of a home's rehearsals is kept, sealed under a key of the keychain. */
const standInFile = (room: CeremonyHome): string => join(room.home, 'rehearsal.box');

describe('the stand-in of a rehearsal', () => {
  it('is thrown away at the next start when the app died between the last initials and that', async () => {
    const room = await newRoom();
    await room.begin();
    await WORK[0]?.work(room);
    await room.act('ceremony.environment', { typed: 'rehearsal' });
    await room.act('ceremony.practice-key');
    const box = readFileSync(standInFile(room));
    // As the ledger stands after such a death: ended, with file, key and API key still there.
    room.host.end = () => Promise.reject(new Error('the power went'));
    await expect(room.act('ceremony.escalate', { reason: 'x', initials: 'AB' })).rejects.toThrow('the power went');
    expect(readFileSync(standInFile(room))).toEqual(box);
    await room.restart();
    const view = await room.view();
    expect([view.state, view.has_token]).toEqual(['escalated', false]);
    expect(existsSync(standInFile(room))).toBe(false);
    expect(await room.keychainEntry('rehearsal-key')).toBeNull();
  });

  it('stays while another rehearsal is open, and goes with the last', async () => {
    const room = await newRoom();
    const first = await room.begin();
    const second = await room.begin();
    await room.act('ceremony.practice-key');
    await room.must('ceremony.escalate', { ceremony: first.ceremony_id, reason: 'begun twice' });
    expect(await room.view()).toMatchObject({ ceremony_id: second.ceremony_id, host: first.host, built_in: true, has_token: true });
    await room.act('ceremony.escalate', { reason: 'the last' });
    expect(existsSync(standInFile(room))).toBe(false);
    expect(await room.keychainEntry('rehearsal-key')).toBeNull();
  });

  it('that cannot be opened any more hinders nothing else, and a new rehearsal can begin once the old one was ended', async () => {
    const room = await newRoom();
    await room.begin();
    await room.act('ceremony.practice-key');
    await room.host.close();
    writeFileSync(standInFile(room), Buffer.alloc(500, 1));
    await room.restart();
    expect((await room.view()).built_in).toBe(false);
    expect(await room.refusal('ceremony.practice-key')).toEqual(['rehearsal-file-damaged']);
    expect(await room.codes('trust.add', { environment: 'rehearsal', source: 'fetch' })).toEqual(['rehearsal-file-damaged']);
    expect(await room.codes('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal' })).toEqual(['rehearsal-file-damaged']);
    for (const one of (await room.must('ceremony.list', {})).output['ceremonies'] as { ceremony_id: string }[]) {
      await room.must('ceremony.escalate', { ceremony: one.ceremony_id, reason: 'its stand-in is lost' });
    }
    expect(existsSync(standInFile(room))).toBe(false);
    expect((await room.begin()).built_in).toBe(true);
  });

  it('whose file is gone says so, and a new rehearsal can begin once the old one was ended', async () => {
    const room = await newRoom();
    await room.begin();
    await room.act('ceremony.practice-key');
    await room.host.close();
    rmSync(standInFile(room));
    await room.restart();
    expect((await room.view()).built_in).toBe(false);
    expect(await room.codes('trust.add', { environment: 'rehearsal', source: 'fetch' })).toEqual(['rehearsal-file-damaged']);
    expect(await room.codes('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal' })).toEqual(['rehearsal-file-damaged']);
    await room.act('ceremony.escalate', { reason: 'its stand-in is lost' });
    expect(await room.keychainEntry('rehearsal-key')).toBeNull();
    expect(await room.begin()).toMatchObject({ built_in: true, has_token: false });
  });

  it('is taken over by a second window when the first one closes', async () => {
    const room = await newRoom();
    const { host } = await room.begin();
    const second = room.sameHome();
    expect(await second.view()).toMatchObject({ host, built_in: false });
    await room.host.close();
    expect(await second.view()).toMatchObject({ host, built_in: true });
    await second.remove();
  });

  it('that a second window ended does not live on in the first, and the next rehearsal survives a restart', async () => {
    const room = await newRoom();
    await room.begin();
    await room.act('ceremony.practice-key');
    const second = room.sameHome();
    await second.act('ceremony.escalate', { reason: 'enough' });
    expect(existsSync(standInFile(room))).toBe(false);
    await second.remove();
    await room.begin();
    await room.act('ceremony.practice-key');
    await room.restart();
    expect(await room.view()).toMatchObject({ built_in: true, has_token: true });
  });

  it('whose port is taken says so, and goes on when the port is free again', async () => {
    const room = await newRoom();
    const { host } = await room.begin();
    await room.host.close();
    const other = createServer();
    await new Promise<void>((ready) => other.listen(Number(host?.split(':')[1]), '127.0.0.1', ready));
    await room.restart();
    expect(await room.refusal('ceremony.practice-key')).toEqual(['port-taken']);
    await new Promise((closed) => other.close(closed));
    expect(await room.refusal('ceremony.practice-key')).toEqual([]);
    expect(await room.view()).toMatchObject({ host, built_in: true, has_token: true });
  });
});

describe('the end of a ceremony', () => {
  it('leaves the stand-in to another rehearsal that is open, and takes it with the last', async () => {
    const room = await newRoom();
    await room.begin();
    const first = room.ceremony;
    await room.begin();
    await room.act('ceremony.practice-key');
    expect((await room.must('ceremony.escalate', { ceremony: first, reason: 'begun twice' })).codes).toEqual([]);
    expect(existsSync(standInFile(room))).toBe(true);
    expect((await room.view()).has_token).toBe(true);
    await room.act('ceremony.escalate', { reason: 'enough' });
    expect(existsSync(standInFile(room))).toBe(false);
    expect(await room.keychainEntry('rehearsal-key')).toBeNull();
  });

  it('stands where the stand-in cannot be taken away: that is a problem beside it', async () => {
    const room = await newRoom();
    await room.begin();
    room.host.end = () => Promise.reject(unreachableError('keychain-no-answer', 'the keychain did not answer'));
    const ended = await room.act('ceremony.escalate', { reason: 'enough' });
    expect(ended.codes).toEqual(['keychain-no-answer']);
    expect(ended.view).toMatchObject({ state: 'escalated', now: null });
  });
});
