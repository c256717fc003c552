import type { Kind } from '../../content/index.ts';
import type { PlannedFacts } from '../../ledger/index.ts';
import { checkError, inputError, isColdroomError, type ColdroomError } from '../../values/index.ts';
import type { Beside } from '../sealing/seal-plan.ts';

/** What is known beforehand of a secret that comes back, and who says so. */
export type ExpectedSecret = Pick<PlannedFacts, 'place' | 'kind' | 'identifier' | 'bip39_passphrase' | 'departures'> & {
  readonly by: 'ledger' | 'plan';
};

/**
 * Whether what came back is the right secret. `found` is what the same identifier of it is, null where it was not computed; `reason` is
 * why nothing was compared, else null.
 */
export type ComparedSecret = {
  readonly by: 'ledger' | 'plan';
  readonly place: string;
  readonly kind: string;
  readonly type: string | null;
  readonly path: string | null;
  readonly planned: string | null;
  readonly found: string | null;
  readonly result: 'matches' | 'differs' | 'not-compared';
  readonly reason: 'no-identifier' | 'bip39-passphrase-missing' | 'password-missing' | 'exception' | null;
};

/**
 * Holds a secret that came back against what a ledger or a plan says of it, in the process that opened it. Of several items that may be
 * meant the one that matches is.
 * @param content the secret's exact bytes, which are not changed. @param expected at least one. @param beside the caller wipes it.
 * @throws input `bip39-passphrase-not-planned`, `password-wrong`, and what `inspectSecret` throws of what was given beside.
 */
export async function compareRecovered(
  content: Buffer,
  expected: readonly ExpectedSecret[],
  beside: Beside,
): Promise<ComparedSecret | null> {
  if (expected.length > 0 && beside.bip39Passphrase !== null && !expected.some((one) => one.bip39_passphrase)) {
    throw inputError('bip39-passphrase-not-planned', 'a BIP-39 passphrase was given, and this secret was sealed without one', {
      hint: 'leave it out',
    });
  }
  const compared: ComparedSecret[] = [];
  for (const one of expected) {
    const result = await compareOne(content, one, beside);
    if (result.result === 'matches') return result;
    compared.push(result);
  }
  return compared.find(({ result }) => result === 'not-compared') ?? compared[0] ?? null;
}

async function compareOne(content: Buffer, expected: ExpectedSecret, beside: Beside): Promise<ComparedSecret> {
  const { by, place, identifier, departures, bip39_passphrase: hasPassphrase } = expected;
  const { inspectSecret, parseIdentifierType, parseKind } = await import('../../content/index.ts');
  const kind = parseKind(expected.kind);
  const about = { by, place, kind, type: identifier?.type ?? null, path: identifier?.path ?? null, planned: identifier?.value ?? null };
  const notCompared = (reason: ComparedSecret['reason']): ComparedSecret => ({ ...about, found: null, result: 'not-compared', reason });
  // Sealed though it was no valid one, with people's initials: it is what it was.
  if (departures.includes('not-valid')) return notCompared('exception');
  const isLacking = hasPassphrase && beside.bip39Passphrase === null;
  const asked = identifier === null || isLacking ? [] : [{ type: parseIdentifierType(identifier.type), path: identifier.path }];
  try {
    const inspection = await inspectSecret(content, {
      kind,
      identifiers: asked,
      bip39Passphrase: hasPassphrase ? beside.bip39Passphrase : null,
      password: takesPassword(kind) ? beside.password : null,
    });
    if (!inspection.valid) return { ...about, found: null, result: 'differs', reason: null };
    if (identifier === null) return notCompared('no-identifier');
    if (isLacking) return notCompared('bip39-passphrase-missing');
    const found = inspection.identifiers[0]?.value ?? null;
    return { ...about, found, result: found === identifier.value ? 'matches' : 'differs', reason: null };
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    if (error.code === 'password-missing') return notCompared('password-missing');
    if (error.code === 'identifier-not-for-key') return { ...about, found: null, result: 'differs', reason: null };
    throw error;
  }
}

function takesPassword(kind: Kind): boolean {
  return kind === 'pem-key' || kind === 'keystore-v3';
}

/** The error of a secret that is not the right one; null where nothing speaks against it. */
export function otherSecret(compared: ComparedSecret | null): ColdroomError | null {
  if (compared?.result !== 'differs') return null;
  const { by, kind, type, planned, found } = compared;
  const who = by === 'ledger' ? 'the ledger' : 'the plan';
  const what =
    found === null
      ? `it is no valid ${kind}${type === null ? '' : ` with the ${type} that ${who} says`}`
      : `its ${type ?? 'identifier'} is ${found}, and ${who} says ${planned ?? ''}`;
  return checkError('recovered-other-identifier', `what came out is another secret: ${what}`, {
    hint: 'stop: nothing was written; if you know why, run again with --accept-mismatch',
  });
}
