import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { CeremonyView } from '../../main/operations/index.ts';
import { WORDS } from '../words/catalogue.ts';
import { SignInStep } from './sign-in-step.tsx';
import { signerChoices } from './signer-choices.ts';

const words = Array.from({ length: 32 }, (_, index) => `word${index.toString()}`);
const keyOf = (letter: string) => ({ fingerprint: letter.repeat(64), words });
const anchorOf = (letter: string) => ({ ...keyOf(letter), changed_at: '2026-11-01T00:00:00.000Z' });

describe('the signing keys to choose from', () => {
  const summary = (...from: Parameters<typeof signerChoices>) =>
    signerChoices(...from).map((one) => [one.fingerprint.charAt(0), one.confirmedAt !== null, one.isPublished]);

  it('are those confirmed earlier, before anything was fetched', () => {
    expect(summary([anchorOf('a'), anchorOf('b')], null)).toEqual([
      ['a', true, null],
      ['b', true, null],
    ]);
    expect(summary([], null)).toEqual([]);
  });
  it('are also those that CoinCover publishes and nobody has confirmed, as after a rotation', () => {
    expect(summary([anchorOf('a')], [keyOf('b')])).toEqual([
      ['a', true, false],
      ['b', false, true],
    ]);
  });
  it('stand there once each', () => {
    expect(summary([anchorOf('a')], [keyOf('b'), keyOf('a')])).toEqual([
      ['a', true, true],
      ['b', false, true],
    ]);
  });
});

describe('the step “Environment and sign-in”', () => {
  const view = {
    plan: null,
    ceremony_id: 'c',
    environment: 'sandbox',
    environment_typed: true,
    has_token: true,
    now: { step: 'sign-in', gate: 'waits', problem: null, checks: [], facts: [], evidence_sha256: '' },
  };
  const show = (anchors: CeremonyView['anchors']) =>
    renderToStaticMarkup(
      createElement(SignInStep, {
        view: { ...view, anchors } as unknown as CeremonyView,
        ceremony: { view: null, problem: null, running: null, notes: [], act: () => Promise.resolve(null) },
        nativeDialogs: false,
        heading: null,
        say: null,
      }),
    );

  it('offers to fetch the signing keys, and where one is confirmed, to fetch them again', () => {
    expect(show([])).toContain(`>${WORDS.signIn.fetch}<`);
    expect(show([])).not.toContain(WORDS.signIn.fetchAgain);
    const confirmed = show([anchorOf('a')]);
    expect(confirmed).toContain(`>${WORDS.signIn.fetchAgain}<`);
    expect(confirmed).toContain('word31');
  });
});
