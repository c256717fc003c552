import { expect, it } from 'vitest';
import * as sealing from './index.ts';

it('shows other rooms these names and no other', () => {
  expect(Object.keys(sealing).sort()).toEqual([
    'LEAST_WORDS',
    'MOST_WORDS',
    'SEALED_BYTES_HIGHEST_LIMIT',
    'SEALED_BYTES_LIMIT',
    'SEALED_BYTES_WARNING',
    'bitsOfWords',
    'checkModeHolds',
    'checkOwnHalf',
    'checkOwnRules',
    'checkSecret',
    'chooseMode',
    'envelopeRecipient',
    'envelopeSize',
    'generatePassphrase',
    'hasPassphrase',
    'isBox',
    'isWordPassphrase',
    'lengthInCharacters',
    'openBox',
    'openEnvelope',
    'openSealed',
    'parseAssignedKey',
    'parsePrivateKey',
    'placesNotInList',
    'readPassphrase',
    'runSelfTest',
    'sealBox',
    'sealEnvelope',
    'sealSecret',
    'sealedSize',
    'subjectKeyId',
  ]);
});
