import { Button } from '../parts/button.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { PLANS } from '../words/plans.ts';
import { visible } from '../words/visible.ts';
import { BLANK_ITEM, withAt, without, type DraftWallet, type KindInfo } from './draft.ts';
import { GroupError } from './findings.tsx';
import { PlanItem } from './plan-item.tsx';
import { PlanRadio, PlanText } from './plan-field.tsx';
import styles from './plans.module.css';

type Props = {
  readonly wallet: DraftWallet;
  readonly at: number;
  /** A partner says of every wallet whose it is. */
  readonly isPartner: boolean;
  readonly kinds: readonly KindInfo[];
  readonly onChange: (change: Partial<DraftWallet>) => void;
  readonly onRemove: () => void;
};

const IDS = [
  ['customer_id', PLANS.customerId],
  ['customer_name', PLANS.customerName],
  ['package_id', PLANS.packageId],
  ['package_name', PLANS.packageName],
] as const;

/** The one wallet of a plan that is open: whose it is, HOT or COLD, and its secrets. */
export function PlanWallet({ wallet, at, isPartner, kinds, onChange, onRemove }: Props) {
  const place = `wallets[${at.toString()}]`;
  const isOwned = IDS.some(([member]) => wallet[member] !== null);
  return (
    <section
      className={styles.wallet}
      aria-label={PLANS.places.wallet(visible(wallet.user_identifier ?? PLANS.noName))}
      data-place={place}
      tabIndex={-1}
    >
      <PlanText
        place={`${place}.user_identifier`}
        label={PLANS.wallet}
        help={PLANS.walletHelp}
        value={wallet.user_identifier}
        onChange={(user) => {
          onChange({ user_identifier: user });
        }}
      />
      <PlanRadio
        place={`${place}.key_environment`}
        label={PLANS.kept}
        value={wallet.key_environment}
        onChange={(kept) => {
          onChange({ key_environment: kept });
        }}
        choices={[
          { value: 'COLD', label: WORDS.wallet.cold, why: WORDS.wallet.coldWhy },
          { value: 'HOT', label: WORDS.wallet.hot, why: WORDS.wallet.hotWhy },
        ]}
      />
      <details className={styles.owner} open={isPartner || isOwned}>
        <summary>{PLANS.organisation}</summary>
        <p className={parts.help}>{PLANS.organisationHelp}</p>
        <div className={styles.pairs}>
          {IDS.map(([member, label]) => (
            <PlanText
              key={member}
              place={`${place}.${member}`}
              label={label}
              value={wallet[member]}
              onChange={(value) => {
                onChange({ [member]: value });
              }}
            />
          ))}
        </div>
      </details>
      {wallet.items.map((item, index) => (
        <PlanItem
          key={index}
          item={item}
          number={index + 1}
          place={`${place}.items[${index.toString()}]`}
          kinds={kinds}
          onChange={(change) => {
            onChange({ items: withAt(wallet.items, index, change) });
          }}
          onRemove={
            wallet.items.length === 1
              ? null
              : () => {
                  onChange({ items: without(wallet.items, index) });
                }
          }
        />
      ))}
      <GroupError place={`${place}.items`} />
      <GroupError place={place} />
      <div className={parts.row}>
        <Button
          kind="link"
          onPress={() => {
            onChange({ items: [...wallet.items, BLANK_ITEM] });
          }}
        >
          {PLANS.addItem}
        </Button>
        <Button kind="plainDanger" onPress={onRemove}>
          {PLANS.removeWallet}
        </Button>
      </div>
    </section>
  );
}
