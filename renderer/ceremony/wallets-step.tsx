import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { State } from '../parts/mark.tsx';
import parts from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { TWO } from '../words/two-stations.ts';
import { visible } from '../words/visible.ts';
import { PLANNED } from '../words/planned.ts';
import { Field } from '../parts/field.tsx';
import { StepFrame, type StepProps } from './step-frame.tsx';
import { useWalletForm } from './wallet-step.tsx';

/** Several wallets, one after the other; each with HOT or COLD typed. */
export function WalletsStep(props: StepProps) {
  const { view } = props;
  const [adding, setAdding] = useState(view.wallets.length === 0);
  // A form of its own for each wallet: nothing of the one before is left in it.
  if (plannedLeft(view).length > 0 && view.wallets.length === 0) return <TakePlanned {...props} />;
  return adding ? (
    <AddWallet
      key={view.wallets.length}
      {...props}
      onDone={() => {
        setAdding(false);
      }}
    />
  ) : (
    <StepFrame {...props}>
      <WalletList {...props} />
      <div>
        <Button
          kind="link"
          onPress={() => {
            setAdding(true);
          }}
        >
          {TWO.wallets.another}
        </Button>
      </div>
    </StepFrame>
  );
}

/** The wallets of the plan that are not in the list yet. */
function plannedLeft({ plan, wallets }: StepProps['view']) {
  return (plan?.wallets ?? []).filter(
    (one) => !wallets.some((other) => other.user_identifier === one.user_identifier && other.customer_id === one.customer_id),
  );
}

/** All wallets of the plan at once; HOT and COLD are typed for those that have it. */
function TakePlanned(props: StepProps) {
  const { view, ceremony } = props;
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const left = plannedLeft(view);
  const needed = ['COLD', 'HOT'].flatMap((kept) => {
    const count = left.filter((wallet) => wallet.key_environment === kept).length;
    return count === 0 ? [] : [{ kept, count }];
  });
  const take = (): void =>
    void ceremony.act('ceremony.wallets-planned', {
      ceremony: view.ceremony_id,
      typed: needed.map(({ kept }) => (typed[kept] ?? '').trim()),
    });
  const isWhole = needed.every(({ kept }) => (typed[kept] ?? '').trim() !== '');
  return (
    <StepFrame {...props} primary={{ label: PLANNED.wallets.take(left.length), onPress: take, isDisabled: !isWhole }}>
      <Table
        caption={PLANNED.wallets.title}
        rows={left}
        rowKey={({ at }) => at}
        filter={{ label: TWO.wallets.find, text: (wallet) => `${wallet.user_identifier} ${wallet.key_environment}` }}
        columns={[
          { heading: TWO.wallets.wallet, kind: 'name', cell: (wallet) => visible(wallet.user_identifier) },
          { heading: TWO.wallets.kept, cell: (wallet) => wallet.key_environment },
        ]}
      />
      <div className={parts.two}>
        {needed.map(({ kept, count }) => (
          <Field
            key={kept}
            label={PLANNED.wallets.typed(kept, count)}
            value={typed[kept] ?? ''}
            maxLength={10}
            onChange={(text) => {
              setTyped({ ...typed, [kept]: text });
            }}
          />
        ))}
      </div>
    </StepFrame>
  );
}

function AddWallet(props: StepProps & { readonly onDone: () => void }) {
  const { view, ceremony, onDone } = props;
  const form = useWalletForm(view, ceremony, onDone, 'ceremony.wallet-add');
  const back =
    view.wallets.length === 0 ? null : (
      <Button kind="ghost" onPress={onDone}>
        {TWO.wallets.done}
      </Button>
    );
  return (
    <StepFrame {...props} primary={{ label: TWO.wallets.add, onPress: form.record, isDisabled: !form.isComplete }} secondary={back}>
      {form.fields}
      {view.now?.gate === 'open' ? (
        <div className={parts.row}>
          <Button isDisabled={!form.isComplete} onPress={form.record}>
            {TWO.wallets.add}
          </Button>
          {back}
        </div>
      ) : null}
      <WalletList {...props} />
    </StepFrame>
  );
}

const MARKS: Readonly<Record<string, string>> = {
  listed: 'waits',
  assigned: 'passed',
  refused: 'failed',
  'not-sent': 'amber',
  unknown: 'unknown',
  quarantined: 'failed',
};

/** The wallets and where each stands. */
export function WalletList({ view, ceremony }: StepProps) {
  if (view.wallets.length === 0) return null;
  return (
    <Table
      caption={TWO.wallets.list}
      rows={view.wallets}
      rowKey={(wallet) => `${wallet.user_identifier} ${wallet.customer_id ?? ''}`}
      filter={{ label: TWO.wallets.find, text: (wallet) => `${wallet.user_identifier} ${wallet.key_environment} ${stateOf(wallet.state)}` }}
      columns={[
        { heading: TWO.wallets.wallet, kind: 'name', cell: (wallet) => visible(wallet.user_identifier) },
        { heading: TWO.wallets.kept, cell: (wallet) => wallet.key_environment },
        {
          heading: TWO.wallets.state,
          cell: (wallet) => <State mark={MARKS[wallet.state] ?? 'unknown'} word={stateOf(wallet.state)} />,
        },
        {
          heading: TWO.wallets.remove,
          kind: 'do',
          cell: (wallet) =>
            wallet.state === 'assigned' ? null : (
              <Button
                kind="link"
                aria-label={TWO.wallets.removeOf(visible(wallet.user_identifier))}
                onPress={() =>
                  void ceremony.act('ceremony.wallet-remove', {
                    ceremony: view.ceremony_id,
                    user_identifier: wallet.user_identifier,
                    customer_id: wallet.customer_id,
                  })
                }
              >
                {TWO.wallets.remove}
              </Button>
            ),
        },
      ]}
    />
  );
}

function stateOf(state: string): string {
  return TWO.wallets.states[state] ?? state;
}
