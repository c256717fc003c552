/**
 * rehearsal: a stand-in for CoinCover, for practice and tests. Imports only `values`, `files` and `machine`, and shares no code
 * with the client: two readings of one contract. It listens on loopback alone, keeps everything in memory or in one encrypted
 * file, marks every answer as REHEARSAL, and does wrong only by the faults it is told to show.
 */
export { FAULTS, type FaultName } from './faults.ts';
export { discardKeptStandIn, openKeptStandIn, type KeptStandIn, type KeptStandInOptions } from './kept-stand-in.ts';
export type { KeyPool } from './key-pool.ts';
export { damagedRehearsal } from './saved-state.ts';
export type { ReleasePackage } from './release.ts';
export { createStandIn, StandIn, type HeldSummary, type SeenRequest, type StandInAddress, type StandInOptions } from './stand-in.ts';
