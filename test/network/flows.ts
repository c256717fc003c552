import { existsSync, readFileSync } from 'node:fs';
import type { CallKind } from '../../main/rehearsal/calls.ts';
import type { Fault, Means } from './fault.ts';
import type { End, Lane } from './lane.ts';

/** One way to come upon a fault: the calls before it, the call that meets it, and everything that has to hold afterwards. */
export type Flow = {
  readonly name: string;
  /** The call that the fault is done to. */
  readonly on: CallKind;
  /** Another call of the API comes before, so that a fault of the connection itself would meet that. */
  readonly isLater?: true;
  /** @returns what was wrong, in lines. */
  readonly run: (lane: Lane, fault: Fault, means: Means) => Promise<string[]>;
};

type Expected = { readonly exit: number; readonly code?: string | readonly string[] | null; readonly state?: string | readonly string[] };

const listed = <Value>(value: Value | readonly Value[]): readonly Value[] =>
  Array.isArray(value) ? (value as readonly Value[]) : [value as Value];

/** What a line of the output says, against what was expected. */
function compare(what: string, end: End, state: unknown, expected: Expected): string[] {
  const wrong: string[] = [];
  if (end.exit !== expected.exit)
    wrong.push(
      `${what}: exit ${end.exit.toString()} (${end.code ?? 'no code'}), not ${expected.exit.toString()}${end.exit === 1 ? ` ${JSON.stringify(end.output)}` : ''}`,
    );
  if (expected.code !== undefined && !listed(expected.code).includes(end.code))
    wrong.push(`${what}: code ${end.code ?? 'none'}, not ${listed(expected.code).join(' or ')}`);
  if (expected.state !== undefined && !listed(expected.state).includes(String(state)))
    wrong.push(`${what}: ${String(state)}, not ${listed(expected.state).join(' or ')}`);
  return wrong;
}

const EXIT = { done: 0, refused: 4, 'not-sent': 5, unknown: 5, 'not-sent-or-unknown': 5 } as const;

function postState(fault: Fault, done: string): readonly string[] {
  if (fault.post === 'done') return [done];
  return fault.post === 'not-sent-or-unknown' ? ['not-sent', 'unknown'] : [fault.post];
}

const item = (end: End): Record<string, unknown> => (end.output['items'] as Record<string, unknown>[] | undefined)?.[0] ?? {};

/** Runs `work` while the fault is on; a fault that nobody met proves nothing. */
async function under<Result>(
  lane: Lane,
  on: CallKind,
  fault: Fault,
  means: Means,
  work: () => Promise<Result>,
): Promise<{ came: Result; wrong: string[] }> {
  lane.proxy.do(on, fault.do(means));
  lane.unforeseen.length = 0;
  const visits = lane.proxy.visits;
  try {
    const came = await work();
    return {
      came,
      wrong: [
        ...(lane.proxy.met === 0 ? ['the fault was never met'] : []),
        ...lane.unforeseen,
        ...(lane.proxy.visits > visits ? ['a redirect was followed'] : []),
      ],
    };
  } finally {
    lane.proxy.do(on, null);
  }
}

async function afterwards(lane: Lane): Promise<string[]> {
  const check = await lane.run('ledger.check', {});
  return [
    ...(check.exit === 0 && check.output['ok'] === true ? [] : [`ledger check: exit ${check.exit.toString()}, ${check.code ?? ''}`]),
    ...lane.missing(),
  ];
}

const storing = (lane: Lane, file: string, out: string, word?: string): Promise<End> => {
  const resolution =
    word === undefined ? {} : { resolve_unknown: word === 'resend' ? { how: 'resend' } : { how: 'backup-id', backup_id: word } };
  const words = [
    'store',
    file,
    '--out',
    out,
    ...(word === undefined ? [] : ['--resolve-unknown', word === 'resend' ? word : `backup-id=${word}`]),
  ];
  return lane.through(words, 'store', { files: [file], out, ...resolution });
};

/** What the stand-in holds of one sealed item. */
function heldOf(lane: Lane, file: string): readonly string[] {
  const { body } = JSON.parse(readFileSync(file, 'utf8')) as { body: { ciphertext_sha256: string } };
  return lane.standIn.held().flatMap((one) => (one.ciphertextSha256 === body.ciphertext_sha256 ? [one.backupId] : []));
}

/** From an unknown outcome to a stored item, by a person's word: through the window every other time. */
async function settle(lane: Lane, file: string, out: string, itemId: string): Promise<string[]> {
  const held = heldOf(lane, file);
  const word = held[0] ?? 'resend';
  const before = lane.proxy.posts.length;
  const isWindow = lane.fresh('word').length % 2 === 0;
  const end = isWindow
    ? await lane.fromWindow('item.settle', {
        item_id: itemId,
        word: word === 'resend' ? { how: 'resend' } : { how: 'backup-id', backup_id: word },
      })
    : await storing(lane, file, out, word);
  const state = isWindow ? end.output['state'] : item(end)['state'];
  return [
    ...compare(
      `settling it by ${word === 'resend' ? word : 'its backup_id'} ${isWindow ? 'in the window' : 'at the command line'}`,
      end,
      state,
      { exit: 0, state: 'stored' },
    ),
    ...(lane.proxy.posts.length - before === (word === 'resend' ? 1 : 0) ? [] : ['settling it sent something else than was said']),
  ];
}

function storeFlow(call: 'store-data' | 'store-file'): Flow {
  return {
    name: call,
    on: call,
    run: async (lane, fault, means) => {
      const file = await lane.nextSealed(call);
      const out = lane.path(lane.fresh('receipts'));
      const posts = lane.proxy.posts.length;
      const { came: end, wrong } = await under(lane, call, fault, means, () => storing(lane, file, out));
      const state = item(end)['state'];
      const receipt = `${out}/${String(item(end)['item_id'])}.receipt.json`;
      wrong.push(...compare('store', end, state, { exit: EXIT[fault.post], state: postState(fault, 'stored') }));
      if (existsSync(receipt) !== (state === 'stored'))
        wrong.push(`a receipt is ${existsSync(receipt) ? '' : 'not '}there, and the item is ${String(state)}`);
      if (lane.proxy.posts.length > posts + 1) wrong.push('it was sent more than once');
      if (state === 'not-sent' && heldOf(lane, file).length > 0) wrong.push('it is called not sent, and is held');
      if (fault.carriedOut && heldOf(lane, file).length === 0) wrong.push('the fault did not do what it says: nothing is held');
      wrong.push(...(await afterwards(lane)));
      // Once more, with nobody's word: nothing leaves where it may be there already.
      const sent = lane.proxy.posts.length;
      const again = await storing(lane, file, out);
      if (state === 'unknown') {
        wrong.push(...compare('the same again', again, item(again)['state'], { exit: 5, code: 'outcome-unknown', state: 'unknown' }));
        if (lane.proxy.posts.length !== sent) wrong.push('it was sent again without a person’s word');
        wrong.push(...(await settle(lane, file, out, String(item(end)['item_id']))));
      } else {
        wrong.push(...compare('the same again', again, item(again)['state'], { exit: 0, state: 'stored' }));
        if (lane.proxy.posts.length !== sent + (state === 'stored' ? 0 : 1)) wrong.push('the same again did not send what it had to');
      }
      if (heldOf(lane, file).length !== 1) wrong.push(`it is held ${heldOf(lane, file).length.toString()} times`);
      return [...wrong, ...(await afterwards(lane))];
    },
  };
}

const assigning: Flow['run'] = async (lane, fault, means) => {
  const user = lane.fresh('user');
  const out = lane.path(`${user}.keypack.json`);
  const posts = lane.proxy.posts.length;
  lane.laterMs += 11 * 60_000; // past what this process has kept of the signing keys
  const { came: end, wrong } = await under(lane, 'assign', fault, means, () => assignAs(lane, user, out));
  wrong.push(...compare('assign', end, end.output['state'], { exit: EXIT[fault.post], state: postState(fault, 'assigned') }));
  return [...wrong, ...(await afterAssign(lane, user, out, end, lane.proxy.posts.length - posts, true))];
};

const assignAs = (lane: Lane, user: string, out: string): Promise<End> =>
  lane.through(
    ['assign', '--environment', 'rehearsal', '--user', user, '--key-environment', 'HOT', '--out', out],
    'assign',
    lane.assignInput(user, out),
  );

async function afterAssign(lane: Lane, user: string, out: string, end: End, sent: number, mayBeSent: boolean): Promise<string[]> {
  const wrong: string[] = [];
  const state = end.output['state'];
  if (sent > (mayBeSent ? 1 : 0)) wrong.push(`${sent.toString()} requests for a key were sent`);
  if (existsSync(out) !== (state === 'assigned'))
    wrong.push(`a key pack is ${existsSync(out) ? '' : 'not '}there, and the assignment is ${String(state)}`);
  const { assignments } = (await lane.run('ledger.list', { all: true })).output as {
    assignments: { user_identifier: string; state: string }[];
  };
  const noted = assignments.filter((one) => one.user_identifier === user).map((one) => one.state);
  const expected = end.output['assignment_id'] === null ? [] : [String(state)];
  if (JSON.stringify(noted) !== JSON.stringify(expected))
    wrong.push(`the ledger has it as ${noted.join(', ') || 'nothing'}, not ${expected.join(', ') || 'nothing'}`);
  if (state === 'unknown') {
    const id = String(end.output['assignment_id']);
    const posts = lane.proxy.posts.length;
    const recheck = await lane.through(['assign', '--recheck', id, '--out', out], 'assign', { recheck: id, out });
    wrong.push(
      ...compare('the recheck', recheck, recheck.output['state'], { exit: 5, code: 'assignment-unknown-outcome', state: 'unknown' }),
    );
    if (lane.proxy.posts.length !== posts || existsSync(out)) wrong.push('the recheck of an unknown assignment did something');
  }
  return [...wrong, ...(await afterwards(lane))];
}

/** The list of signing keys before an assignment: where it does not come, nothing is sent. */
const assigningWithoutList: Flow['run'] = async (lane, fault, means) => {
  const user = lane.fresh('user');
  const out = lane.path(`${user}.keypack.json`);
  const posts = lane.proxy.posts.length;
  lane.laterMs += 11 * 60_000;
  const { came: end, wrong } = await under(lane, 'jwks', fault, means, () => assignAs(lane, user, out));
  wrong.push(...compare('assign', end, end.output['state'], expectedOfList(fault, { exit: 0, state: 'assigned' })));
  return [...wrong, ...(await afterAssign(lane, user, out, end, lane.proxy.posts.length - posts, fault.jwks === null))];
};

function expectedOfList(fault: Fault, fetched: Expected): Expected {
  if (fault.jwks === null) return fetched;
  const codes = listed(fault.jwks);
  return { exit: codes[0] === 'jwks-unreachable' ? 5 : 3, code: codes, ...(fetched.state === undefined ? {} : { state: 'not-sent' }) };
}

const trusting: Flow['run'] = async (lane, fault, means) => {
  lane.laterMs += 11 * 60_000;
  const { came: end, wrong } = await under(lane, 'jwks', fault, means, () =>
    lane.through(['trust', 'add', '--environment', 'rehearsal', '--fetch'], 'trust.add', { environment: 'rehearsal', source: 'fetch' }),
  );
  const expected = expectedOfList(fault, { exit: 3, code: 'anchor-not-confirmed' });
  return [...wrong, ...compare('trust add', end, null, expected), ...(await afterwards(lane))];
};

function verifyFlow(kind: 'key' | 'backup'): Flow {
  const on = kind === 'key' ? 'verify-key' : 'verify-backup';
  return {
    name: on,
    on,
    run: async (lane, fault, means) => {
      const id = kind === 'key' ? lane.keyId : lane.backupId;
      const { came: end, wrong } = await under(lane, on, fault, means, () =>
        lane.through(['verify', `--${kind}`, id], 'verify', { what: { which: kind, id } }),
      );
      const check = (end.output['results'] as { check: string }[] | undefined)?.[0]?.check;
      wrong.push(...compare('verify', end, check, { exit: fault.verify === 'valid' ? 0 : 5, state: fault.verify }));
      const noted = lane.lastEvent();
      if (noted.type !== 'verified' || noted.data['check'] !== check) wrong.push('the check is not in the ledger as it was told');
      return [...wrong, ...(await afterwards(lane))];
    },
  };
}

/** The check right after a store: whatever becomes of it, the item is stored, and its receipt says what is known. */
function storeThenVerify(kind: 'key' | 'backup'): Flow {
  const on = kind === 'key' ? 'verify-key' : 'verify-backup';
  return {
    name: `store, then ${on}`,
    on,
    isLater: true,
    run: async (lane, fault, means) => {
      const file = await lane.nextSealed('store-data');
      const out = lane.path(lane.fresh('receipts'));
      const { came: end, wrong } = await under(lane, on, fault, means, () => storing(lane, file, out));
      const line = item(end);
      wrong.push(...compare('store', end, line['state'], { exit: fault.verify === 'valid' ? 0 : 5, state: 'stored' }));
      if (line[`${kind}_check`] !== fault.verify) wrong.push(`the receipt says ${String(line[`${kind}_check`])}, not ${fault.verify}`);
      if (!existsSync(String(line['receipt']))) wrong.push('there is no receipt');
      if (heldOf(lane, file).length !== 1) wrong.push('it is not held once');
      return [...wrong, ...(await afterwards(lane))];
    },
  };
}

/** A person says which backup it is, and CoinCover has to confirm it: what it does not confirm stays unknown. */
const claiming: Flow['run'] = async (lane, fault, means) => {
  const file = await lane.nextSealed('store-data');
  const out = lane.path(lane.fresh('receipts'));
  lane.proxy.do('store-data', {
    act: async (exchange) => {
      await exchange.carryOut();
      exchange.cut();
    },
  });
  const first = await storing(lane, file, out);
  lane.proxy.do('store-data', null);
  const held = heldOf(lane, file)[0] ?? '';
  const posts = lane.proxy.posts.length;
  const { came: end, wrong } = await under(lane, 'verify-backup', fault, means, () => storing(lane, file, out, held));
  // The check after a confirmed claim meets the same fault, and has the same answer to it.
  wrong.push(
    ...compare(
      'the claim',
      end,
      item(end)['state'],
      fault.verify === 'valid' ? { exit: 0, state: 'stored' } : { exit: 5, state: 'unknown' },
    ),
  );
  if (lane.proxy.posts.length !== posts) wrong.push('a claim sent the item');
  wrong.push(...(await afterwards(lane)));
  if (item(end)['state'] === 'unknown') wrong.push(...(await settle(lane, file, out, String(item(first)['item_id']))));
  return [...wrong, ...(await afterwards(lane))];
};

export const FLOWS: readonly Flow[] = [
  { name: 'assign', on: 'assign', run: assigning },
  storeFlow('store-data'),
  storeFlow('store-file'),
  { name: 'the signing keys, to assign', on: 'jwks', run: assigningWithoutList },
  { name: 'the signing keys, to trust', on: 'jwks', run: trusting },
  verifyFlow('key'),
  verifyFlow('backup'),
  storeThenVerify('key'),
  storeThenVerify('backup'),
  { name: 'a claim', on: 'verify-backup', run: claiming },
];
