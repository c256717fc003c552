import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { InitialsField, isGiven, NO_SIGNATURE, pinsOf, withoutPin } from '../parts/initials-field.tsx';
import { looks } from '../parts/looks.ts';
import parts from '../parts/parts.module.css';
import { STEPS } from '../words/steps.ts';
import { networkReason, TWO } from '../words/two-stations.ts';
import { StepFrame, type StepProps } from './step-frame.tsx';

/** What this computer shows of its network, and what the station's policy makes of that. */
export function NetworkStep(props: StepProps) {
  const { view, ceremony } = props;
  const { network } = view;
  const [overriding, setOverriding] = useState(false);
  const look = (): void => void ceremony.act('ceremony.network', { ceremony: view.ceremony_id });
  const stopped = view.now?.gate === 'stopped';
  return (
    <StepFrame
      {...props}
      primary={{ label: network === null ? STEPS.network.action : TWO.network.look, onPress: look }}
      operation="ceremony.network"
    >
      {network === null ? null : (
        <section className={parts.card}>
          <h2>{TWO.network.seen}</h2>
          {network.reasons.length === 0 ? (
            <p>{TWO.network.clear}</p>
          ) : (
            <ul className={parts.bullets}>
              {network.reasons.map((reason) => (
                <li key={reason}>{networkReason(reason)}</li>
              ))}
            </ul>
          )}
          {network.gate === 'warn' ? <p className={parts.note}>{TWO.network.warn}</p> : null}
          <div>
            {stopped ? (
              <Button
                kind="link"
                onPress={() => {
                  setOverriding(true);
                }}
              >
                {TWO.network.override}
              </Button>
            ) : (
              <Button kind="link" onPress={look}>
                {TWO.network.look}
              </Button>
            )}
          </div>
        </section>
      )}
      {overriding ? (
        <OverrideDialog
          {...props}
          onClose={() => {
            setOverriding(false);
          }}
        />
      ) : null}
    </StepFrame>
  );
}

function OverrideDialog({ view, ceremony, onClose }: StepProps & { readonly onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [administrator, setAdministrator] = useState(NO_SIGNATURE);
  const [witness, setWitness] = useState(NO_SIGNATURE);
  const [error, setError] = useState<string | null>(null);
  const record = async (): Promise<void> => {
    setAdministrator(withoutPin(administrator));
    setWitness(withoutPin(witness));
    const problem = await ceremony.act('ceremony.network-override', {
      ceremony: view.ceremony_id,
      reason: reason.trim(),
      initials: [administrator.initials, witness.initials],
      pins: pinsOf(view, administrator, witness),
    });
    if (problem === null) onClose();
    else setError(problem.message);
  };
  return (
    <Dialog title={TWO.network.overrideTitle} onClose={onClose}>
      <p>{TWO.network.overrideSay}</p>
      <Field label={TWO.network.reason} value={reason} onChange={setReason} maxLength={1000} autoFocus />
      <div className={parts.two}>
        <InitialsField view={view} label={TWO.network.administrator} value={administrator} onChange={setAdministrator} />
        <InitialsField view={view} label={TWO.network.witness} value={witness} onChange={setWitness} error={error} />
      </div>
      <div className={looks(parts.row, parts.end)}>
        <Button kind="ghost" onPress={onClose}>
          {TWO.network.cancel}
        </Button>
        <Button
          kind="danger"
          isDisabled={reason.trim() === '' || !isGiven(view, administrator) || !isGiven(view, witness)}
          onPress={() => void record()}
        >
          {TWO.network.overrideButton}
        </Button>
      </div>
    </Dialog>
  );
}
