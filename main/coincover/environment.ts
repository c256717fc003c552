import { canonicalJson, inputError, quote, sha256, type Sha256 } from '../values/index.ts';

const NAMES = ['production', 'sandbox', 'rehearsal', 'custom'] as const;

export type EnvironmentName = (typeof NAMES)[number];

/** The three members that make an environment what it is; {@link environmentId} covers exactly these. */
export type Hosts = {
  name: EnvironmentName;
  /** Base URL of the API, without a slash at its end. */
  api: string;
  /** URL of the document with the enclave's signing keys. */
  jwks: string;
};

/** Where an environment's service is, and how this machine gets there. */
export type Environment = Hosts & {
  /** An http or https proxy, or null. A rehearsal takes none. Proxy variables of the process environment are never read. */
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
 * Checks an environment's name and two URLs and brings the URLs into one form: WHATWG's serialisation, and no slash at the
 * end of `api`, so that one pair of hosts has one {@link environmentId}.
 * @throws input `environment-name`, `environment-url`, `environment-not-https`, `environment-not-loopback`,
 *   `environment-is-production`.
 */
export function checkEnvironment(name: string, api: string, jwks: string): Hosts {
  const known = NAMES.find((one) => one === name);
  if (known === undefined) {
    throw inputError('environment-name', `there is no environment ${quote(name)}`, { hint: `use one of ${NAMES.join(', ')}` });
  }
  const hosts = { name: known, api: checkUrl(known, api).replace(/\/+$/, ''), jwks: checkUrl(known, jwks) };
  checkNotProduction(hosts);
  return hosts;
}

/** Production's hosts under another name would be production under another bar, and in shells that leave production out. */
function checkNotProduction({ name, api, jwks }: Hosts): void {
  if (name === 'production') return;
  const production = Object.values(KNOWN_HOSTS.production).map((url) => new URL(url).hostname);
  const given = [api, jwks].map((url) => new URL(url).hostname.replace(/\.$/, ''));
  if (!given.some((host) => production.includes(host))) return;
  throw inputError('environment-is-production', `these are the addresses of CoinCover’s production, given for ${name}`, {
    hint: 'set production up under its own name',
  });
}

function checkUrl(name: EnvironmentName, text: string): string {
  const url = URL.parse(text);
  // Searched in the text, since URL calls the query of `https://host/?` empty, and paths are appended to what is returned.
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || /[?#]/.test(text)) {
    throw inputError('environment-url', `${quote(withoutUser(url, text))} is no plain http or https URL`, {
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

/** A password in a URL is a secret, and so no part of a message. */
function withoutUser(url: URL | null, text: string): string {
  if (url === null) return text.replace(/^.*@/s, '…@');
  return url.username === '' && url.password === '' ? text : `${url.protocol}//…@${url.host}`;
}

/** True for a host name as URL writes it of 127.0.0.0/8, ::1 or localhost. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/**
 * True where a request of this environment may go: https, and for a rehearsal this machine alone. Asked again at the very
 * place where a request leaves, since an environment may come out of a file written by an older version.
 */
export function isAllowedUrl(environment: Pick<Environment, 'name'>, url: string): boolean {
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  if (environment.name === 'rehearsal') return /^https?:$/.test(parsed.protocol) && isLoopback(parsed.hostname);
  return parsed.protocol === 'https:';
}

/** SHA-256 of RFC 8785 of {name, api, jwks}: what documents name their environment by (design.md, "Stations and the air gap"). */
export function environmentId({ name, api, jwks }: Hosts): Sha256 {
  return sha256(canonicalJson({ name, api, jwks }));
}
