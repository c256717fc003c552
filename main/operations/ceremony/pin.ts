import { z } from 'zod';
import { asksForPins, checkNewPin, pinHolder } from '../../ceremony/index.ts';
import { inputError } from '../../values/index.ts';
import { ceremonyOutput, workOn } from './ceremony.ts';
import { initialsText } from './initials-text.ts';
import { unknownInitials } from './initials.ts';
import { proofOfPin } from './pin-proof.ts';
import { uuid } from '../fields.ts';
import { defineOperation, EVERY_ROLE } from '../operation.ts';

export const ceremonyPin = defineOperation({
  name: 'ceremony.pin',
  summary: 'choose the PIN that one’s initials take in this ceremony',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, initials: initialsText, pin: z.string().max(64), again: z.string().max(64) }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.pin', input.ceremony, async ({ station, state, note }) => {
      const { initials, pin } = input;
      const { facts } = state;
      if (!asksForPins(state)) {
        throw inputError('pin-not-asked', 'the policy of this ceremony asks for no PINs', { hint: 'initials are enough here' });
      }
      const person = facts.people?.people.find((one) => one.initials === initials);
      if (person === undefined) throw unknownInitials(initials);
      if (pinHolder(state, person) !== null) {
        throw inputError('pin-chosen', `${initials} has chosen a PIN in this ceremony, and it stands`, {
          hint: 'if it was somebody else who chose it, or it was forgotten, the others hand the role over to another person',
        });
      }
      if (pin !== input.again) throw inputError('pin-differs', 'the two are not the same', { hint: 'type the PIN twice' });
      checkNewPin(pin);
      const proof = await proofOfPin(station, input.ceremony, initials, pin);
      station.ledger.transaction(() => {
        note('people', 'pin-proofs', { people: [...(facts['pin-proofs']?.people ?? []), proof] });
        note('people', 'pins', { people: [...(facts.pins?.people ?? []), { name: person.name, initials, wrong: 0 }] });
      });
      return [];
    }),
});
