import { useEffect, useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import { call } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { PASS } from '../words/passphrase.ts';
import { DrawnWords } from './drawn-words.tsx';
import { PassphraseHalf } from './passphrase-half.tsx';

export type Source = 'draw' | 'halves' | 'own';
/** The least that main takes of a passphrase that people made up. */
const OWN_LEAST_LENGTH = 16;

type Props = {
  readonly view: CeremonyView;
  /** Some of the files are sealed already: what they are sealed under may be wanted for the rest. */
  readonly begun: boolean;
  readonly nativeDialogs: boolean;
  readonly source: Source;
  readonly onSource: (source: Source) => void;
  /** An own passphrase, as typed; main judges it when it seals. Null: none is ready, or main keeps one. */
  readonly onOwn: (typed: string | null) => void;
  /** Main keeps one that can be sealed under. */
  readonly onKept: (isKept: boolean) => void;
  /** The screen is for one person now: nothing else stands on it. */
  readonly onPrivate: (isPrivate: boolean) => void;
  readonly onEnter: () => void;
};

/** Where the passphrase to seal under comes from. Whatever main keeps of it, it forgets when this goes from the screen. */
export function PassphraseSource({ view, begun, nativeDialogs, source, onSource, onOwn, onKept, onPrivate, onEnter }: Props) {
  const [typed, setTyped] = useState('');
  const [again, setAgain] = useState('');
  const [owners, setOwners] = useState<readonly string[]>([]);
  const [isDone, setDone] = useState(false);
  const [isAlone, setAlone] = useState(false);
  const { ceremony_id: ceremony, policy } = view;
  const { own_allowed: ownAllowed, least_length: leastLength } = policy.rules.passphrase;
  useEffect(
    () => () => {
      void call('ceremony.passphrase-forget', { ceremony });
    },
    [ceremony],
  );
  const hideOthers = (isPrivate: boolean): void => {
    setAlone(isPrivate);
    onPrivate(isPrivate);
  };
  const begin = (next: Source): void => {
    onSource(next);
    setTyped('');
    setAgain('');
    setOwners([]);
    setDone(false);
    hideOthers(false);
    onOwn(null);
    onKept(false);
    void call('ceremony.passphrase-forget', { ceremony });
  };
  const kept = (): void => {
    setDone(true);
    hideOthers(false);
    onKept(true);
  };
  const type = (first: string, second: string): void => {
    setTyped(first);
    setAgain(second);
    onOwn(first !== '' && first === second ? first : null);
  };
  const half = (initials: string): void => {
    setOwners([...owners, initials]);
    if (owners.length > 0) kept();
    else hideOthers(true);
  };
  const [firstOwner = '', secondOwner = ''] = owners;
  const sources = (['draw', 'halves', ...(ownAllowed || begun ? (['own'] as const) : [])] as const).map((value) => ({
    value,
    ...PASS.sources[value === 'own' && !ownAllowed ? 'before' : value],
  }));
  return (
    <div className={parts.stack} ref={intoSight}>
      {isAlone ? null : (
        <Choices
          label={PASS.source}
          value={source}
          onChange={(value) => {
            begin(value as Source);
          }}
          choices={sources}
        />
      )}
      {source === 'own' ? (
        <div className={parts.two}>
          <Field
            label={WORDS.seal.passphrase}
            help={`${ownAllowed ? WORDS.seal.passphraseLeast(Math.max(leastLength, OWN_LEAST_LENGTH)) : ''} ${WORDS.seal.passphraseHelp}`.trim()}
            value={typed}
            onChange={(text) => {
              type(text, again);
            }}
            secret
          />
          <Field
            label={WORDS.seal.again}
            value={again}
            onChange={(text) => {
              type(typed, text);
            }}
            secret
            error={again !== '' && typed !== again ? WORDS.seal.differ : null}
            onEnter={onEnter}
          />
        </div>
      ) : isDone ? (
        <p role="status" tabIndex={-1} ref={focusOn}>
          {source === 'halves' ? PASS.half.kept(firstOwner, secondOwner) : PASS.kept}
        </p>
      ) : source === 'draw' ? (
        <div className={parts.card}>
          <DrawnWords of={{ ceremony, part: 'whole', initials: null }} nativeDialogs={nativeDialogs} onPrivate={hideOthers} onKept={kept} />
        </div>
      ) : (
        <>
          <PassphraseHalf
            key={owners.length.toString()}
            view={view}
            part={owners.length === 0 ? 'first' : 'second'}
            say={owners.length === 0 ? PASS.half.first : PASS.half.second(firstOwner)}
            ownAllowed={ownAllowed}
            nativeDialogs={nativeDialogs}
            onPrivate={(isPrivate) => {
              hideOthers(isPrivate || owners.length > 0);
            }}
            onKept={half}
          />
          {owners.length === 0 ? null : (
            <div className={parts.row}>
              <Button
                kind="link"
                onPress={() => {
                  begin('halves');
                }}
              >
                {PASS.half.restart}
              </Button>
            </div>
          )}
        </>
      )}
    </div>
  );
}

/** What a choice brings up may lie below the fold. */
function intoSight(element: HTMLDivElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

/** The button that was pressed is gone. */
function focusOn(element: HTMLElement | null): void {
  element?.focus();
}
