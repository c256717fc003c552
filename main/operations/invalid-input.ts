import type { z } from 'zod';
import { inputError, quote, type ColdroomError } from '../values/index.ts';

/** An operation's input that its schema refuses, as an error that names the member and what is allowed there. */
export function describeInvalid(error: z.ZodError): ColdroomError {
  const issue = deepest(error.issues);
  const where = issue.path.length === 0 ? 'the input' : quote(issue.path.join('.').replaceAll('_', '-'));
  return inputError('input-invalid', `${where} ${reasonOf(issue)}`, { hint: 'see `coldroom help`' });
}

/** Of a choice between forms the one that came closest says what is wrong. */
function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  const [first] = issues;
  if (first === undefined) throw new TypeError('an invalid input without an issue');
  if (first.code !== 'invalid_union' || first.errors.length === 0) return first;
  const closest = first.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
  if (closest.length === 0) return first;
  const inner = deepest(closest);
  return { ...inner, path: [...first.path, ...inner.path] };
}

function reasonOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}, in exactly this spelling`;
    case 'unrecognized_keys':
      return `has a member too many: ${quote(issue.keys.join(', '))}`;
    case 'too_small':
      return `is too short or too small (at least ${issue.minimum.toString()})`;
    case 'too_big':
      return `is too long or too large (at most ${issue.maximum.toString()})`;
    case 'invalid_type':
      return `is missing, or is no ${issue.expected}`;
    case 'custom':
      return issue.message;
    case 'invalid_format':
      return issue.message.startsWith('is ') ? issue.message : 'is not in the form that is wanted';
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
      return 'is not in a form that is wanted';
  }
}
