import { useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { Mark } from '../parts/mark.tsx';
import parts from '../parts/parts.module.css';
import { PLANNED } from '../words/planned.ts';
import { PLANS } from '../words/plans.ts';
import { visible } from '../words/visible.ts';
import { NearestWords } from './nearest-words.tsx';
import styles from './planned.module.css';
import type { Ceremony } from './use-ceremony.ts';

type File = CeremonyView['files'][number];
type Item = NonNullable<CeremonyView['plan']>['wallets'][number]['items'][number];

/** The plan's item that a file is, or null. */
export function plannedItemOf({ plan }: CeremonyView, { place }: File): Item | null {
  const [, wallet, item] = /^wallets\[(\d+)\]\.items\[(\d+)\]$/.exec(place ?? '') ?? [];
  if (wallet === undefined || item === undefined) return null;
  return plan?.wallets.find(({ at }) => at === Number(wallet))?.items.find(({ at }) => at === Number(item)) ?? null;
}

/** What a file turned out to be, in one sentence for somebody who knows wallets and not their formats. */
function foundIn(file: File, item: Item | null): { readonly state: string; readonly words: string } {
  const { inspection } = file;
  if (file.made_up) return { state: 'amber', words: PLANNED.secret.madeUp };
  if (inspection === null) return { state: 'waits', words: PLANNED.secret.waiting };
  const { kind, valid, identifier, as_planned: isAsPlanned } = inspection;
  const what = PLANNED.secret.kinds[kind] ?? kind;
  if (!valid) return { state: 'failed', words: `${PLANNED.secret.badKinds[item?.kind ?? kind] ?? kind}.` };
  if (item === null) return { state: 'failed', words: PLANNED.secret.unplanned(what) };
  if (!isAsPlanned) {
    const isOther = identifier !== null && identifier.value !== item.identifier?.value;
    return { state: 'failed', words: isOther ? PLANNED.secret.wrong(what) : PLANNED.secret.departs(what) };
  }
  if (kind === 'opaque') return { state: 'amber', words: PLANNED.secret.opaque };
  if (identifier === null) return { state: 'amber', words: PLANNED.secret.form(what) };
  return { state: 'passed', words: PLANNED.secret.right(what) };
}

/** What was found in each file, announced as it changes, and the field for what goes with a secret where the plan wants it. */
export function Inspections({ view, ceremony }: { readonly view: CeremonyView; readonly ceremony: Ceremony }) {
  if (view.plan === null || view.files.length === 0) return null;
  return (
    <section className={parts.card} aria-label={PLANNED.secret.title}>
      <h2>{PLANNED.secret.title}</h2>
      <p className={parts.note}>{PLANNED.secret.say}</p>
      <ul className={styles.found} aria-live="polite">
        {view.files.map((file) => (
          <Found key={file.item_id} view={view} ceremony={ceremony} file={file} />
        ))}
      </ul>
    </section>
  );
}

type FoundProps = { readonly view: CeremonyView; readonly ceremony: Ceremony; readonly file: File };

function Found({ view, ceremony, file }: FoundProps) {
  const item = plannedItemOf(view, file);
  const { state, words } = foundIn(file, item);
  const { inspection } = file;
  const identifier = inspection?.identifier ?? null;
  // A passphrase with a slip in it leads to another wallet: it can be typed again.
  const isAgain = file.needs === null && item?.bip39_passphrase === true && inspection?.as_planned === false && inspection.valid;
  const needs = file.needs ?? (isAgain ? 'bip39-passphrase' : null);
  return (
    <li>
      <Mark state={state} />
      <div className={styles.departure}>
        <b>{visible(file.name)}</b>
        <span>{words}</span>
        {/* Of something opaque the sentence above says it all. */}
        {(inspection === null || (inspection.kind === 'opaque' && inspection.valid) ? [] : inspection.findings).map(({ code, message }) => (
          <span key={`${code} ${message}`}>{`${PLANS.told(visible(message))}.`}</span>
        ))}
        {identifier === null ? null : (
          <dl className={styles.identifier}>
            <dt>{PLANS.identifiers[identifier.type] ?? identifier.type}</dt>
            <dd>
              <code>{identifier.value}</code>
            </dd>
          </dl>
        )}
        {file.state === 'chosen' && inspection?.findings.some(({ code }) => code === 'phrase-unknown-word') === true ? (
          // Of other bytes nothing that was shown before stays.
          <NearestWords key={inspection.findings.map(({ message }) => message).join(' ')} view={view} file={file} />
        ) : null}
        {needs === null || file.state !== 'chosen' ? null : (
          <Beside key={isAgain ? 'again' : 'first'} view={view} ceremony={ceremony} file={file} needs={needs} isAgain={isAgain} />
        )}
      </div>
    </li>
  );
}

type BesideProps = FoundProps & { readonly needs: 'bip39-passphrase' | 'password'; readonly isAgain: boolean };

/** A phrase's own passphrase or a key file's password. One way: to main, and out of here. */
function Beside({ view, ceremony, file, needs, isAgain }: BesideProps) {
  const [typed, setTyped] = useState('');
  const look = (): void => {
    if (typed === '') return;
    const given = typed;
    setTyped('');
    void ceremony.act('ceremony.inspect', {
      ceremony: view.ceremony_id,
      item_id: file.item_id,
      bip39_passphrase: needs === 'bip39-passphrase' ? given : null,
      password: needs === 'password' ? given : null,
    });
  };
  const name = visible(file.name);
  return (
    <div className={styles.beside}>
      <Field
        label={needs === 'password' ? PLANNED.secret.password(name) : PLANNED.secret.passphrase(name)}
        help={PLANNED.secret.passphraseHelp}
        value={typed}
        onChange={setTyped}
        secret
        onEnter={look}
      />
      <Button kind={isAgain ? 'ghost' : 'primary'} isDisabled={typed === '' || ceremony.running !== null} onPress={look}>
        {isAgain ? PLANNED.secret.lookAgain : PLANNED.secret.look}
      </Button>
    </div>
  );
}
