import { OPERATIONS, WINDOW_CALLS, WINDOW_OPERATIONS, type WindowCallName } from '../../main/operations/index.ts';
import { createSession, type Session } from '../../app/window/session.ts';
import { Lane } from '../network/lane.ts';
import { Dice, type Campaign, type Figure } from '../proof/campaign.ts';
import { HOSTILE_VALUES, mutateJson } from './mutate.ts';
import { OddFiles } from './odd-files.ts';
import { sample } from './sample.ts';

const MOST_MS = 60_000;
/** What ends a session, and what asks the OS's keychain, which this one is not given. */
const LEFT_OUT = new Set(['window.close', 'window.cancel', 'window.keychain']);
const UNLOCK_EVERY = 25;

/**
 * A page that was taken over talks to main: every call that a window has, with inputs of the right form, of nearly the right form and
 * of none, at a station that is locked, open, and in a ceremony. Each is answered, none is a bug, and the ledger is in order.
 */
export async function windowCampaign(campaign: Campaign, messages: number): Promise<Figure> {
  const losses: string[] = [];
  let inputs = 0;
  const lane = new Lane('operations');
  let odd: OddFiles | null = null;
  try {
    await lane.open();
    odd = await OddFiles.make(lane.path('odd'));
    lane.write('secret', 'a secret');
    const files = [
      ...Object.values(odd.paths),
      lane.path('key.json'),
      lane.path('secret'),
      lane.path('new.json'),
      lane.path('no', 'folder'),
    ];
    for (const state of ['locked', 'open', 'in a ceremony'] as const) {
      const session = sessionOf(lane, files);
      const { handles, ids } = await prepare(session, state, lane);
      let taken = 0;
      for (let at = 0; at < messages / 3; at += 1) {
        const dice = new Dice(campaign.seed + at);
        if (state !== 'locked' && at % UNLOCK_EVERY === UNLOCK_EVERY - 1)
          await ask(session, 'window.unlock', { passphrase: Lane.passphrase });
        const message = messageOf(dice, handles, ids);
        const { wrong, isTaken } = await judge(session, message, lane.folder);
        inputs += 1;
        if (isTaken) taken += 1;
        if (wrong !== null) losses.push(`${state}, seed ${(campaign.seed + at).toString()}: ${wrong}; ${shown(message)}`);
      }
      if (taken === 0) losses.push(`${state}: no message was taken, so that none got past the first check`);
      await session.close();
    }
    const check = await lane.run('ledger.check', {});
    if (check.exit !== 0) losses.push(`ledger check: exit ${check.exit.toString()}, ${check.code ?? ''}`);
    if (Object.hasOwn(Object.prototype, 'polluted')) losses.push('every object has a member more now');
  } finally {
    odd?.close();
    await lane.close();
  }
  return { what: 'messages of a page that was taken over', runs: 0, faults: 0, inputs, losses, left_out: null };
}

function sessionOf(lane: Lane, files: readonly string[]): Session {
  return createSession({
    home: lane.home,
    shell: 'evaluation',
    version: '0.0.0',
    chooser: {
      openFiles: () => Promise.resolve(files),
      openFolder: () => Promise.resolve(lane.path('odd')),
      saveFile: () => Promise.resolve(lane.path(lane.fresh('saved'))),
    },
    clock: lane.clock,
    spawnKeychainChild: () => {
      throw new Error('a file keychain starts no child');
    },
    onEvent: () => undefined,
    onClose: () => undefined,
    protectContent: () => false,
    allowCamera: () => Promise.resolve(),
  });
}

type Given = {
  ok: boolean;
  output?: Record<string, unknown>;
  problems?: { family: string; code: string }[];
  error?: { family: string; code: string; message: string };
};

const ask = async (session: Session, operation: string, input: unknown): Promise<Given> =>
  (await session.receive({ operation, input })) as Given;

/** Handles of files that a dialog gave, and ids that mean something. */
async function prepare(
  session: Session,
  state: 'locked' | 'open' | 'in a ceremony',
  lane: Lane,
): Promise<{ handles: string[]; ids: string[] }> {
  const chosen = await ask(session, 'window.choose', { what: 'files', title: '', name: '' });
  const handles = (chosen.output?.['chosen'] as { handle: string }[]).map((one) => one.handle);
  const ids = [lane.keyId, lane.backupId];
  if (state === 'locked') return { handles, ids };
  await ask(session, 'window.unlock', { passphrase: Lane.passphrase });
  if (state === 'open') return { handles, ids };
  const begun = await ask(session, 'ceremony.begin', { script: 'rehearsal', environment: 'rehearsal' });
  const { ceremonies } = (await ask(session, 'ceremony.list', {})).output as { ceremonies: { ceremony_id: string }[] };
  const id = ceremonies[0]?.ceremony_id;
  if (id === undefined) throw new Error(`no ceremony began: ${JSON.stringify(begun.error)}`);
  return { handles, ids: [...ids, id, id, id] };
}

function messageOf(dice: Dice, handles: readonly string[], ids: readonly string[]): unknown {
  const names = [...WINDOW_OPERATIONS, ...Object.keys(WINDOW_CALLS)].filter((name) => !LEFT_OUT.has(name));
  const operation = dice.pick(names);
  const schema =
    operation in WINDOW_CALLS ? WINDOW_CALLS[operation as WindowCallName].input : OPERATIONS[operation as keyof typeof OPERATIONS].input;
  const input = sample(schema, dice, handles, ids);
  switch (dice.below(6)) {
    case 0:
      return { operation, input };
    case 1:
      return dice.pick<unknown>([
        null,
        [],
        operation,
        { operation },
        { operation, input, more: 1 },
        { operation: [operation], input },
        { operation: { toString: 1 }, input },
      ]);
    case 2:
      return { operation: dice.pick(['__proto__', 'constructor', 'hasOwnProperty', 'init', 'store', 'x'.repeat(70_000), '']), input };
    case 3:
      return { operation, input: dice.pick(HOSTILE_VALUES) };
    default:
      return { operation, input: spoilt(input, dice) };
  }
}

function spoilt(input: unknown, dice: Dice): unknown {
  const nothing = typeof input !== 'object' || input === null || Object.keys(input).length === 0;
  try {
    return JSON.parse(mutateJson(nothing ? { a: input } : input, dice)) as unknown;
  } catch {
    return input;
  }
}

async function judge(session: Session, message: unknown, folder: string): Promise<{ wrong: string | null; isTaken: boolean }> {
  const refused = (wrong: string) => ({ wrong, isTaken: false });
  const begun = Date.now();
  let answer: Given;
  try {
    answer = (await session.receive(message)) as Given;
  } catch (error) {
    return refused(`it was rejected: ${String(error)}`);
  }
  if (Date.now() - begun > MOST_MS) return refused(`answered after ${(Date.now() - begun).toString()} ms`);
  const problems = answer.ok ? (answer.problems ?? []) : [answer.error];
  if (problems.some((one) => one === undefined || one.family === 'bug' || !/^[a-z0-9-]+$/.test(one.code))) return refused('it is a bug');
  return { wrong: JSON.stringify(answer).includes(folder) ? 'a folder is told' : null, isTaken: answer.ok };
}

const shown = (message: unknown): string => JSON.stringify(message).slice(0, 400);
