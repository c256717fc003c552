/**
 * Everything that the stand-in can do wrong on purpose, by name: the failure table of the contract, what goes wrong on the
 * way, and what a faulty or hostile enclave could answer. design.md, "The stand-in (rehearsal)".
 */
export const FAULTS = {
  'status-400': 'every POST is refused with 400',
  'status-401': 'every POST is refused with 401, as with an expired token',
  'status-403': 'every POST is refused with 403, as without the scope',
  'status-404': 'every POST is refused with 404',
  'status-408': 'every POST is answered with 408',
  'status-409': 'every POST is refused with 409',
  'status-413': 'every POST is refused with 413',
  'status-415': 'every POST is refused with 415',
  'status-429': 'every call is answered with 429 and Retry-After',
  'status-500': 'every call is answered with 500',
  'status-502': 'every call is answered with 502',
  'status-503': 'every call is answered with 503',
  'html-502': 'every POST is answered by a proxy, in HTML',
  'html-200': 'every POST is answered 200, in HTML, after it was carried out',
  'empty-answer': 'every POST is carried out and answered with nothing',
  'cut-answer': 'every POST is carried out and its answer cut short',
  'drop-before-store': 'the connection drops before a store is carried out',
  'drop-after-store': 'the connection drops after a store was carried out',
  slow: 'every answer takes three seconds',
  'bad-signature': 'the assignment is signed over other bytes',
  'wrong-purpose': 'the signing key is not for assignments',
  'not-yet-valid-key': 'the signing key is valid from 2999',
  'rotated-key': 'the signing key rotates between the JWKS and the assignment',
  'redirecting-jwks': 'the JWKS address redirects',
  'p1363-signature': 'the signature is in IEEE P1363 form, not DER',
  'uppercase-fingerprint': 'key_fingerprint is signed in upper case',
  'reordered-fields': 'signed_fields comes in another order',
  'swapped-key': 'another public key is put into the answer after signing',
  'key-2048': 'the assigned key has 2048 bits',
  'pkcs1-key': 'the public key is delivered as PKCS#1 (which is allowed)',
  'false-key-verify': 'every key is said to be invalid',
  'false-backup-verify': 'every backup is said to be invalid',
  'cold-not-checkable': 'COLD keys and their backups are said to be held offline',
  'wrong-checksum': 'a store answers with another checksum',
  'not-a-uuid': 'a store answers with a backup_id that is no uuid',
} as const;

export type FaultName = keyof typeof FAULTS;
