import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256 } from '../values/index.ts';
import {
  checkNameSent,
  checkOwnPassphrase,
  DEFAULT_POLICY,
  encodePolicy,
  leastPeopleWords,
  parsePolicy,
  policyDigest,
  ROLES,
  rolesTooFew,
  type Policy,
} from './policy.ts';
import { SCRIPTS } from './script.ts';
import { STEP_IDS } from './step-ids.ts';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), 'utf8');
const read = (value: unknown) => parsePolicy(bytes(value), 'policy.json');
const code = (expected: string) => expect.objectContaining({ code: expected, family: 'input' }) as Error;

const policy: fc.Arbitrary<Policy> = fc.record({
  coldroom: fc.constant('policy/1' as const),
  people: fc.record({
    administrator: fc.integer({ min: 1, max: 20 }),
    operator: fc.integer({ min: 0, max: 20 }),
    witness: fc.integer({ min: 1, max: 20 }),
    auditor: fc.integer({ min: 0, max: 20 }),
  }),
  same_person_may_sign_twice: fc.constant(false as const),
  all_witnesses_sign: fc.uniqueArray(fc.constantFrom(...STEP_IDS)),
  network_gate: fc.constantFrom('warn' as const, 'stop' as const),
  key_pack_limit_days: fc.integer({ min: 1, max: 365 }),
  passphrase: fc.record({ own_allowed: fc.boolean(), least_length: fc.integer({ min: 1, max: 256 }) }),
  file_names_may_be_sent: fc.boolean(),
});

describe('a policy file', () => {
  it('as it is written for people reads as the default', () => {
    const written = encodePolicy(DEFAULT_POLICY);
    expect(parsePolicy(written, 'policy.json')).toEqual(DEFAULT_POLICY);
    expect(written.toString('utf8').split('\n').length).toBeGreaterThan(10);
    expect(DEFAULT_POLICY).toMatchObject({ people: { administrator: 1, operator: 0, witness: 1, auditor: 0 }, key_pack_limit_days: 30 });
  });

  it('is read as it was written, and re-encodes to the same bytes', () => {
    fc.assert(
      fc.property(policy, (one) => {
        const back = parsePolicy(encodePolicy(one), 'policy.json');
        expect(back).toEqual(one);
        expect(encodePolicy(back).equals(encodePolicy(one))).toBe(true);
      }),
    );
  });

  it('has a digest of its RFC 8785 form, whatever its spacing and the order of its members', () => {
    const turned = Object.fromEntries(Object.entries(DEFAULT_POLICY).toReversed());
    expect(policyDigest(read(turned))).toBe(sha256(canonicalJson(DEFAULT_POLICY)));
    expect(policyDigest(read(JSON.stringify(turned, null, 7)))).toBe(policyDigest(DEFAULT_POLICY));
    fc.assert(
      fc.property(policy, policy, (one, other) => {
        expect(policyDigest(one) === policyDigest(other)).toBe(canonicalJson(one) === canonicalJson(other));
      }),
    );
  });

  it('keeps its digest where the rule that came later is left out, and has another with it', () => {
    expect(policyDigest(DEFAULT_POLICY)).toBe('cc0b9cf09e6107ffe3fdad7bf8d86b1ca11111abfbd08640ad2fbc16dea69c66');
    const withPins = read({ ...DEFAULT_POLICY, initials_with_pin: true });
    expect(withPins).toEqual({ ...DEFAULT_POLICY, initials_with_pin: true });
    expect(policyDigest(withPins)).not.toBe(policyDigest(DEFAULT_POLICY));
    expect(parsePolicy(encodePolicy(withPins), 'policy.json')).toEqual(withPins);
  });

  const { people, passphrase } = DEFAULT_POLICY;
  it.each([
    ['one person who signs twice', { same_person_may_sign_twice: true }, 'policy-same-person'],
    ['a later rule that is written where it does not hold', { initials_with_pin: false }, 'policy-values'],
    ['another kind', { coldroom: 'sealed/1' }, 'policy-not-ours'],
    ['a later version', { coldroom: 'policy/2' }, 'policy-not-ours'],
    ['a member too many', { four_eyes: true }, 'policy-members'],
    ['a role too many', { people: { ...people, guest: 1 } }, 'policy-members'],
    ['a role too few', { people: { administrator: 1, operator: 0, witness: 1 } }, 'policy-members'],
    ['no administrator', { people: { ...people, administrator: 0 } }, 'policy-values'],
    ['no witness', { people: { ...people, witness: 0 } }, 'policy-values'],
    ['fewer than nobody', { people: { ...people, auditor: -1 } }, 'policy-values'],
    ['more than a ceremony takes', { people: { ...people, witness: 21 } }, 'policy-values'],
    ['a number as text', { people: { ...people, witness: '1' } }, 'policy-values'],
    ['people as a list', { people: [1, 0, 1, 0] }, 'policy-values'],
    ['a step that no script has', { all_witnesses_sign: ['sealing'] }, 'policy-values'],
    ['a step twice', { all_witnesses_sign: ['seal', 'seal'] }, 'policy-values'],
    ['another gate', { network_gate: 'off' }, 'policy-values'],
    ['no days', { key_pack_limit_days: 0 }, 'policy-values'],
    ['too many days', { key_pack_limit_days: 366 }, 'policy-values'],
    ['no length', { passphrase: { ...passphrase, least_length: 0 } }, 'policy-values'],
    ['too long a length', { passphrase: { ...passphrase, least_length: 257 } }, 'policy-values'],
    ['a member of passphrase too many', { passphrase: { ...passphrase, greatest_length: 99 } }, 'policy-members'],
    ['a word for yes', { file_names_may_be_sent: 'yes' }, 'policy-values'],
    ['a null', { network_gate: null }, 'policy-values'],
  ])('is refused with %s', (_name, change, expected) => {
    expect(() => read({ ...DEFAULT_POLICY, ...change })).toThrow(code(expected));
  });

  it.each(Object.keys(DEFAULT_POLICY))('is refused without %s', (member) => {
    const rest = Object.fromEntries(Object.entries(DEFAULT_POLICY).filter(([name]) => name !== member));
    expect(() => read(rest)).toThrow(code(member === 'coldroom' ? 'policy-not-ours' : 'policy-members'));
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"coldroom":'],
    ['a byte order mark', `\uFEFF${JSON.stringify(DEFAULT_POLICY)}`],
    ['something behind its end', `${JSON.stringify(DEFAULT_POLICY)} {}`],
    ['a member twice', JSON.stringify(DEFAULT_POLICY).replace('{"coldroom"', '{"network_gate":"stop","coldroom"')],
    ['a fraction', JSON.stringify(DEFAULT_POLICY).replace('30', '30.5')],
    ['more than a policy needs', `${JSON.stringify(DEFAULT_POLICY)}${' '.repeat(64 * 1024)}`],
  ])('is refused where it is %s', (_name, text) => {
    expect(() => read(text)).toThrow(code('policy-not-json'));
  });

  it.each(['[]', 'null', '"policy/1"', '{}'])('is refused where it is %s', (text) => {
    expect(() => read(text)).toThrow(code('policy-not-ours'));
  });

  it('takes the limits themselves', () => {
    for (const days of [1, 365]) expect(read({ ...DEFAULT_POLICY, key_pack_limit_days: days }).key_pack_limit_days).toBe(days);
    expect(read({ ...DEFAULT_POLICY, people: { administrator: 1, operator: 20, witness: 20, auditor: 0 } }).people.operator).toBe(20);
    expect(read({ ...DEFAULT_POLICY, all_witnesses_sign: STEP_IDS }).all_witnesses_sign).toEqual(STEP_IDS);
  });
});

it('a policy may name every step that a script has, and no other', () => {
  const inScripts = new Set(SCRIPTS.flatMap((script) => script.steps.map((step) => step.id)));
  expect(inScripts).toEqual(new Set(STEP_IDS));
});

describe('the least numbers', () => {
  it('are met when nobody is missing in any role, whoever else is there', () => {
    const role = fc.constantFrom(...ROLES);
    fc.assert(
      fc.property(policy, fc.array(role, { maxLength: 30 }), (rules, roles) => {
        const missing = rolesTooFew(
          rules,
          roles.map((one) => ({ role: one })),
        );
        for (const one of ROLES) expect(missing.includes(one)).toBe(roles.filter((each) => each === one).length < rules.people[one]);
      }),
    );
  });

  it('read as people say them', () => {
    expect(leastPeopleWords(DEFAULT_POLICY)).toBe('1 administrator, 1 witness');
    expect(leastPeopleWords({ ...DEFAULT_POLICY, people: { administrator: 2, operator: 1, witness: 3, auditor: 1 } })).toBe(
      '2 administrators, 1 operator, 3 witnesses, 1 auditor',
    );
  });
});

describe('what people bring', () => {
  const rules = { ...DEFAULT_POLICY, passphrase: { own_allowed: true, least_length: 12 } };

  it.each([
    [0, 'passphrase-too-short'],
    [11, 'passphrase-too-short'],
    [12, null],
    [13, null],
  ])('a passphrase of %i characters', (length, refused) => {
    if (refused === null) checkOwnPassphrase(rules, length);
    else {
      expect(() => {
        checkOwnPassphrase(rules, length);
      }).toThrow(code(refused));
    }
  });

  it('a passphrase where none may be brought, however long', () => {
    expect(() => {
      checkOwnPassphrase({ ...rules, passphrase: { own_allowed: false, least_length: 1 } }, 200);
    }).toThrow(code('passphrase-own-refused'));
  });

  it('a file’s name, which may be sent or not', () => {
    const closed = { ...DEFAULT_POLICY, file_names_may_be_sent: false };
    checkNameSent(DEFAULT_POLICY, true);
    checkNameSent(closed, false);
    expect(() => {
      checkNameSent(closed, true);
    }).toThrow(code('name-not-allowed'));
  });
});
