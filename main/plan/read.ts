import type { z } from 'zod';
import { inputError, isJsonObject, memberOf, parseJson, quote, type Json } from '../values/index.ts';
import { placeOf, type PlanFinding } from './finding.ts';
import { planSchema, type Plan } from './plan.ts';

/** As every document. 10,000 wallets of three items each are half of it. */
export const MAX_PLAN_BYTES = 16 * 1024 * 1024;

/** Beyond these the rest is the same again. */
const MOST_FINDINGS = 1000;

/**
 * Reads a plan's bytes: strict JSON with one reading, exactly the members of design.md. What is missing, blank, too many or of
 * another kind comes back as findings, all of them, each with its place.
 * @param name the file, for messages. @returns the plan, or null and why.
 * @throws input `plan-not-json`, `plan-not-ours` where the file is no plan at all.
 */
export function readPlan(
  bytes: Uint8Array,
  name: string,
): { plan: Plan; findings: readonly [] } | { plan: null; findings: readonly PlanFinding[] } {
  const json = readJson(bytes, name);
  if (!isJsonObject(json) || json['plan'] !== 1) {
    throw inputError('plan-not-ours', `${quote(name)} is no plan that this version of Coldroom reads`, {
      hint: 'begin with the file that `coldroom plan new --out FILE` writes',
    });
  }
  const parsed = planSchema.safeParse(json);
  if (parsed.success) return { plan: parsed.data, findings: [] };
  const findings = parsed.error.issues.flatMap((issue) => findingsOf(issue, json));
  return { plan: null, findings: findings.slice(0, MOST_FINDINGS) };
}

function readJson(bytes: Uint8Array, name: string): Json {
  try {
    return parseJson(bytes, { maxBytes: MAX_PLAN_BYTES, integersOnly: true });
  } catch (cause) {
    throw inputError('plan-not-json', `${quote(name)} is no plan file: ${cause instanceof Error ? cause.message : 'unreadable'}`, {
      hint: 'begin with the file that `coldroom plan new --out FILE` writes',
      cause,
    });
  }
}

function findingsOf(issue: z.core.$ZodIssue, json: Json): PlanFinding[] {
  const place = placeOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'plan-member-unknown',
      place: placeOf([...issue.path, key]),
      message: `the member ${quote(key)} does not belong there`,
    }));
  }
  const value = memberOf(json, issue.path);
  if (value === undefined) return [{ code: 'plan-member-missing', place, message: 'the member is missing; what does not apply is null' }];
  if (value === null || value === '') return [{ code: 'plan-blank', place, message: `it is still blank; ${wanted(issue)}` }];
  return [{ code: 'plan-value', place, message: wanted(issue) }];
}

/** What zod calls them, as people do. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function wanted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `it must be ${issue.values.map(String).join(' or ')}, in exactly this spelling`;
    case 'invalid_type':
      return `it must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return issue.origin === 'string' ? 'it must have a text' : `it must be, or hold, at least ${issue.minimum.toString()}`;
    case 'too_big':
      return `it must be, or hold, at most ${issue.maximum.toString()}`;
    case 'custom':
      return `it ${issue.message}`;
    default:
      return 'it holds something that does not belong there';
  }
}
