import '../cheap-scrypt.mjs';
import { lookThrough } from './screens.ts';

lookThrough('plans', {
  least: 30,
  bearingSecrets: [
    'planned-secrets-stop',
    'planned-secrets-found',
    'planned-exception',
    'planned-nearest-words',
    'planned-passphrase',
    'planned-other-wallet',
    'planned-recovery-result-other',
  ],
});
