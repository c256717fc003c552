// For suites that are not about scrypt, imported first in a file: scrypt at a cost of next to nothing, here and in every Node that is
// started from here. A start of the command line spends most of its time in it, and none of what such a suite looks at depends on it.
// Boxes made so open only so: what another implementation opens is made without. Who must not take it stands in cheap-scrypt.test.ts.
import process from 'node:process';
import { cheapen } from './proof/faults/cheap-scrypt.mjs';

const SWITCH = `--import ${import.meta.url}`;

cheapen();
const given = process.env.NODE_OPTIONS ?? '';
if (!given.includes(SWITCH)) process.env.NODE_OPTIONS = `${given} ${SWITCH}`.trim();
