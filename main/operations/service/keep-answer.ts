import type { RawOutcome } from '../../coincover/index.ts';
import type { Ledger, LedgerEvent } from '../../ledger/index.ts';
import { unreachableError, type ColdroomError } from '../../values/index.ts';

const TRIES = 3;

/**
 * Appends what came of a POST. Whatever it was, it has happened by now, so a ledger that cannot be written is tried again, and
 * then told as what it is: an outcome that only this message knows.
 * @param raw what came over the wire, which decides what is true to say of it.
 * @param known what the person has to write down of an answer: `backup_id …`, `assignment …`.
 * @throws unreachable `answer-not-kept`.
 */
export function keepAnswer(ledger: Pick<Ledger, 'append'>, event: LedgerEvent, raw: RawOutcome, known: string | null): void {
  // SECURITY(REQ-INTENT): the answer is committed as it came, before anybody judges it: a crash in the judging loses no backup_id.
  for (let tried = 1; ; tried += 1) {
    try {
      ledger.append(event);
      return;
    } catch (cause) {
      if (tried === TRIES) throw notKept(raw, known, cause);
    }
  }
}

function notKept(raw: RawOutcome, known: string | null, cause: unknown): ColdroomError {
  const noted = known === null ? 'write this down' : `write this down: ${known}`;
  const detail = { hint: `${noted}; see to disk space and permissions, then settle by hand what the ledger calls unknown`, cause };
  switch (raw.kind) {
    case 'answer':
      return unreachableError(
        'answer-not-kept',
        `an answer came (status ${raw.status.toString()}), and the ledger could not keep it`,
        detail,
      );
    case 'lost':
      return unreachableError('answer-not-kept', 'the request left, no whole answer came, and the ledger could not keep that', detail);
    case 'not-sent':
      return unreachableError('answer-not-kept', 'nothing was sent, and the ledger could not keep that', {
        ...detail,
        hint: 'see to disk space and permissions; the ledger will call this unknown, and trying again is safe: nothing was sent',
      });
  }
}
