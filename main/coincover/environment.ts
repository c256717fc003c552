import { canonicalJson, inputError, quote, sha256, type Sha256 } from '../values/index.ts';

export type EnvironmentName = 'production' | 'sandbox' | 'rehearsal' | 'custom';

/** Where an environment's service is, and how this machine gets there. */
export type Environment = {
  name: EnvironmentName;
  /** Base URL without a slash at its end. */
  api: string;
  jwks: string;
  /** An http or https proxy, or null. Proxy variables of the process environment are never read. */
  proxy: string | null;
  /** Certificates in PEM to believe beside the usual roots, or null. */
  caPem: string | null;
};

/** Contract, "Environments". CoinCover asks to confirm production's host with the account manager. */
export const KNOWN_HOSTS = {
  production: { api: 'https://service.keys.coincover.com', jwks: 'https://policies.keys.coincover.com/.well-known/jwks.json' },
  sandbox: { api: 'https://service.uat-keys.coincover.com', jwks: 'https://policies.uat-keys.coincover.com/.well-known/jwks.json' },
} as const;

/**
 * Checks an environment's two URLs and brings them into one form.
 * @throws input `environment-url`, `environment-not-https`, `environment-not-loopback`.
 */
export function checkEnvironment(name: EnvironmentName, api: string, jwks: string): { name: EnvironmentName; api: string; jwks: string } {
  return { name, api: checkUrl(name, api).replace(/\/+$/, ''), jwks: checkUrl(name, jwks) };
}

function checkUrl(name: EnvironmentName, text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || `${url.username}${url.password}${url.search}${url.hash}` !== '') {
    throw inputError('environment-url', `${quote(text)} is no plain http or https URL`, {
      hint: 'give it without a user, a query or a fragment',
    });
  }
  if (name === 'rehearsal') {
    if (!isLoopback(url.hostname)) {
      throw inputError('environment-not-loopback', `a rehearsal stays on this machine, and ${quote(text)} leads elsewhere`, {
        hint: 'give a loopback address, as `coldroom rehearsal serve` prints it',
      });
    }
  } else if (url.protocol !== 'https:') {
    throw inputError('environment-not-https', `${quote(text)} is not https`, { hint: 'only a rehearsal on this machine may go without' });
  }
  return url.href;
}

/** 127.0.0.0/8 (which URL brings into dotted form), ::1 and localhost. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/** SHA-256 of RFC 8785 of {name, api, jwks}: what documents name their environment by. */
export function environmentId(hosts: { name: EnvironmentName; api: string; jwks: string }): Sha256 {
  return sha256(canonicalJson({ name: hosts.name, api: hosts.api, jwks: hosts.jwks }));
}
