import { afterAll, afterEach } from 'vitest';
import { CeremonyHome } from './home.fixture.ts';

/** For the tests of one file. @returns takes a home that goes after the test that asked for it, and gives it back. */
export function removedAfterEach(): (room: CeremonyHome) => CeremonyHome {
  const rooms: CeremonyHome[] = [];
  afterEach(async () => {
    for (const room of rooms.splice(0)) await room.remove();
  });
  return (room) => {
    rooms.push(room);
    return room;
  };
}

/** Stations as after their first start, for the tests of one file: one is made, and every test has a copy of its own. */
export function newRooms(): () => Promise<CeremonyHome> {
  const kept = removedAfterEach();
  let base: Promise<CeremonyHome> | null = null;
  afterAll(async () => (await base)?.remove());
  return async () => {
    base ??= CeremonyHome.make();
    return kept((await base).fork());
  };
}
