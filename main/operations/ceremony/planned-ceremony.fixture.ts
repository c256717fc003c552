import type { Plan } from '../../plan/index.ts';
import { wordsOf, WORK, type CeremonyHome } from './home.fixture.ts';

/** A published phrase of BIP-39, and what its wallet shows. Nothing of it is worth anything. */
export const PHRASE = `${'abandon '.repeat(11)}about\n`;
export const ADDRESS = 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu';
/** The same phrase under the BIP-39 passphrase `TREZOR`. */
export const WITH_PASSPHRASE = { passphrase: 'TREZOR', fingerprint: 'b4e3f5ed' };
export const HEX_KEY = `${'0'.repeat(63)}1\n`;
export const HEX_ADDRESS = '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf';

/** A plan that the people and wallets of the tests' ceremonies follow. */
export const ROOM_PLAN: Plan = {
  plan: 1,
  title: 'Treasury wallets, first backup',
  environment: 'production',
  account: 'institution',
  people: [
    { name: 'Ann Baker', role: 'administrator' },
    { name: 'Carl Dahl', role: 'witness' },
  ],
  policy: null,
  wallets: [
    {
      user_identifier: 'treasury-btc',
      key_environment: 'COLD',
      customer_id: null,
      customer_name: null,
      package_id: null,
      package_name: null,
      items: [
        {
          name: 'seed.txt',
          kind: 'bip39',
          identifier: { type: 'bitcoin-p2wpkh', path: "m/84'/0'/0'/0/0", value: ADDRESS },
          bip39_passphrase: false,
          size_bytes: { min: 50, max: 96 },
          mode: 'direct',
        },
        { name: 'notes.pdf', kind: 'opaque', identifier: null, bip39_passphrase: false, size_bytes: null, mode: 'envelope' },
      ],
    },
    {
      user_identifier: 'treasury-eth',
      key_environment: 'HOT',
      customer_id: null,
      customer_name: null,
      package_id: null,
      package_name: null,
      items: [
        {
          name: 'key.txt',
          kind: 'hex-key',
          identifier: { type: 'ethereum', path: null, value: HEX_ADDRESS },
          bip39_passphrase: false,
          size_bytes: null,
          mode: 'direct',
        },
      ],
    },
  ],
};

/** A plan that differs; what `change` does to the copy is all that does. */
export function changedPlan(change: (plan: Plan) => void, plan: Plan = ROOM_PLAN): Plan {
  const copy = structuredClone(plan);
  change(copy);
  return copy;
}

/** Writes a plan as a file. Each has a name of its own. */
let written = 0;
export function planFile(room: CeremonyHome, plan: Plan = ROOM_PLAN): string {
  written += 1;
  return room.secret(`plan-${written.toString()}.json`, JSON.stringify(plan));
}

/** Both people approve a plan as it was shown to them. */
export async function approve(room: CeremonyHome, file: string): Promise<void> {
  const { output } = await room.must('plan.read', { file });
  await room.must('plan.approve', {
    file,
    plan_sha256: output['plan_sha256'],
    people: [
      { name: 'Ann Baker', initials: 'ab' },
      { name: 'Carl Dahl', initials: 'CD' },
    ],
  });
}

/** A rehearsal by a plan, begun. */
export async function beginByPlan(room: CeremonyHome, plan: Plan = ROOM_PLAN, wallets: number[] = [0]): Promise<void> {
  const file = planFile(room, plan);
  await approve(room, file);
  await room.begin('rehearsal', 'rehearsal', { plan: file, wallets });
}

/** The wallet of a plan as people type it. */
export function typedWallet(plan: Plan, at = 0): Record<string, unknown> {
  const wallet = plan.wallets[at];
  if (wallet === undefined) throw new Error('the plan has no such wallet');
  const { user_identifier, key_environment, customer_id, customer_name, package_id, package_name } = wallet;
  return {
    user_identifier,
    key_environment,
    customer_id,
    customer_name,
    package_id,
    package_name,
    account: plan.account,
    typed: key_environment,
  };
}

/** What each step of a rehearsal by a plan takes, done as the plan says. */
export const PLANNED_WORK: readonly { step: string; work: (room: CeremonyHome) => Promise<unknown> }[] = WORK.map((one) => {
  switch (one.step) {
    case 'wallet':
      return { step: one.step, work: (room) => room.act('ceremony.wallet', typedWallet(ROOM_PLAN)) };
    case 'assign':
      return {
        step: one.step,
        work: async (room) => {
          const { view } = await room.act('ceremony.assign');
          await room.act('ceremony.words', { words: wordsOf(view.assignment?.key?.fingerprint ?? '') });
        },
      };
    case 'secrets':
      return {
        step: one.step,
        work: (room) => room.act('ceremony.choose', { files: [room.secret('seed.txt', PHRASE), room.secret('notes.pdf')] }),
      };
    case 'seal':
      return { step: one.step, work: (room) => room.act('ceremony.seal', { mode: 'plan', passphrase: null, send_name: false }) };
    default:
      return one;
  }
});

/** Does and signs the steps before one, as planned. */
export async function walkByPlan(room: CeremonyHome, to: string): Promise<void> {
  for (const { step, work } of PLANNED_WORK) {
    if (step === to) return;
    await work(room);
    await room.sign();
  }
}

/** The codes of the departures that nobody has gone on with, with their places. */
export async function openDepartures(room: CeremonyHome): Promise<string[]> {
  const { plan } = await room.view();
  return (plan?.departures ?? []).filter((one) => one.exception === null).map(({ code, place }) => `${code} ${place}`.trim());
}

/** Both people go on with every departure of the lit step. */
export async function goOn(room: CeremonyHome, reason = 'the client was asked'): Promise<void> {
  const { plan, now } = await room.view();
  for (const { id, step, exception } of plan?.departures ?? []) {
    if (exception === null && step === now?.step) await room.act('ceremony.go-on', { departure: id, reason, initials: ['AB', 'CD'] });
  }
}
