import { describe, expect, it } from 'vitest';
import { checkPlan } from './check.ts';
import { blankPlan, guideText, PLAN_MEMBERS } from './guide.ts';
import { encodePlan } from './plan.ts';
import { PLAN } from './plan.fixture.ts';
import { RULES } from './rules.fixture.ts';

/** Every member of a value, lists by their first. */
function membersOf(value: unknown, at = ''): string[] {
  if (Array.isArray(value)) return membersOf(value[0], `${at}[]`);
  if (typeof value !== 'object' || value === null || at === 'policy') return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const place = at === '' ? name : `${at}.${name}`;
    return [place, ...membersOf(inner, place)];
  });
}

describe('the guide', () => {
  it('has every member of a plan, and no other', () => {
    const members = membersOf(PLAN).filter((member) => !/^(people|wallets|wallets\[\]\.items)$|size_bytes\./.test(member));
    expect(PLAN_MEMBERS.map(({ member }) => member)).toEqual(members);
    for (const { member, holds, means } of PLAN_MEMBERS)
      expect(guideText('x.plan.json')).toContain(`${member}\n    holds ${holds}\n    means ${means}\n`);
  });
  it('lies beside a plan that has every member, of which every blank one is named', () => {
    const blank = blankPlan(PLAN.policy, null);
    expect(membersOf(blank)).toEqual(membersOf(PLAN).filter((member) => member !== 'policy.least'));
    const { findings, digest } = checkPlan(encodePlan(blank), 'x', RULES);
    expect(digest).toBeNull();
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['plan-blank']));
    expect(findings.map(({ place }) => place)).toEqual([
      'title',
      'environment',
      'account',
      'people[0].name',
      'people[1].name',
      'wallets[0].user_identifier',
      'wallets[0].key_environment',
      'wallets[0].items[0].name',
      'wallets[0].items[0].kind',
      'wallets[0].items[0].identifier.type',
      'wallets[0].items[0].identifier.value',
      'wallets[0].items[0].size_bytes.min',
      'wallets[0].items[0].size_bytes.max',
      'wallets[0].items[0].mode',
    ]);
  });
});
