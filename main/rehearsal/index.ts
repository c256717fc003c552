/**
 * rehearsal: a stand-in for CoinCover, for practice and tests. Speaks the contract over loopback and nothing else. Imports
 * only `values`, and shares no code with the client: two readings of one contract.
 */
export { FAULTS, type FaultName } from './faults.ts';
export type { ReleasePackage } from './release.ts';
export { StandIn } from './stand-in.ts';
