import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { Mark } from '../parts/mark.tsx';
import parts from '../parts/parts.module.css';
import { useFiles } from '../use-files.tsx';
import { PLANS } from '../words/plans.ts';
import { visible } from '../words/visible.ts';
import { BLANK_WALLET, countItems, walletOf, withAt, without, type Draft, type DraftWallet, type Finding, type KindInfo } from './draft.ts';
import { changeDraft, takeInWallets } from './draft-store.ts';
import { GroupError, isBlankFinding } from './findings.tsx';
import { PlanWallet } from './plan-wallet.tsx';
import styles from './plans.module.css';

/** As many wallets are seen at a glance; from more on the list can be searched. */
const GLANCE = 10;
/** More in a list help nobody: the rest is counted, and found by searching. */
const MOST_LISTED = 200;

type Props = {
  readonly draft: Draft;
  readonly findings: readonly Finding[];
  readonly kinds: readonly KindInfo[];
  /** The wallet that is open. */
  readonly open: number;
  readonly onOpen: (at: number) => void;
  readonly nativeDialogs: boolean;
};

/** All wallets in a list, one of them open: a plan of hundreds is as easy to go through as one of three. */
export function PlanWallets({ draft, findings, kinds, open, onOpen, nativeDialogs }: Props) {
  const { wallets } = draft;
  const files = useFiles(nativeDialogs);
  const [sought, setSought] = useState('');
  const [removed, setRemoved] = useState<{ readonly at: number; readonly wallet: DraftWallet } | null>(null);
  const [takenIn, setTakenIn] = useState<number | null>(null);
  const states = new Map<number, 'wrong' | 'blank'>();
  for (const finding of findings) {
    const at = walletOf(finding.place);
    if (at !== null && states.get(at) !== 'wrong') states.set(at, isBlankFinding(finding) ? 'blank' : 'wrong');
  }
  const takeIn = async (): Promise<void> => {
    const [file] = await files.choose({ what: 'file', title: PLANS.takeInDialog, name: '' });
    if (file === undefined) return;
    setTakenIn(await takeInWallets(file.handle));
    setRemoved(null);
  };
  const add = (): void => {
    changeDraft({ wallets: [...wallets, BLANK_WALLET] });
    setSought('');
    onOpen(wallets.length);
  };
  const remove = (at: number, wallet: DraftWallet): void => {
    changeDraft({ wallets: without(wallets, at) });
    setRemoved({ at, wallet });
    setTakenIn(null);
    onOpen(Math.max(0, Math.min(at, wallets.length - 2)));
  };
  const putBack = (): void => {
    if (removed === null) return;
    changeDraft({ wallets: wallets.toSpliced(removed.at, 0, removed.wallet) });
    onOpen(removed.at);
    setRemoved(null);
  };
  const shown = wallets[open];
  return (
    <section className={parts.card} aria-label={PLANS.wallets} data-place="wallets" tabIndex={-1}>
      <div className={styles.headRow}>
        <h2>{PLANS.wallets}</h2>
        <span className={parts.note}>{PLANS.walletsCount(wallets.length, countItems(draft))}</span>
        <span className={styles.spring} />
        <Button kind="link" onPress={add}>
          {PLANS.addWallet}
        </Button>
        <Button kind="link" onPress={() => void takeIn()}>
          {PLANS.takeIn}
        </Button>
      </div>
      <div role="status" className={styles.headRow}>
        {takenIn === null ? null : <span className={parts.note}>{PLANS.takenIn(takenIn)}</span>}
        {removed === null ? null : (
          <>
            <span className={parts.note}>{PLANS.removed(nameOf(removed.wallet, removed.at))}</span>
            <Button kind="link" onPress={putBack}>
              {PLANS.putBack}
            </Button>
          </>
        )}
      </div>
      <GroupError place="wallets" />
      <div className={styles.wallets}>
        <WalletList wallets={wallets} states={states} open={open} onOpen={onOpen} sought={sought} onSought={setSought} />
        {shown === undefined ? (
          <p className={parts.note}>{PLANS.noWallet}</p>
        ) : (
          <PlanWallet
            key={open}
            wallet={shown}
            at={open}
            isPartner={draft.account === 'partner'}
            kinds={kinds}
            onChange={(change) => {
              changeDraft({ wallets: withAt(wallets, open, change) });
            }}
            onRemove={() => {
              remove(open, shown);
            }}
          />
        )}
      </div>
      {files.browser}
    </section>
  );
}

type ListProps = {
  readonly wallets: readonly DraftWallet[];
  readonly states: ReadonlyMap<number, 'wrong' | 'blank'>;
  readonly open: number;
  readonly onOpen: (at: number) => void;
  readonly sought: string;
  readonly onSought: (text: string) => void;
};

function WalletList({ wallets, states, open, onOpen, sought, onSought }: ListProps) {
  const isSearchable = wallets.length > GLANCE;
  const found = wallets.map((wallet, at) => ({ wallet, at })).filter(({ wallet }) => !isSearchable || holds(wallet, sought));
  const rest = found.length - MOST_LISTED;
  return (
    <div className={styles.side}>
      {isSearchable ? (
        <>
          <Field label={PLANS.find} value={sought} onChange={onSought} maxLength={256} />
          <p className={parts.note} role="status">
            {PLANS.found(found.length, wallets.length)}
          </p>
        </>
      ) : null}
      <ul className={styles.list} aria-label={PLANS.walletList}>
        {found.slice(0, MOST_LISTED).map(({ wallet, at }) => (
          <li key={at}>
            <button
              type="button"
              className={styles.entry}
              aria-current={at === open ? 'true' : undefined}
              onClick={() => {
                onOpen(at);
              }}
            >
              <span className={styles.entryName}>{nameOf(wallet, at)}</span>
              <small>{PLANS.keptShort[wallet.key_environment ?? ''] ?? ''}</small>
              {states.has(at) ? <Mark state={states.get(at) === 'wrong' ? 'failed' : 'waits'} /> : <Mark state="passed" />}
            </button>
          </li>
        ))}
      </ul>
      {rest > 0 ? <p className={parts.note}>{PLANS.moreWallets(rest)}</p> : null}
    </div>
  );
}

function nameOf({ user_identifier: user }: DraftWallet, at: number): string {
  return user === null || user === '' ? `${(at + 1).toString()}. ${PLANS.noName}` : visible(user);
}

function holds(wallet: DraftWallet, sought: string): boolean {
  const text = [wallet.user_identifier, wallet.customer_id, wallet.customer_name, ...wallet.items.map(({ name }) => name)].join(' ');
  return text.toLowerCase().includes(sought.trim().toLowerCase());
}
