import { useState } from 'react';
import { Choices } from '../parts/choices.tsx';
import { Field } from '../parts/field.tsx';
import { Button } from '../parts/button.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { PLANNED } from '../words/planned.ts';
import { STEPS } from '../words/steps.ts';
import { visible } from '../words/visible.ts';
import { StepFrame, type StepProps } from './step-frame.tsx';
import type { Ceremony } from './use-ceremony.ts';
import type { CeremonyView } from '../../main/operations/index.ts';

/** Whose key, and HOT or COLD: nothing is chosen beforehand, and what is chosen is typed. */
export function WalletStep(props: StepProps) {
  const { view } = props;
  const [changing, setChanging] = useState(view.wallet === null);
  const form = useWalletForm(view, props.ceremony, () => {
    setChanging(false);
  });
  if (!changing) {
    return (
      <StepFrame {...props}>
        <div>
          <Button
            kind="link"
            onPress={() => {
              setChanging(true);
            }}
          >
            {WORDS.wallet.change}
          </Button>
        </div>
      </StepFrame>
    );
  }
  const primary = { label: STEPS.wallet.action, onPress: form.record, isDisabled: !form.isComplete };
  return (
    <StepFrame {...props} primary={primary}>
      {form.fields}
      {view.now?.gate === 'open' ? (
        <div>
          <Button isDisabled={!form.isComplete} onPress={form.record}>
            {STEPS.wallet.action}
          </Button>
        </div>
      ) : null}
    </StepFrame>
  );
}

/** The wallet's form, also used where an assignment could not be made and another identifier is needed. */
export function useWalletForm(
  view: CeremonyView,
  ceremony: Ceremony,
  onDone: () => void,
  operation: 'ceremony.wallet' | 'ceremony.wallet-add' = 'ceremony.wallet',
) {
  const { wallet } = view;
  // What a plan says of its one wallet stands there to be compared; what was recorded counts before it.
  const planned = wallet === null && operation === 'ceremony.wallet' ? (view.plan?.wallets[0] ?? null) : null;
  const [user, setUser] = useState((wallet ?? planned)?.user_identifier ?? '');
  const [account, setAccount] = useState<'institution' | 'partner'>(wallet?.account ?? view.plan?.account ?? 'institution');
  const [ids, setIds] = useState({
    customer_id: (wallet ?? planned)?.customer_id ?? '',
    customer_name: (wallet ?? planned)?.customer_name ?? '',
    package_id: (wallet ?? planned)?.package_id ?? '',
    package_name: (wallet ?? planned)?.package_name ?? '',
  });
  const [kept, setKept] = useState<'HOT' | 'COLD' | null>(planned?.key_environment ?? null);
  const [typed, setTyped] = useState('');
  const isComplete = user.trim() !== '' && kept !== null && typed.trim() !== '';
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim());
  const record = async (): Promise<void> => {
    if (!isComplete) return;
    const problem = await ceremony.act(operation, {
      ceremony: view.ceremony_id,
      user_identifier: user.trim(),
      account,
      customer_id: orNull(ids.customer_id),
      customer_name: orNull(ids.customer_name),
      package_id: orNull(ids.package_id),
      package_name: orNull(ids.package_name),
      key_environment: kept,
      typed: typed.trim(),
    });
    if (problem === null) onDone();
  };
  const id = (name: keyof typeof ids, label: string) => (
    <Field
      label={label}
      value={ids[name]}
      maxLength={256}
      onChange={(value) => {
        setIds({ ...ids, [name]: value });
      }}
    />
  );
  const fields = (
    <div className={parts.stack}>
      {planned === null ? null : <p className={parts.note}>{PLANNED.card.wallet(visible(planned.user_identifier))}</p>}
      <Field label={WORDS.wallet.user} help={WORDS.wallet.userHelp} value={user} onChange={setUser} maxLength={256} />
      <Choices
        label={WORDS.wallet.kept}
        inRow
        value={kept}
        onChange={(value) => {
          setKept(value === 'HOT' ? 'HOT' : 'COLD');
        }}
        choices={[
          { value: 'COLD', label: WORDS.wallet.cold, why: WORDS.wallet.coldWhy },
          { value: 'HOT', label: WORDS.wallet.hot, why: WORDS.wallet.hotWhy },
        ]}
      />
      <Field
        label={kept === null ? WORDS.wallet.typedEmpty : WORDS.wallet.typed(kept)}
        value={typed}
        onChange={setTyped}
        maxLength={10}
        onEnter={() => void record()}
      />
      <details className={parts.card} open={account === 'partner'}>
        <summary>{WORDS.wallet.organisation}</summary>
        <p className={parts.note}>{WORDS.wallet.organisationHelp}</p>
        <Choices
          label={WORDS.wallet.account}
          inline
          value={account}
          onChange={(value) => {
            setAccount(value === 'partner' ? 'partner' : 'institution');
          }}
          choices={[
            { value: 'institution', label: WORDS.wallet.institution },
            { value: 'partner', label: WORDS.wallet.partner },
          ]}
        />
        <div className={parts.two}>
          {id('customer_id', WORDS.wallet.customerId)}
          {id('customer_name', WORDS.wallet.customerName)}
          {id('package_id', WORDS.wallet.packageId)}
          {id('package_name', WORDS.wallet.packageName)}
        </div>
      </details>
    </div>
  );
  return { fields, isComplete, record: () => void record() };
}
