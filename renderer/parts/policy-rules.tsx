import { useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import { POLICY, policySentences } from '../words/policy.ts';
import { Button } from './button.tsx';
import { Copyable } from './copy.tsx';
import parts from './parts.module.css';

type Policy = Pick<CeremonyView['policy'], 'rules' | 'policy_sha256' | 'words'>;

/** The rules in plain words, their digest in hex, and on demand as the words that people read aloud. */
export function PolicyRules({ policy, spelt = false }: { readonly policy: Policy; readonly spelt?: boolean }) {
  const [words, setWords] = useState(spelt);
  return (
    <>
      <ul className={parts.bullets}>
        {policySentences(policy.rules).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <dl className={parts.facts}>
        <div className={parts.whole}>
          <dt>{POLICY.digest}</dt>
          <dd>
            <Copyable value={policy.policy_sha256} what={POLICY.digest} hex />
          </dd>
        </div>
      </dl>
      {words ? (
        <ol className={parts.grid}>
          {policy.words.map((word, index) => (
            <li key={index}>
              <span aria-hidden="true">{index + 1}</span>
              <span>{word}</span>
            </li>
          ))}
        </ol>
      ) : null}
      <div>
        <Button
          kind="link"
          onPress={() => {
            setWords(!words);
          }}
        >
          {words ? POLICY.hideWords : POLICY.words}
        </Button>
      </div>
    </>
  );
}
