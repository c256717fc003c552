import type { IdentifierType } from './identifier.ts';
import { KINDS, type Kind, type PathRule } from './kind.ts';
import { KIND_READERS } from './kinds.ts';

export type ListedKind = {
  readonly kind: Kind;
  readonly identifiers: readonly { readonly type: IdentifierType; readonly path: PathRule }[];
  readonly takesBip39Passphrase: boolean;
  readonly takesPassword: boolean;
};

/** Every kind with the identifiers that it has and where each is computed, for a form that offers what fits and nothing else. */
export function listKinds(): ListedKind[] {
  return KINDS.map((kind) => {
    const { identifiers, takesBip39Passphrase, takesPassword } = KIND_READERS[kind];
    const types = Object.entries(identifiers) as [IdentifierType, PathRule][];
    return { kind, identifiers: types.map(([type, path]) => ({ type, path })), takesBip39Passphrase, takesPassword };
  });
}
