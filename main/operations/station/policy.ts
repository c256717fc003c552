import { z } from 'zod';
import {
  DEFAULT_POLICY,
  encodePolicy,
  parsePolicy,
  policyDigest,
  policySchema,
  readCeremony,
  rulesOf,
  type Policy,
} from '../../ceremony/index.ts';
import { readBoundedFile, writeNewFile } from '../../files/index.ts';
import type { LedgerQueries, PolicyRow } from '../../ledger/index.ts';
import { checkError, fingerprintWords, inputError, type Sha256 } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { fingerprint, inputPath, outputPath, plainText } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { withLedgerForReading, withStation, type Station } from './station.ts';

/** Longer than any policy is; what is longer is no policy, and is not read into memory to find that out. */
const MAX_FILE_BYTES = 1024 * 1024;

export const shownPolicy = z.object({
  rules: policySchema,
  policy_sha256: fingerprint,
  /** The digest as people read it aloud. */
  words: z.array(z.string()),
});

const standing = shownPolicy.extend({
  /** Who set it; null where Coldroom's own applies. */
  administrator: z.string().nullable(),
  set_at: z.string().nullable(),
  /** The network gate was set by itself since, so that the rules are not those of the file any more. */
  gate_set_since: z.boolean(),
});

/** A policy as screens and the command line show it. */
export function policyView(rules: Policy): z.output<typeof shownPolicy> {
  const digest = policyDigest(rules);
  return { rules, policy_sha256: digest, words: [...fingerprintWords(digest)] };
}

/**
 * The station's policy as it is now: what was set last, else Coldroom's own. The network gate can also be set by itself
 * (`network policy`); the later of the two counts, and the digest is of the rules as they then are, never of a file that no longer
 * says what applies.
 * @throws input `ledger-damaged`.
 */
export function stationPolicy(queries: LedgerQueries): { rules: Policy; policy_sha256: Sha256; row: PolicyRow | null } {
  const row = queries.policy();
  const rules = { ...(row === null ? DEFAULT_POLICY : rulesOfRow(row)), network_gate: queries.networkPolicy() };
  return { rules, policy_sha256: policyDigest(rules), row };
}

function rulesOfRow(row: PolicyRow): Policy {
  const parsed = policySchema.safeParse(JSON.parse(row.rules));
  if (parsed.success) return parsed.data;
  throw inputError('ledger-damaged', 'the policy that the ledger keeps cannot be read', {
    hint: 'run `coldroom ledger check`, or use the version that set it',
  });
}

/** The rules that hold for this piece of work: the ceremony's own, fixed when it was begun, else the station's of now. */
export function rulesInForce(context: OperationContext, station: Station): Policy {
  if (context.ceremony === undefined) return stationPolicy(station.queries).rules;
  return rulesOf(readCeremony(station.queries, context.ceremony));
}

async function readPolicyFile(path: string): Promise<Policy> {
  return parsePolicy(await readBoundedFile(path, { maxBytes: MAX_FILE_BYTES, what: 'the policy' }), path);
}

export const policyNew = defineOperation({
  name: 'policy.new',
  summary: 'write a policy file with every rule at its default, to be changed by hand',
  roles: EVERY_ROLE,
  input: z.strictObject({ out: outputPath }),
  output: shownPolicy.extend({ file: z.string() }),
  run: async (_context, input) => {
    await writeNewFile(input.out, encodePolicy(DEFAULT_POLICY));
    return done({ ...policyView(DEFAULT_POLICY), file: input.out });
  },
});

/** What a policy file says, before anybody sets it. */
export const policyRead = defineOperation({
  name: 'policy.read',
  summary: 'read a policy file and show its rules and digest',
  roles: EVERY_ROLE,
  input: z.strictObject({ file: inputPath }),
  output: shownPolicy,
  run: async (_context, input) => done(policyView(await readPolicyFile(input.file))),
});

export const policySet = defineOperation({
  name: 'policy.set',
  summary: 'set the policy for ceremonies begun from now on',
  roles: EVERY_ROLE,
  input: z.strictObject({
    file: inputPath,
    /** Who sets it, as the record shall name them. */
    administrator: plainText(100),
    /** The digest that people were shown; a file that has changed since is not set. */
    policy_sha256: fingerprint.optional(),
  }),
  output: standing,
  run: (context, input) =>
    withStation(context, 'policy.set', async (station) => {
      const rules = await readPolicyFile(input.file);
      const digest = policyDigest(rules);
      if (input.policy_sha256 !== undefined && input.policy_sha256 !== digest) {
        throw checkError('policy-changed', 'the policy file is not the one that was shown', {
          hint: 'look at the file again, and find out who changed it',
        });
      }
      station.ledger.append({ type: 'policy-set', data: { sha256: digest, rules, administrator: input.administrator } });
      return done(standingPolicy(station.queries));
    }),
});

export const policyShow = defineOperation({
  name: 'policy.show',
  summary: 'the policy that a ceremony begun now would run under',
  roles: EVERY_ROLE,
  input: z.strictObject({}),
  output: standing,
  run: (context) => withLedgerForReading(context, ({ queries }) => Promise.resolve(done(standingPolicy(queries)))),
});

function standingPolicy(queries: LedgerQueries): z.output<typeof standing> {
  const { rules, policy_sha256: digest, row } = stationPolicy(queries);
  return {
    ...policyView(rules),
    administrator: row?.administrator ?? null,
    set_at: row?.set_at ?? null,
    gate_set_since: row !== null && row.sha256 !== digest,
  };
}
