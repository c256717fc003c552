import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { checkEnvironment, environmentId, KNOWN_HOSTS } from '../../coincover/index.ts';
import { readBoundedFile } from '../../files/index.ts';
import type { EnvironmentRow, LedgerEvent } from '../../ledger/index.ts';
import { SEALED_BYTES_HIGHEST_LIMIT, SEALED_BYTES_LIMIT } from '../../sealing/index.ts';
import { inputError, quote } from '../../values/index.ts';
import { environmentName, inputPath } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { withLedgerForReading, withStation } from './station.ts';

/** Where an environment says nothing, or is not set up on this station any more. design.md, "Storing". */
export const DEFAULT_DRILL_DAYS = 30;

const environmentLine = z.object({
  name: environmentName,
  api: z.string(),
  jwks: z.string(),
  proxy: z.string().nullable(),
  extra_ca: z.boolean(),
  drill_days: z.number(),
  limit_bytes: z.number(),
  environment_id: z.string(),
});

/** Sets up an environment or changes it. New hosts unpin its anchors and accounts, and its API key no longer fits. */
export const environmentSet = defineOperation({
  name: 'environment.set',
  summary: 'set up an environment: its hosts, proxy, extra certificate authority, drill interval',
  roles: EVERY_ROLE,
  input: z.strictObject({
    name: environmentName,
    api: z.string().optional(),
    jwks: z.string().optional(),
    proxy: z.string().optional(),
    ca: inputPath.optional(),
    drill_days: z.number().int().min(1).max(3650).optional(),
    limit_bytes: z.number().int().min(1).max(SEALED_BYTES_HIGHEST_LIMIT).optional(),
  }),
  output: environmentLine.extend({ unpinned: z.boolean() }),
  run: (context, input) =>
    withStation(context, 'environment.set', async (station) => {
      const before = station.queries.environment(input.name);
      const known = input.name === 'production' || input.name === 'sandbox' ? KNOWN_HOSTS[input.name] : null;
      const api = input.api ?? before?.api ?? known?.api;
      const jwks = input.jwks ?? before?.jwks ?? known?.jwks;
      if (api === undefined || jwks === undefined) {
        throw inputError('environment-hosts-missing', `the environment ${quote(input.name)} has no hosts of its own`, {
          hint: 'give --api URL and --jwks URL',
        });
      }
      const hosts = checkEnvironment(input.name, api, jwks);
      const caPem = input.ca === undefined ? (before?.ca_pem ?? null) : await readCertificates(input.ca);
      const proxy = input.proxy === undefined ? (before?.proxy ?? null) : checkProxy(input.proxy);
      const id = environmentId(hosts);
      const unpins = before !== null && before.environment_id !== id;
      station.ledger.append({
        type: 'environment-set',
        data: {
          name: hosts.name,
          api: hosts.api,
          jwks: hosts.jwks,
          proxy,
          ca_pem: caPem,
          drill_days: input.drill_days ?? before?.drill_days ?? DEFAULT_DRILL_DAYS,
          limit_bytes: input.limit_bytes ?? before?.limit_bytes ?? SEALED_BYTES_LIMIT,
          environment_id: id,
          unpins,
        },
      });
      return done({ ...lineOf(station.queries.requireEnvironment(input.name)), unpinned: unpins });
    }),
});

/** The event that sets up `rehearsal` at a stand-in's address, as `environment.set` would. */
export function rehearsalEnvironment(at: { api: string; jwks: string }, unpins: boolean): LedgerEvent {
  const hosts = checkEnvironment('rehearsal', at.api, at.jwks);
  return {
    type: 'environment-set',
    data: {
      ...hosts,
      proxy: null,
      ca_pem: null,
      drill_days: DEFAULT_DRILL_DAYS,
      limit_bytes: SEALED_BYTES_LIMIT,
      environment_id: environmentId(hosts),
      unpins,
    },
  };
}

export const environmentList = defineOperation({
  name: 'environment.list',
  summary: 'the environments that are set up',
  roles: EVERY_ROLE,
  input: z.strictObject({}),
  output: z.object({ environments: z.array(environmentLine) }),
  run: (context) =>
    withLedgerForReading(context, ({ queries }) => Promise.resolve(done({ environments: queries.environments().map(lineOf) }))),
});

function lineOf(row: EnvironmentRow): z.output<typeof environmentLine> {
  return {
    name: environmentName.parse(row.name),
    api: row.api,
    jwks: row.jwks,
    proxy: row.proxy,
    extra_ca: row.ca_pem !== null,
    drill_days: row.drill_days,
    limit_bytes: row.limit_bytes,
    environment_id: row.environment_id,
  };
}

/** An empty value takes the proxy away again. */
function checkProxy(text: string): string | null {
  if (text === '') return null;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '') {
    throw inputError('environment-proxy', `the proxy ${quote(text)} is no http or https URL without a password`, {
      hint: 'give it as http://host:port',
    });
  }
  return url.origin;
}

async function readCertificates(path: string): Promise<string> {
  const bytes = await readBoundedFile(path, { maxBytes: 1024 * 1024, what: 'the certificate file' });
  const pem = bytes.toString('utf8');
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length === 0) throw new Error('no certificate block');
    return blocks.map((block) => new X509Certificate(block).toString()).join('');
  } catch (cause) {
    throw inputError('environment-ca', `${quote(path)} holds no certificate in PEM form`, {
      hint: 'ask your network team for the PEM file',
      cause,
    });
  }
}
