import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FACTS, type FactName } from './facts.ts';
import { findScript, SCRIPTS, type Script, type ScriptStep } from './script.ts';
import { STEP_JUDGES } from './steps.ts';

/** Walks a script as a ceremony would: what each step needs must have been produced by then. */
function impossible(steps: readonly ScriptStep[]): string[] {
  const found: string[] = [];
  const there = new Set<FactName>();
  for (const step of steps) {
    for (const need of step.needs) if (!there.has(need)) found.push(`${step.id} needs ${need}`);
    for (const fact of step.produces) {
      if (there.has(fact)) found.push(`${step.id} produces ${fact} again`);
      there.add(fact);
    }
  }
  return found;
}

/** What `ceremony.begin` writes with the beginning itself. */
const AT_THE_BEGIN = ['policy', 'plan'];

const [first] = SCRIPTS;
if (first === undefined) throw new Error('there is no script');
const rehearsal = findScript('rehearsal');

describe.each(SCRIPTS.map((script): [string, Script] => [script.name, script]))('the script %s', (_name, script) => {
  it('can be walked from its first step to its last', () => {
    expect(impossible(script.steps)).toEqual([]);
  });

  it('begins with people, ends with the close, and has no step twice', () => {
    const ids = script.steps.map((step) => step.id);
    expect([ids[0], ids.at(-1)]).toEqual(['people', 'close']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has a judge for each step', () => {
    for (const step of script.steps) expect(STEP_JUDGES[step.id], step.id).toBeTypeOf('function');
  });

  it('runs somewhere, on some station', () => {
    expect(script.environments.length).toBeGreaterThan(0);
    expect(script.roles.length).toBeGreaterThan(0);
  });
});

describe('the walk', () => {
  it('finds a step that comes before what it needs', () => {
    const [people, ...rest] = rehearsal.steps;
    const swapped = [
      ...rest.toSpliced(
        rest.findIndex((step) => step.id === 'seal'),
        1,
      ),
      people,
      rest.find((step) => step.id === 'seal'),
    ];
    expect(impossible(swapped.filter((step) => step !== undefined))).toContain('self-test needs people');
  });

  it.each(rehearsal.steps.filter((step) => step.produces.length > 0).map((step) => step.id))(
    'finds a script without %s, where others need it',
    (id) => {
      const needed = rehearsal.steps.some((step) =>
        step.needs.some((need) => rehearsal.steps.find((one) => one.id === id)?.produces.includes(need)),
      );
      const problems = impossible(rehearsal.steps.filter((step) => step.id !== id));
      expect(problems.length > 0).toBe(needed);
    },
  );

  it('finds two steps that produce the same', () => {
    const [people] = rehearsal.steps;
    expect(impossible([...rehearsal.steps, ...(people === undefined ? [] : [people])])).toContain('people produces people again');
  });
});

/** What people note whichever step is lit. */
const OF_NO_STEP = ['excepted', 'pins', 'pin-proofs', 'paused', 'reopened'];

describe('all scripts together', () => {
  it('produce every fact that a ceremony may hold', () => {
    const produced = new Set(SCRIPTS.flatMap((script) => script.steps.flatMap((step) => step.produces)));
    expect(Object.keys(FACTS).filter((name) => !produced.has(name as FactName))).toEqual([...AT_THE_BEGIN, ...OF_NO_STEP]);
  });

  it('keep secrets off online stations and CoinCover off cold ones', () => {
    for (const { roles, steps, name } of SCRIPTS) {
      const ids = steps.map((step) => step.id);
      if (roles.includes('online')) expect([name, ids.filter((id) => ['secrets', 'seal', 'packs'].includes(id))]).toEqual([name, []]);
      if (roles.includes('cold'))
        expect([name, ids.filter((id) => ['sign-in', 'assign', 'keys', 'store', 'verify'].includes(id))]).toEqual([name, []]);
      if (ids.includes('seal') && roles.includes('cold')) expect(ids.indexOf('network')).toBeLessThan(ids.indexOf('secrets'));
    }
  });
});

describe('what the operations note', () => {
  const folder = join(import.meta.dirname, '../operations');
  const noted = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name))
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return [
        /\bnote\(([^,()]+), '([a-z-]+)'/g,
        // Answers to points are noted in one place, which is told the step and the fact.
        /\bnoteAnswers\(parts, \{ step: ('[a-z-]+'), fact: '([a-z-]+)'/g,
        // What the window notes of itself, whichever step is lit.
        /'ceremony-fact', data: \{ ceremony_id: \w+, (step), name: '([a-z-]+)'/g,
      ].flatMap((form) => [...text.matchAll(form)]);
    })
    // A step that depends on the station is written as both, one after the other.
    .flatMap(([, step = '', fact]) => {
      const named = [...step.matchAll(/'([a-z-]+)'/g)].map((match) => match[1]).filter((one) => one !== 'cold');
      return (named.length > 0 ? named : [null]).map((one) => ({ step: one, fact }));
    });

  it('is, for each fact, what its step says it produces', () => {
    expect(noted.length).toBeGreaterThan(10);
    // A step may take back what a later one noted, so that it is asked again.
    const takesBack = [
      { step: 'secrets', fact: 'sealing' },
      { step: 'wallet', fact: 'assignment' },
    ];
    const wrong = noted.filter(
      ({ step, fact }) =>
        !SCRIPTS.some((script) =>
          script.steps.some((one) => (step === null || one.id === step) && one.produces.some((produced) => produced === fact)),
        ) &&
        !OF_NO_STEP.includes(fact ?? '') &&
        !takesBack.some((one) => one.step === step && one.fact === fact),
    );
    expect(wrong).toEqual([]);
  });

  it('is every fact of the list', () => {
    expect(new Set([...AT_THE_BEGIN, ...noted.map(({ fact }) => fact)])).toEqual(new Set(Object.keys(FACTS)));
  });
});

describe('the list of scripts', () => {
  it('keeps rehearsals and real ceremonies apart', () => {
    for (const script of SCRIPTS.filter((one) => one.roles.length === 1 && one.roles.includes('single'))) {
      expect(script.environments.includes('rehearsal')).toBe(script.name === 'rehearsal');
    }
  });

  it('refuses a name that it does not know', () => {
    expect(() => findScript('drill')).toThrow(expect.objectContaining({ code: 'script-unknown', family: 'input' }));
  });
});
