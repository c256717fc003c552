import type { CallKind } from './calls.ts';

type Fault = {
  /** One line, for the command line's list. */
  readonly description: string;
  /** The calls that meet the fault; the others are answered as if there were none. */
  readonly touches: readonly CallKind[];
};

const STORES = ['store-data', 'store-file'] as const;
const POSTS = ['assign', ...STORES] as const;
const VERIFIES = ['verify-key', 'verify-backup'] as const;
const SERVICE = [...POSTS, ...VERIFIES] as const;

/**
 * Everything that the stand-in can do wrong on purpose, by name: the failure table of the contract, what goes wrong on the way,
 * and what a faulty or hostile enclave could answer. Statuses, HTML and drops come before anything is looked at, the token
 * included, as from a proxy. design.md, "The stand-in (rehearsal)".
 */
export const FAULTS = {
  'status-400': { description: 'every POST is refused with 400', touches: POSTS },
  'status-401': { description: 'every POST is refused with 401, as with an expired token', touches: POSTS },
  'status-403': { description: 'every POST is refused with 403, as without the scope', touches: POSTS },
  'status-404': { description: 'every POST is refused with 404', touches: POSTS },
  'status-408': { description: 'every POST is answered with 408', touches: POSTS },
  'status-409': { description: 'every POST is refused with 409', touches: POSTS },
  'status-413': { description: 'every POST is refused with 413', touches: POSTS },
  'status-415': { description: 'every POST is refused with 415', touches: POSTS },
  'status-429': { description: 'every POST and every verify call is answered with 429 and Retry-After', touches: SERVICE },
  'status-500': { description: 'every POST and every verify call is answered with 500', touches: SERVICE },
  'status-502': { description: 'every POST and every verify call is answered with 502', touches: SERVICE },
  'status-503': { description: 'every POST and every verify call is answered with 503', touches: SERVICE },
  'html-502': { description: 'every POST is answered by a proxy with 502 in HTML, and not carried out', touches: POSTS },
  'html-200': { description: 'every POST is carried out and answered with 200 in HTML', touches: POSTS },
  'empty-answer': { description: 'every POST is carried out and answered with 200 and nothing', touches: POSTS },
  'cut-answer': { description: 'every POST is carried out and its answer cut short', touches: POSTS },
  'drop-before-store': { description: 'the connection drops before a store is carried out', touches: STORES },
  'drop-after-store': { description: 'the connection drops after a store was carried out', touches: STORES },
  slow: { description: 'every answer comes three seconds late', touches: ['jwks', ...SERVICE] },
  'bad-signature': { description: 'the assignment is signed over other bytes', touches: ['assign'] },
  'wrong-purpose': { description: 'the signing key is not published for assignments', touches: ['jwks'] },
  'not-yet-valid-key': { description: 'the signing key is published as valid from tomorrow', touches: ['jwks'] },
  'rotated-key': { description: 'the signing key rotates between the JWKS and the assignment', touches: ['assign'] },
  'redirecting-jwks': { description: 'the JWKS address redirects to another that answers', touches: ['jwks'] },
  'p1363-signature': { description: 'the signature is in IEEE P1363 form, not in DER', touches: ['assign'] },
  'uppercase-fingerprint': { description: 'key_fingerprint is signed in upper case', touches: ['assign'] },
  'reordered-fields': { description: 'signed_fields comes in reverse order', touches: ['assign'] },
  'swapped-key': { description: 'another public key is put into the answer after signing', touches: ['assign'] },
  'key-2048': { description: 'the assigned RSA key has 2048 bits', touches: ['assign'] },
  'pkcs1-key': { description: 'the RSA public key is delivered as PKCS#1, which is allowed', touches: ['assign'] },
  'false-key-verify': { description: 'every key is said to be invalid', touches: ['verify-key'] },
  'false-backup-verify': { description: 'every backup is said to be invalid', touches: ['verify-backup'] },
  'cold-not-checkable': { description: 'COLD keys and their backups are said to be held offline', touches: VERIFIES },
  'wrong-checksum': { description: 'secure/data is carried out and answered with another checksum', touches: ['store-data'] },
  'not-a-uuid': { description: 'a store is carried out and answered with a backup_id that is no uuid', touches: STORES },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

/** Which fault is on, and for how many calls more. */
export class FaultSwitch {
  #fault: FaultName | null = null;
  #callsLeft = 0;

  /** Turns a fault on for the next `times` calls that it touches (without end where nothing is said); null turns it off. */
  set(fault: FaultName | null, times = Number.POSITIVE_INFINITY): void {
    this.#fault = fault;
    this.#callsLeft = times;
  }

  /** The fault that this call meets, or null. Only calls that it touches are counted. */
  take(call: CallKind): FaultName | null {
    if (this.#fault === null || this.#callsLeft < 1 || !isTouched(FAULTS[this.#fault], call)) return null;
    this.#callsLeft -= 1;
    return this.#fault;
  }
}

function isTouched(fault: Fault, call: CallKind): boolean {
  return fault.touches.includes(call);
}

/** The status that a `status-NNN` fault answers with, or null for any other. */
export function statusOf(fault: FaultName | null): number | null {
  const digits = /^status-([0-9]{3})$/.exec(fault ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
