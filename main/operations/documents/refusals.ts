import { isColdroomError, type ColdroomError } from '../../values/index.ts';

/** What the ledger keeps of a refusal beside its code: what it is about, and the bytes that were read. */
export type RefusalFacts = { readonly subject?: string; readonly documentSha256?: string };

/** Kept beside the errors, so that no shell prints it and nobody has to hand it through. */
const FACTS = new WeakMap<ColdroomError, RefusalFacts>();

/** Whatever `work` refuses is about these bytes, or this subject. What was said closer to the refusal stands. */
export function refusalsAbout<Result>(facts: RefusalFacts, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (isColdroomError(error)) FACTS.set(error, { ...facts, ...FACTS.get(error) });
    throw error;
  }
}

/** What is no document at all may be a secret that was named by mistake: its digest, which a ledger's export shows, would help to guess it. */
const MAYBE_SECRETS: ReadonlySet<string> = new Set(['document-not-json', 'document-not-ours']);

/** What the ledger may keep of a refusal. */
export function factsOf(error: ColdroomError): RefusalFacts {
  const { subject, documentSha256 } = FACTS.get(error) ?? {};
  return {
    ...(subject === undefined ? {} : { subject }),
    ...(documentSha256 === undefined || MAYBE_SECRETS.has(error.code) ? {} : { documentSha256 }),
  };
}

/** Bad input by its exit code, and for the ledger as much a document that did not pass as one with a bad signature. */
const BENT_DOCUMENTS: ReadonlySet<string> = new Set([
  'document-not-json',
  'document-not-ours',
  'document-version',
  'document-members',
  'document-values',
]);

/** Whether the ledger records that this happened. */
export function isRefusal(error: unknown): error is ColdroomError {
  return isColdroomError(error) && (error.family === 'check' || BENT_DOCUMENTS.has(error.code));
}
