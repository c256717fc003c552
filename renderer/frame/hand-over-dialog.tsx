import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { InitialsField, isGiven, NO_SIGNATURE, PinField, pinsOf, withoutPin, type Signature } from '../parts/initials-field.tsx';
import { PINS } from '../words/pins.ts';
import { RECORD } from '../words/record.ts';
import { visible } from '../words/visible.ts';
import { Buttons, useEnd } from './dialog-end.tsx';
import type { DialogProps } from './record-dialogs.tsx';

/** Without the PIN of whoever leaves. Main decides; here it is said before anybody types. */
const LEAST_OTHERS = 2;

/**
 * A role passes to another person, seen by somebody who stays. Where initials take PINs whoever leaves types theirs as well; without it
 * everybody else does, for then nobody says so who could be asked.
 */
export function HandOverDialog({ view, act, onClose }: DialogProps) {
  const [from, setFrom] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [to, setTo] = useState('');
  const [reason, setReason] = useState('');
  const [seenBy, setSeenBy] = useState(NO_SIGNATURE);
  const [leaving, setLeaving] = useState('');
  const [others, setOthers] = useState<readonly Signature[]>([]);
  const { error, end } = useEnd(onClose);
  const { pins, people } = view;
  const able = (pins ?? []).filter((one) => one.chosen && one.tries_left > 0).map(({ initials }) => initials);
  const isAlone = pins === null || leaving !== '';
  const everybody = people.filter(({ initials }) => initials !== from && able.includes(initials));
  const typedOf = (initials: string): Signature => others.find((one) => one.initials === initials) ?? { initials, pin: '' };
  const signatures = isAlone ? [seenBy] : everybody.map(({ initials }) => typedOf(initials));
  const handOver = (): void => {
    const own = { initials: from ?? '', pin: leaving };
    const [first, ...rest] = signatures.map((one) => one.initials);
    setLeaving('');
    setOthers([]);
    setSeenBy(withoutPin(seenBy));
    end(
      act('ceremony.hand-over', {
        ceremony: view.ceremony_id,
        from: own.initials,
        to: { name: name.trim(), initials: to },
        reason: reason.trim(),
        seen_by: first ?? '',
        also_seen_by: rest,
        pins: pinsOf(view, own, ...signatures),
      }),
    );
  };
  const isEnough = isAlone || everybody.length >= LEAST_OTHERS;
  const isSigned = isEnough && signatures.every((one) => isGiven(view, one));
  const isWhole = from !== null && [name, to, reason].every((one) => one.trim() !== '') && isSigned;
  return (
    <Dialog title={RECORD.handOver.title} onClose={onClose}>
      <p>{RECORD.handOver.say}</p>
      <Choices
        label={RECORD.handOver.from}
        value={from}
        onChange={(initials) => {
          setFrom(initials);
          setLeaving('');
        }}
        choices={people.map((one) => ({
          value: one.initials,
          label: `${visible(one.name)} (${one.initials})`,
          why: pins?.some(({ initials, tries_left: left }) => initials === one.initials && left === 0) === true ? PINS.locked : one.role,
        }))}
      />
      <Field label={RECORD.handOver.name} value={name} onChange={setName} maxLength={100} />
      <Field label={RECORD.handOver.to} value={to} onChange={setTo} maxLength={5} />
      <Field label={RECORD.reason} value={reason} onChange={setReason} maxLength={1000} />
      {from !== null && able.includes(from) ? (
        <PinField label={PINS.handOver.own} help={PINS.handOver.ownHelp} value={leaving} onChange={setLeaving} />
      ) : null}
      {isAlone ? (
        <InitialsField view={view} label={RECORD.handOver.seenBy} value={seenBy} onChange={setSeenBy} error={error} />
      ) : (
        <>
          <p>{isEnough ? PINS.handOver.others : PINS.handOver.alone}</p>
          {(isEnough ? everybody : []).map(({ name: who, initials }, at) => (
            <PinField
              key={initials}
              label={PINS.handOver.of(visible(who), initials)}
              value={typedOf(initials).pin}
              error={at === everybody.length - 1 ? error : null}
              onChange={(pin) => {
                setOthers([...others.filter((one) => one.initials !== initials), { initials, pin }]);
              }}
            />
          ))}
        </>
      )}
      <Buttons cancel={RECORD.cancel} onClose={onClose}>
        <Button isDisabled={!isWhole} onPress={handOver}>
          {RECORD.handOver.button}
        </Button>
      </Buttons>
    </Dialog>
  );
}
