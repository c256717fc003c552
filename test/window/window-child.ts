// One start of the window in a process of its own, so that a test can kill it: comes back to where the ceremony was left, signs
// what was done there, does the next step's work, says so, and waits to be killed.
import { Journey } from './journey.ts';
import { openWindow } from './open-window.ts';
import { PASSPHRASE } from './station.ts';

/** What the parent asks for: the step to be at, whether to sign it first, and what to do in the next. */
export type Order = { readonly home: string; readonly filesName: string; readonly file: string; readonly number: number };
/** `step` counts from 1: where the window was when it came up, and what was done before it said so. */
export type Report = { readonly heading: string; readonly done: boolean };

const order = JSON.parse(process.argv[2] ?? '{}') as Order;

const { page } = await openWindow({ home: order.home });
const journey = new Journey(page);
await journey.unlock(PASSPHRASE);

const WORK: readonly { heading: string; work: () => Promise<void> }[] = [
  { heading: 'People and room', work: () => journey.people() },
  { heading: 'Station self-test', work: () => journey.selfTest() },
  { heading: 'Environment and sign-in', work: signIn },
  { heading: 'HOT or COLD', work: () => journey.wallet() },
  { heading: 'Assign a key and check it', work: () => journey.assign() },
  { heading: 'Choose the secrets', work: () => journey.secrets([order.filesName], [order.file]) },
  { heading: 'Seal', work: () => journey.seal() },
  { heading: 'Store with CoinCover', work: () => journey.store() },
  { heading: 'Verify key and backup', work: () => Promise.resolve() },
  { heading: 'Get it back', work: () => journey.recover() },
  { heading: 'Production checklist', work: () => journey.checklist() },
  { heading: 'Close', work: () => Promise.resolve() },
];

// The step before was done and not signed when the last window was killed: it must still be so.
const before = WORK[order.number - 2];
if (before !== undefined) {
  await journey.at(before.heading);
  await journey.sign(order.number - 1);
}
const now = WORK[order.number - 1];
if (now !== undefined) {
  await journey.at(now.heading);
  await now.work();
  await journey.button(`Sign off step ${order.number.toString()}`).waitFor();
} else {
  await journey.at(/is closed$/);
}
process.send?.({ heading: (await page.getByRole('heading', { level: 1 }).textContent()) ?? '', done: true } satisfies Report);
setInterval(() => undefined, 1000);

/** The station is signed in already: only the name and the words are left. */
async function signIn(): Promise<void> {
  await journey.type(/^Type the environment’s name to confirm it/, 'rehearsal');
  await journey.press('Confirm the environment');
  await journey.press('Fetch the signing keys');
  await journey.words('Signing key of the enclave');
}
