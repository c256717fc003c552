/** What a request asks for, as far as method and path say it. Contract, "Endpoints"; `release` is the rehearsal's own. */
export type Call =
  | { readonly kind: 'jwks' | 'jwks-elsewhere' | 'release' | 'unknown' }
  | { readonly kind: 'assign' | 'store-data' | 'store-file'; readonly partner: boolean }
  | { readonly kind: 'verify-key' | 'verify-backup'; readonly id: string };

export type CallKind = Call['kind'];

export const JWKS_PATH = '/.well-known/jwks.json';

/** Where the fault `redirecting-jwks` points to. It answers, so that a client that follows redirects gets what it must not take. */
export const JWKS_ELSEWHERE_PATH = '/elsewhere/jwks.json';

const POSTS: Readonly<Record<string, 'assign' | 'store-data' | 'store-file'>> = {
  keys: 'assign',
  'secure/data': 'store-data',
  'secure/file': 'store-file',
};

/** Takes the path of a request target, without its query. @returns null for a target that is no URL at all. */
export function pathOf(target: string): string | null {
  return URL.parse(target, 'http://stand-in')?.pathname ?? null;
}

/**
 * Reads a call from method and path. Paths have one spelling each: another case, a slash at the end, `/v1/hot/…` and a partner
 * form of a verify call are `unknown`. The `id` is any one segment, still to be checked.
 */
export function parseCall(method: string, path: string): Call {
  if (method === 'GET') {
    if (path === JWKS_PATH) return { kind: 'jwks' };
    if (path === JWKS_ELSEWHERE_PATH) return { kind: 'jwks-elsewhere' };
    const [, what, id] = /^\/v1\/(keys|backups)\/([^/]+)\/verify$/.exec(path) ?? [];
    if (id !== undefined) return { kind: what === 'keys' ? 'verify-key' : 'verify-backup', id };
  }
  if (method === 'POST') {
    if (path === '/rehearsal/release') return { kind: 'release' };
    const [, partner, rest = ''] = /^\/v1\/(partner\/)?(keys|secure\/data|secure\/file)$/.exec(path) ?? [];
    const kind = POSTS[rest];
    if (kind !== undefined) return { kind, partner: partner !== undefined };
  }
  return { kind: 'unknown' };
}
