import { looks } from '../parts/looks.ts';
import { Table } from '../parts/table.tsx';
import { PLANS } from '../words/plans.ts';
import { visible } from '../words/visible.ts';
import type { DraftItem, DraftWallet } from './draft.ts';
import styles from './plans.module.css';

type SheetItem = Readonly<DraftItem>;
/** A wallet as a draft or a ceremony has it. */
type SheetWallet = Readonly<Omit<DraftWallet, 'items'>> & { readonly items: readonly SheetItem[] };
type Row = { readonly key: string; readonly wallet: SheetWallet; readonly item: SheetItem; readonly isFirst: boolean };

/** One row for each secret; what is said of its wallet stands in the wallet's first. */
export function SheetTable({ wallets }: { readonly wallets: readonly SheetWallet[] }) {
  const rows: Row[] = wallets.flatMap((wallet, at) =>
    wallet.items.map((item, index) => ({ key: `${at.toString()} ${index.toString()}`, wallet, item, isFirst: index === 0 })),
  );
  return (
    <div className={styles.across}>
      <Table
        caption={PLANS.wallets}
        rows={rows}
        rowKey={({ key }) => key}
        filter={{
          label: PLANS.find,
          text: ({ wallet, item }) => [wallet.user_identifier, wallet.customer_id, wallet.customer_name, item.name].join(' '),
        }}
        columns={[
          { heading: PLANS.columns.wallet, kind: 'name', cell: (row) => <WalletCell {...row} /> },
          {
            heading: PLANS.columns.secret,
            kind: 'name',
            cell: ({ item }) => (
              <span className={styles.lines}>
                <b>{visible(item.name ?? '')}</b>
                <small>{PLANS.kinds[item.kind ?? ''] ?? item.kind}</small>
              </span>
            ),
          },
          { heading: PLANS.columns.proof, kind: 'name', cell: ({ item }) => <ProofCell item={item} /> },
          {
            heading: PLANS.columns.how,
            cell: ({ item }) => (
              <span className={styles.lines}>
                <span>{PLANS.modesShort[item.mode ?? ''] ?? item.mode}</span>
                <small>{sizeOf(item)}</small>
              </span>
            ),
          },
        ]}
      />
    </div>
  );
}

function WalletCell({ wallet, isFirst }: Row) {
  const { customer_id: customer, package_id: itsPackage } = wallet;
  if (!isFirst) return <small className={styles.lines}>{visible(wallet.user_identifier ?? '')}</small>;
  return (
    <span className={looks(styles.lines, styles.walletName)}>
      <b>{visible(wallet.user_identifier ?? '')}</b>
      <span>{wallet.key_environment}</span>
      {customer === null ? null : <small>{visible(PLANS.customer(customer, wallet.customer_name))}</small>}
      {itsPackage === null ? null : <small>{visible(PLANS.package(itsPackage, wallet.package_name))}</small>}
    </span>
  );
}

function ProofCell({ item: { identifier, bip39_passphrase: withPassphrase } }: { readonly item: SheetItem }) {
  if (identifier === null) return <small className={styles.lines}>{PLANS.noProof}</small>;
  const { type, path, value } = identifier;
  const how = [PLANS.identifiers[type ?? ''] ?? type, path, withPassphrase ? PLANS.withPassphrase : null].filter((part) => part !== null);
  return (
    <span className={styles.lines}>
      <small>{how.join(', ')}</small>
      <code>{value}</code>
    </span>
  );
}

function sizeOf({ size_bytes: size }: SheetItem): string {
  const { min, max } = size ?? { min: null, max: null };
  if (min === null || max === null) return PLANS.anySize;
  return PLANS.sizeOf(min.toLocaleString('en-GB'), max.toLocaleString('en-GB'));
}
