import { ableToSign, asksForPins, readCeremony } from '../../ceremony/index.ts';
import { inputError, isoTime } from '../../values/index.ts';
import { judgeNow } from './judge.ts';
import { initialsText } from './initials-text.ts';
import { takeInitials, unknownInitials } from './initials.ts';
import type { OperationContext } from '../context.ts';
import { withLedgerForReading, withStation } from '../station/station.ts';

/**
 * The ceremony that a window comes back to, and the initials of those who can give theirs; none before the first step is done. `asksPin`:
 * they take the person's PIN beside them.
 */
export type AtWork = { readonly ceremony: string; readonly initials: readonly string[]; readonly asksPin: boolean };

/** The newest open ceremony of this station, or null. Asks no keychain: a locked window has none. */
export function whoIsAtWork(context: OperationContext): Promise<AtWork | null> {
  return withLedgerForReading(context, ({ queries }) => {
    const open = queries.ceremonies().find((one) => one.state === 'open');
    if (open === undefined) return Promise.resolve(null);
    const state = readCeremony(queries, open.ceremony_id);
    const initials = ableToSign(state).map((one) => one.initials);
    return Promise.resolve({ ceremony: open.ceremony_id, initials, asksPin: asksForPins(state) });
  });
}

/**
 * Whether somebody of the ceremony is there to go on.
 * @returns the initials as the ceremony has them; null where nobody is named yet.
 * @throws input `initials-missing`, `initials-unknown`, and those of PINs.
 */
export async function checkSomebodyBack(
  context: OperationContext,
  { ceremony, initials, asksPin }: AtWork,
  { typed, pin }: { readonly typed: string | null; readonly pin: string | null },
): Promise<string | null> {
  if (initials.length === 0) return null;
  if (typed === null || typed.trim() === '') {
    throw inputError('initials-missing', 'whoever goes on puts initials to it', { hint: 'type yours' });
  }
  const parsed = initialsText.safeParse(typed);
  if (parsed.success && asksPin) {
    const given = { initials: parsed.data };
    await withStation(context, 'window.go-on', (station) =>
      takeInitials({ context, station, state: readCeremony(station.queries, ceremony) }, [given], [{ ...given, pin: pin ?? '' }]),
    );
    return parsed.data;
  }
  if (parsed.success && initials.includes(parsed.data)) return parsed.data;
  throw unknownInitials(typed);
}

/** Notes in the ceremony's record that the window was locked, from when to when, and who opened it again; `by` null: the keychain's passphrase did. */
export function noteReopened(
  context: OperationContext,
  ceremony: string,
  { lockedAtMs, by }: { lockedAtMs: number; by: string | null },
): Promise<void> {
  return withStation(context, 'window.reopened', async (station) => {
    const state = readCeremony(station.queries, ceremony);
    if (state.row.state !== 'open') return; // the work that was under way ended it
    const step = (await judgeNow(context, station, state)).view?.step ?? '';
    const value = { locked_at: isoTime(lockedAtMs), by, at: isoTime(context.clock.now()) };
    station.ledger.append({ type: 'ceremony-fact', data: { ceremony_id: ceremony, step, name: 'reopened', value } });
  });
}
