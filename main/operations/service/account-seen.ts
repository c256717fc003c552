import { parseAssignmentResponse } from '../../attestation/index.ts';
import type { AssignmentRow } from '../../ledger/index.ts';
import { ColdroomError, decodeBase64 } from '../../values/index.ts';

/** `pulled_by_id` of a quarantined answer, so that people can compare it with what CoinCover says. */
export function accountSeen(row: AssignmentRow): string | null {
  if (row.state !== 'quarantined' || row.answer_base64 === null) return null;
  try {
    const bytes = decodeBase64(row.answer_base64);
    const payload: unknown = bytes === null ? null : JSON.parse(parseAssignmentResponse(bytes).signed_payload ?? 'null');
    if (typeof payload !== 'object' || payload === null || !('pulled_by_id' in payload)) return null;
    return typeof payload.pulled_by_id === 'string' ? payload.pulled_by_id : null;
  } catch (error) {
    if (error instanceof ColdroomError || error instanceof SyntaxError) return null; // an answer that cannot be read names nobody
    throw error;
  }
}
