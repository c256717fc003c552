import { z } from 'zod';
import { checkWords, leastPeopleWords, ROLES, rolesTooFew, rulesOf, type Person, type Policy } from '../../ceremony/index.ts';
import { runSelfTest } from '../../sealing/index.ts';
import { checkLedger } from '../../ledger/index.ts';
import { inputError, isoTime, isSha256, quote } from '../../values/index.ts';
import { ceremonyId, ceremonyOutput, UNKNOWN_ASSIGNMENT, workOn } from './ceremony.ts';
import { initialsText } from './initials-text.ts';
import { checkDifferentPeople } from './people.ts';
import { checkHoldersStay } from './pin-holders.ts';
import { checkedWallet, walletInput } from './wallet.ts';
import { enteredWords, fingerprint, inputPath, plainText, uuid } from '../fields.ts';
import { machineLines } from '../station/machine-lines.ts';
import { defineOperation, EVERY_ROLE } from '../operation.ts';
import { latestEvent, softwareOf } from '../station/self-check.ts';
import { readCheckMaterial } from '../station/remembered-end.ts';
import { keepToken } from '../service/token.ts';
import { pinSigner, pinSignerOf } from '../station/trust.ts';

const DAY_MINUTES = 24 * 60;

export const ceremonyPeople = defineOperation({
  name: 'ceremony.people',
  summary: 'who is in the room, and what the witness’s clock says',
  roles: EVERY_ROLE,
  input: z.strictObject({
    ceremony: uuid,
    people: z
      .array(z.strictObject({ name: plainText(100), initials: initialsText, role: z.enum(ROLES) }))
      .min(1)
      .max(20),
    place: plainText(200),
    /** UTC, as the witness reads it off a clock that is not this machine's. */
    witness_clock: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day, like 14:05'),
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.people', input.ceremony, ({ station, state, note }) => {
      // Also where a hand-over has lit the step again: it is signed anew then, not entered anew.
      if (state.signOffs.some((one) => one.step === 'people')) {
        throw inputError('people-signed', 'the people of this ceremony have been signed off', {
          hint: 'hand a role over to whoever takes it, which is kept in the record',
        });
      }
      checkPeople(rulesOf(state), input.people);
      checkHoldersStay(state, input.people);
      const nowMs = context.clock.now();
      station.ledger.transaction(() => {
        note('people', 'people', { people: input.people, place: input.place });
        note('people', 'clock', {
          witness_read: input.witness_clock,
          machine_at: isoTime(nowMs),
          offset_seconds: offsetSeconds(input.witness_clock, nowMs),
        });
      });
      return [];
    }),
});

/** @throws input `people-too-few`, `initials-twice`, `person-twice`. */
function checkPeople(rules: Policy, people: readonly Person[]): void {
  const [missing] = rolesTooFew(rules, people);
  if (missing !== undefined) {
    throw inputError('people-too-few', `the policy asks for ${leastPeopleWords(rules)}, and there are too few in the role ${missing}`, {
      hint: 'enter everybody who is here, or have an administrator set another policy and begin anew',
    });
  }
  checkDifferentPeople(people);
}

/** The witness's minute against this machine's time, the nearer way round midnight; positive where this machine is behind. */
function offsetSeconds(read: string, nowMs: number): number {
  const [hours = 0, minutes = 0] = read.split(':').map(Number);
  const now = new Date(nowMs);
  const machineSeconds = (now.getUTCHours() * 60 + now.getUTCMinutes()) * 60 + now.getUTCSeconds();
  const within = (hours * 60 + minutes) * 60;
  // A reading of 14:05 means some second between 14:05:00 and 14:05:59.
  const early = wrap(within - machineSeconds);
  const late = wrap(within + 59 - machineSeconds);
  if (early <= 0 && late >= 0) return 0;
  return Math.abs(early) < Math.abs(late) ? early : late;
}

function wrap(seconds: number): number {
  const day = DAY_MINUTES * 60;
  const modulo = ((seconds % day) + day) % day;
  return modulo > day / 2 ? modulo - day : modulo;
}

export const ceremonySelfTest = defineOperation({
  name: 'ceremony.self-test',
  summary: 'test this machine’s cryptography, ledger and keychain, and look at program, folder and machine',
  roles: EVERY_ROLE,
  input: ceremonyId,
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.self-test', input.ceremony, async ({ station, note, except }) => {
      const report = await runSelfTest();
      const material = await readCheckMaterial(station.keychain, station.file);
      const ledger = await checkLedger(station.ledger, material.macKey, material.remembered, station.file.public_key);
      material.macKey?.fill(0);
      const software = softwareOf(context);
      // A live network has a step of its own at a cold station, where people may go on in spite of it.
      const lines = await machineLines(context, station.role, software, latestEvent(station.ledger), 'warn');
      const failed = lines.filter((one) => one.result === 'failed').map((one) => one.id);
      note('self-test', 'self-test', {
        ok: report.ok && ledger.ok && failed.length === 0,
        count: report.count,
        checks: report.checks.map(({ id, what, result, detail }) => ({ id, what, result, detail })),
        ledger_ok: ledger.ok,
        ledger_events: ledger.events,
        keychain: station.file.keychain,
        machine: { version: software.version, build: software.sha256, lines },
        at: isoTime(context.clock.now()),
      });
      if (!report.ok) except('self-test', 'The self-test failed');
      if (!ledger.ok) except('self-test', `The ledger does not hold: ${ledger.problems[0]?.code ?? ''}`);
      if (failed.length > 0) except('self-test', `The self-check failed: ${failed.join(', ')}`);
      return [];
    }),
});

export const ceremonyEnvironment = defineOperation({
  name: 'ceremony.environment',
  summary: 'confirm the environment by typing its name',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, typed: z.string().max(100) }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.environment', input.ceremony, ({ station, state, note }) => {
      const name = state.row.environment;
      if (input.typed.trim().toLowerCase() !== name) {
        throw inputError('environment-typed', `${quote(input.typed)} is not the name of this ceremony’s environment`, {
          hint: 'type the name that stands in the bar at the top',
        });
      }
      const at = isoTime(context.clock.now());
      if (station.role === 'cold') {
        note('signer', 'environment', { name, environment_id: null, host: null, at });
        return [];
      }
      const { environment_id: environmentId, api } = station.queries.requireEnvironment(name);
      note('sign-in', 'environment', { name, environment_id: environmentId, host: new URL(api).host, at });
      return [];
    }),
});

export const ceremonyPracticeKey = defineOperation({
  name: 'ceremony.practice-key',
  summary: 'in a rehearsal, put the stand-in’s own API key into the keychain',
  roles: EVERY_ROLE,
  input: ceremonyId,
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.practice-key', input.ceremony, async ({ station, state }) => {
      if (state.row.script !== 'rehearsal' || context.rehearsal === undefined) {
        throw inputError('not-a-rehearsal', 'only a rehearsal has a practice key', { hint: 'enter the API key that CoinCover gave you' });
      }
      const environment = station.queries.requireEnvironment('rehearsal');
      const at = context.rehearsal.isKept() ? await context.rehearsal.start(station) : null;
      if (at?.api !== environment.api) {
        // SECURITY(REQ-TOKEN-HOST): an API key goes to the hosts that it was made for.
        throw inputError('not-a-rehearsal', 'this rehearsal runs against a stand-in elsewhere, which has its own API key', {
          hint: 'enter the API key that it printed',
        });
      }
      await keepToken(station, environment, at.token);
      station.ledger.append({ type: 'account-confirmed', data: { environment: 'rehearsal', account_id: at.accountId } });
      return [];
    }),
});

export const ceremonySigner = defineOperation({
  name: 'ceremony.signer',
  summary: 'confirm the enclave’s signing key by two of its words, or take the one confirmed earlier',
  roles: EVERY_ROLE,
  input: z.strictObject({
    ceremony: uuid,
    fingerprint,
    words: enteredWords,
    /** At a cold station: the list of signing keys that CoinCover publishes, as a file or as a key pack brings it. */
    file: inputPath.optional(),
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.signer', input.ceremony, async ({ station, state, note }) => {
      if (!isSha256(input.fingerprint)) throw new TypeError('the schema lets only fingerprints through');
      checkWords(input.fingerprint, input.words);
      const standing = station.queries.anchors(state.row.environment).find((one) => one.fingerprint === input.fingerprint);
      if (standing?.state !== 'active') {
        if (station.role !== 'cold')
          await pinSigner(context, station, station.queries.requireEnvironment(state.row.environment), input.fingerprint);
        else await pinSignerOf(context, station, state.row.environment, input.fingerprint, input.file ?? null);
      }
      note(station.role === 'cold' ? 'signer' : 'sign-in', 'signer', {
        fingerprint: input.fingerprint,
        positions: input.words.map((one) => one.position),
        basis: standing?.state === 'active' ? 'earlier' : state.row.script === 'rehearsal' ? 'practice' : 'card',
        at: isoTime(context.clock.now()),
      });
      return [];
    }),
});

export const ceremonyWallet = defineOperation({
  name: 'ceremony.wallet',
  summary: 'name the wallet, and choose HOT or COLD by typing it',
  roles: EVERY_ROLE,
  input: walletInput,
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.wallet', input.ceremony, ({ note, except, state, station }) => {
      const wallet = checkedWallet(input);
      const assigned = station.queries.assignment(state.facts.assignment?.assignment_id ?? '');
      if (assigned?.state === 'assigned') {
        throw inputError('wallet-assigned', 'a key has been assigned for this wallet in this ceremony', {
          hint: 'begin another ceremony for another wallet',
        });
      }
      // Together: an assignment that stood beside another wallet would be taken for its own.
      station.ledger.transaction(() => {
        note('wallet', 'wallet', { ...wallet, at: isoTime(context.clock.now()) });
        if (assigned === null) return;
        // Of one that a killed app left in the air nobody has said so yet, and its id is about to leave this ceremony.
        if (assigned.state === 'sending') except('assign', UNKNOWN_ASSIGNMENT);
        note('wallet', 'assignment', null);
      });
      return [];
    }),
});
