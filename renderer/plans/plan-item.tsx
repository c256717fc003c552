import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import parts from '../parts/parts.module.css';
import { PLANS } from '../words/plans.ts';
import type { DraftItem, KindInfo } from './draft.ts';
import { GroupError } from './findings.tsx';
import { PlanRadio, PlanSelect, PlanText } from './plan-field.tsx';
import styles from './plans.module.css';

type Props = {
  readonly item: DraftItem;
  readonly number: number;
  /** `wallets[3].items[0]`. */
  readonly place: string;
  readonly kinds: readonly KindInfo[];
  readonly onChange: (change: Partial<DraftItem>) => void;
  /** Null where it is the wallet's only one. */
  readonly onRemove: (() => void) | null;
};

const NO_PROOF = 'none';

/** One secret of a wallet: what it is, what proves it, how large it may be, how it is sealed. */
export function PlanItem({ item, number, place, kinds, onChange, onRemove }: Props) {
  const known = kinds.find(({ kind }) => kind === item.kind);
  const setKind = (kind: string): void => {
    const next = kinds.find((one) => one.kind === kind);
    onChange({
      kind,
      // Of a kind that has none there is nothing to fill in.
      ...(next?.identifiers.length === 0 ? { identifier: null } : {}),
      ...(next?.takes_bip39_passphrase === true ? {} : { bip39_passphrase: false }),
    });
  };
  return (
    <fieldset className={styles.item} data-place={place}>
      <legend>{PLANS.item(number)}</legend>
      <div className={parts.two}>
        <PlanText
          place={`${place}.name`}
          label={PLANS.itemName}
          help={PLANS.itemNameHelp}
          value={item.name}
          onChange={(name) => {
            onChange({ name });
          }}
        />
        <PlanSelect place={`${place}.kind`} label={PLANS.kind} value={item.kind} options={PLANS.kinds} onChange={setKind} />
      </div>
      <Proof item={item} place={place} known={known} onChange={onChange} />
      {known?.takes_bip39_passphrase === true || item.bip39_passphrase ? (
        <div>
          <PlanRadio
            place={`${place}.bip39_passphrase`}
            label={PLANS.passphrase}
            inline
            value={item.bip39_passphrase ? 'yes' : 'no'}
            onChange={(value) => {
              onChange({ bip39_passphrase: value === 'yes' });
            }}
            choices={[
              { value: 'no', label: PLANS.no },
              { value: 'yes', label: PLANS.yes },
            ]}
          />
          {item.bip39_passphrase ? <p className={parts.help}>{PLANS.passphraseHelp}</p> : null}
        </div>
      ) : null}
      <div className={parts.two}>
        <Size item={item} place={place} onChange={onChange} />
        <PlanSelect
          place={`${place}.mode`}
          label={PLANS.mode}
          value={item.mode}
          options={PLANS.modes}
          onChange={(mode) => {
            onChange({ mode });
          }}
        />
      </div>
      <GroupError place={place} />
      {onRemove === null ? null : (
        <div>
          <Button kind="link" onPress={onRemove}>
            {PLANS.removeItem}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

type PartProps = { readonly item: DraftItem; readonly place: string; readonly onChange: (change: Partial<DraftItem>) => void };

/** Only what the kind has is offered; where it has a usual path, that path stands there to be looked at. */
function Proof({ item, place, known, onChange }: PartProps & { readonly known: KindInfo | undefined }) {
  const { identifier } = item;
  const type = identifier?.type ?? null;
  const at = `${place}.identifier`;
  const types = known?.identifiers ?? [];
  const options = {
    ...Object.fromEntries(types.map(({ type }) => [type, PLANS.identifiers[type] ?? type])),
    [NO_PROOF]: PLANS.proofNone,
  };
  const choose = (chosen: string): void => {
    if (chosen === NO_PROOF) {
      onChange({ identifier: null });
      return;
    }
    const rule = types.find((one) => one.type === chosen)?.path ?? null;
    onChange({ identifier: { type: chosen, path: rule === 'given' ? null : rule, value: identifier?.value ?? null } });
  };
  // Of a single key there is no path; one that stands in an opened file is shown, to be taken away.
  const hasPath = identifier !== null && (identifier.path !== null || types.find(({ type }) => type === identifier.type)?.path !== null);
  return (
    <div className={styles.proof} data-place={at}>
      <PlanSelect
        place={`${at}.type`}
        label={PLANS.proof}
        help={PLANS.proofHelp}
        value={identifier === null ? NO_PROOF : identifier.type}
        options={options}
        onChange={choose}
      />
      {identifier === null || type === null ? null : (
        <div className={styles.value}>
          {hasPath ? (
            <PlanText
              place={`${at}.path`}
              label={PLANS.path}
              help={PLANS.pathHelp}
              mono
              value={identifier.path}
              onChange={(path) => {
                onChange({ identifier: { ...identifier, path } });
              }}
            />
          ) : null}
          <PlanText
            place={`${at}.value`}
            label={PLANS.value}
            mono
            value={identifier.value}
            onChange={(value) => {
              onChange({ identifier: { ...identifier, value } });
            }}
          />
        </div>
      )}
      <GroupError place={at} />
    </div>
  );
}

/** Digits alone; anything else is not taken. */
function bytesOf(text: string | null): number | null {
  const digits = (text ?? '').replaceAll(/\D/g, '').slice(0, 12);
  return digits === '' ? null : Number(digits);
}

function Size({ item, place, onChange }: PartProps) {
  const { size_bytes: size } = item;
  const at = `${place}.size_bytes`;
  return (
    <div className={parts.field} data-place={at}>
      <Choices
        label={PLANS.size}
        inline
        value={size === null ? 'any' : 'between'}
        onChange={(value) => {
          onChange({ size_bytes: value === 'any' ? null : { min: null, max: null } });
        }}
        choices={[
          { value: 'any', label: PLANS.sizeAny },
          { value: 'between', label: PLANS.sizeBetween },
        ]}
      />
      {size === null ? null : (
        <div className={styles.sizes}>
          <PlanText
            place={`${at}.min`}
            label={PLANS.sizeMin}
            maxLength={12}
            value={size.min === null ? null : size.min.toString()}
            onChange={(text) => {
              onChange({ size_bytes: { ...size, min: bytesOf(text) } });
            }}
          />
          <PlanText
            place={`${at}.max`}
            label={PLANS.sizeMax}
            maxLength={12}
            value={size.max === null ? null : size.max.toString()}
            onChange={(text) => {
              onChange({ size_bytes: { ...size, max: bytesOf(text) } });
            }}
          />
        </div>
      )}
      <GroupError place={at} />
    </div>
  );
}
