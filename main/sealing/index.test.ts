import { expect, it } from 'vitest';
import * as sealing from './index.ts';

it('shows other rooms these names and no other', () => {
  expect(Object.keys(sealing).sort()).toEqual([
    'SEALED_BYTES_HIGHEST_LIMIT',
    'SEALED_BYTES_LIMIT',
    'SEALED_BYTES_WARNING',
    'checkModeHolds',
    'checkSecret',
    'chooseMode',
    'envelopeSize',
    'isBox',
    'openBox',
    'openEnvelope',
    'openSealed',
    'parseAssignedKey',
    'parsePrivateKey',
    'readPassphrase',
    'runSelfTest',
    'sealBox',
    'sealEnvelope',
    'sealSecret',
    'sealedSize',
  ]);
});
