import { describe, expect, it } from 'vitest';
import { collectCodes } from './main-codes.fixture.ts';
import { FAILURES, FAILURES_BY_THEME, failureFor, fallbackFailure, type FailureText } from './failures.ts';

/** Codes that no window can meet, each with the reason. */
const NOT_IN_A_WINDOW: Readonly<Record<string, string>> = {
  'json-bom': 'readers of JSON answer with a code of their own',
  'json-duplicate-member': 'readers of JSON answer with a code of their own',
  'json-lone-surrogate': 'readers of JSON answer with a code of their own',
  'json-not-integer': 'readers of JSON answer with a code of their own',
  'json-not-utf8': 'readers of JSON answer with a code of their own',
  'json-syntax': 'readers of JSON answer with a code of their own',
  'json-too-deep': 'readers of JSON answer with a code of their own',
  'json-too-large': 'readers of JSON answer with a code of their own',
  'keychain-needed': 'only a step of Coldroom’s own that writes to a ledger opened for reading, which is a bug',
  'keychain-value-too-large': 'an API key of at most 16 KiB is the largest value',
  'environment-name': 'the operation’s schema refuses it first, as input-invalid',
  'limit-out-of-range': 'the operation’s schema refuses it first, as input-invalid',
  'kind-unknown': 'a window offers the kinds to choose from',
  'identifier-type-unknown': 'a window offers the identifiers to choose from',
  'fault-unknown': 'the stand-in alone, with a fault by name, is started from the command line',
  'openpgp-public-key': 'within a process only a rehearsal asks for a release, with a key that it has just made',
  'envelope-too-large': 'operations read at most 12,000,000 bytes',
  'source-size': 'operations seal from memory, where a size does not change',
  'document-too-large': 'a sealed item at the highest limit is below it',
};

/** What a treasurer does not know, and what only the command line has. */
const JARGON =
  /stdin|standard input|command line|--|`|\bcoldroom\b|\bJSON\b|\bJWKS?\b|\bHTTP\b|\bURL\b|\buuid\b|\bSHA-?\d|\bRSA\b|\bDER\b|\bPEM\b|\bPKCS|\bOAEP\b|\bCMS\b|\bMACs?\b|\bSQL|\bhex\b|base64|\bkid\b|\bschema\b|\bnull\b|\bboolean\b|\bstderr\b|exit code|_|\bPOST\b|\bGET\b/;

const entries: [string, FailureText][] = Object.entries(FAILURES);
const codeOf = (key: string): string => (key.split('/').at(-1) ?? '').split(':')[0] ?? '';
const texts = ({ title, happened, means, doNow, saved }: FailureText): string[] => [title, happened, means, ...doNow, saved];
const sentences = ({ happened, means, doNow, saved }: FailureText): string[] => [happened, means, ...doNow, saved];

describe('the texts of failures', () => {
  const { codes, unresolved } = collectCodes();

  it('know every code of main', () => {
    expect(unresolved).toEqual([]);
    expect(codes.size).toBeGreaterThan(200);
    const told = new Set(Object.keys(FAILURES).map(codeOf));
    const missing = [...codes].filter((code) => !told.has(code) && !Object.hasOwn(NOT_IN_A_WINDOW, code));
    expect(missing).toEqual([]);
  });

  it('speak of no code that main does not have, and excuse none that has a text', () => {
    // Results of checks, and what a step's judge stops or waits at: no error is thrown for them.
    const judged = ['checklist-open', 'checklist-failed', 'ledger-chain-broken', 'brought-refused', 'kept-differs'];
    const planned = ['plan-not-approved', 'other-initials', 'wallet-not-chosen'];
    const beyond = new Set(['bug', 'key-not-checkable', 'backup-not-checkable', ...judged, ...planned]);
    expect(Object.keys(FAILURES).filter((key) => !codes.has(codeOf(key)) && !beyond.has(codeOf(key)))).toEqual([]);
    const told = new Set(Object.keys(FAILURES).map(codeOf));
    expect(Object.keys(NOT_IN_A_WINDOW).filter((code) => !codes.has(code) || told.has(code))).toEqual([]);
  });

  it('stand in one theme each', () => {
    const keys = FAILURES_BY_THEME.flatMap((theme) => Object.keys(theme));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    expect(keys).toHaveLength(entries.length);
  });

  it.each(entries)('%s is said in plain sentences', (_key, text) => {
    expect(text.title).toMatch(/^[A-Z][^\n]{5,110}[^.?!:\s]$/);
    for (const one of sentences(text)) expect(one).toMatch(/^[A-Z].*[^.\s][.?]$/);
    for (const one of texts(text)) {
      expect(one).not.toMatch(JARGON);
      expect(one).not.toMatch(/ {2}|\.\.|undefined|\$\{|[“”"]/);
    }
    expect(text.doNow.length).toBeGreaterThanOrEqual(1);
    expect(text.doNow.length).toBeLessThanOrEqual(4);
    expect(text.happened.split(/(?<=[.?]) (?=[A-Z])/).length).toBeLessThanOrEqual(3);
  });

  it('are not the same for two codes', () => {
    const seen = new Map<string, string>();
    for (const [key, text] of entries) {
      const whole = JSON.stringify(text);
      expect(seen.get(whole) ?? null).toBe(null);
      seen.set(whole, key);
    }
  });

  it('have a title of their own for each code', () => {
    const byTitle = new Map<string, Set<string>>();
    for (const [key, { title }] of entries) byTitle.set(title, (byTitle.get(title) ?? new Set()).add(codeOf(key)));
    const shared = [...byTitle].filter(([title, of]) => of.size > 1 && !title.startsWith('Done and kept'));
    expect(shared).toEqual([]);
  });

  it('stop where a check refused', () => {
    const { ofFamily } = collectCodes();
    // Looking at a signing key is meant to end in "not confirmed yet"; a passphrase can be entered again; the last is an input error too.
    const milder = new Set(['anchor-not-confirmed', 'box-cannot-open', 'anchor-revoked', 'verify/environment-changed']);
    const soft = entries.filter(([key, { tone }]) => ofFamily('check').has(codeOf(key)) && tone !== 'stop').map(([key]) => key);
    expect(soft.filter((key) => !milder.has(key))).toEqual([]);
  });
});

describe('looking a text up', () => {
  const problem = (code: string, message = 'something', hint: string | null = null) => ({ family: 'check', code, message, hint });

  it('takes the closest', () => {
    expect(failureFor(problem('checksum-differs'), 'store')).toBe(FAILURES['store/checksum-differs']);
    expect(failureFor(problem('checksum-differs'), 'verify')).toBe(FAILURES['checksum-differs']);
    expect(failureFor(problem('checksum-differs'), null)).toBe(FAILURES['checksum-differs']);
    expect(failureFor(problem('jwks-no-usable-key'), 'check', 'not-yet-valid')).toBe(FAILURES['check/jwks-no-usable-key:not-yet-valid']);
    expect(failureFor(problem('jwks-no-usable-key'), 'rehearse', 'not-yet-valid')).toBe(FAILURES['jwks-no-usable-key:not-yet-valid']);
  });

  it('tells a list of signing keys that was refused before anything was sent from one that came with an answer', () => {
    const kept = 'the key is not trusted, and its answer is kept in quarantine: what came is no JSON';
    expect(failureFor(problem('jwks-not-json'), 'assign').saved).toContain('Nothing was sent');
    expect(failureFor(problem('jwks-not-json', kept), 'assign')).toBe(FAILURES['assign.quarantine/jwks-not-json']);
    // As a ceremony has it after a restart, where the ledger remembers the code alone.
    expect(failureFor(problem('jwks-not-json', ''), 'assign.quarantine')).toBe(FAILURES['assign.quarantine/jwks-not-json']);
  });

  it.each([
    ['1 not valid yet', 'jwks-no-usable-key:not-yet-valid'],
    ['1 of another kind (alg), 2 not valid yet, 1 not an object', 'jwks-no-usable-key:not-yet-valid'],
    ['2 for other purposes than assignment-sig', 'jwks-no-usable-key:wrong-purpose'],
    ['1 for other purposes than assignment-sig, 1 of another kind (use)', 'jwks-no-usable-key'],
    ['it is empty', 'jwks-no-usable-key'],
  ])('knows why no signing key may be used: %s', (why, key) => {
    const message = `the list of signing keys holds none that may sign assignments today: ${why}`;
    for (const step of ['assign', 'trust.add']) {
      expect(failureFor(problem('jwks-no-usable-key', message), step)).toBe(FAILURES[`${step}/${key}`]);
    }
  });

  it('does not take a member of every object for a text', () => {
    expect(failureFor(problem('constructor'), null).title).toBe('A check refused to go on');
  });

  it.each(['bug', 'input', 'check', 'service', 'unreachable', 'another'])('falls back for the family %s', (family) => {
    const plain = fallbackFailure({ family, code: 'new-code', message: 'the clock stands still', hint: 'wind it up' });
    expect(plain.happened).toBe('The clock stands still.');
    expect(plain.doNow[0]).toBe('Wind it up.');
    expect(plain.doNow.length).toBeLessThanOrEqual(4);
    const command = fallbackFailure({ family, code: 'new-code', message: '', hint: 'run `coldroom ledger check`' });
    for (const one of texts(command)) expect(one).not.toMatch(JARGON);
    expect(command.happened).not.toBe('');
  });
});
