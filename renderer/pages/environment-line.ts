import type { Output } from '../bridge.ts';

/** One environment as the station has set it up. */
export type EnvironmentLine = Output<'environment.list'>['environments'][number];
