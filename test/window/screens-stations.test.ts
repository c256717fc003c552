import '../cheap-scrypt.mjs';
import { lookThrough } from './screens.ts';

lookThrough('stations', {
  least: 51,
  bearingSecrets: [
    'passphrase',
    'passphrase-words',
    'passphrase-back',
    'passphrase-half',
    'passphrase-half-second',
    'passphrase-halves-kept',
    'passphrase-own-refused',
    'recovery-request',
    'recovery-released',
    'recovery-released-wrong',
    'recovery-result',
  ],
});
