import { finding } from './finding.ts';
import type { KindReader } from './kind.ts';

const UNCHECKED = finding('opaque-unchecked', 'nobody checked what this is');

/**
 * Anything: no checks but that there is something, no identifiers, and for good the finding `opaque-unchecked`. It is valid
 * only in the sense that there is nothing it could fail; screens show it in amber.
 */
export const opaque: KindReader = {
  kind: 'opaque',
  identifiers: {},
  takesBip39Passphrase: false,
  takesPassword: false,
  resembles: () => true,
  read: (secret) =>
    secret.length === 0
      ? { valid: false, findings: [finding('secret-empty', 'it is empty'), UNCHECKED] }
      : { valid: true, findings: [UNCHECKED], open: null },
};
