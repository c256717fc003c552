import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** The two API keys of one stand-in, made with it and good for as long as it is known. */
export class Tokens {
  /** Of an institution: takes every call but the partner's. */
  readonly institution: string;
  /** With partner scope: takes every call. */
  readonly partner: string;

  constructor(saved: { readonly institution: string; readonly partner: string } | null = null) {
    this.institution = saved?.institution ?? `rehearsal-${randomBytes(24).toString('hex')}`;
    this.partner = saved?.partner ?? `rehearsal-partner-${randomBytes(24).toString('hex')}`;
  }

  /**
   * Judges the Authorization header. Contract, "Environments" and "Endpoints".
   * @throws Refusal 401 without one of the tokens as `Bearer`, 403 for a partner's call with the institution's.
   */
  check(authorization: string | undefined, partnerCall: boolean): void {
    if (isBearer(authorization, this.partner)) return;
    if (!isBearer(authorization, this.institution)) throw new Refusal(401);
    if (partnerCall) throw new Refusal(403, 'Forbidden: the token has no partner scope');
  }
}

function isBearer(authorization: string | undefined, token: string): boolean {
  return timingSafeEqual(digestOf(authorization ?? ''), digestOf(`Bearer ${token}`));
}

/** Digests have one length, which timingSafeEqual needs. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
