import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isColdroomError, parseJson } from '../../../main/values/index.ts';
import type { Act } from './acts.ts';
import { SECRET, type Ground } from './ground.ts';
import type { Ended } from './machine.ts';

/** What must hold after a run, whatever was done to it. Each gives what does not, as lines; nothing is good news. */

/**
 * A run that went wrong says what to do: a code of ours, a sentence, a hint. `null` code: it was killed, and could say nothing.
 * Exit 1 is a bug by definition (design.md, "Command line").
 */
export function saysWhatToDo(ended: Ended): string[] {
  const { code, error } = ended;
  if (code === null || code === 0) return [];
  if (code === 1 || error === null) return [`ended with ${code.toString()}: ${ended.stderr.trim().slice(0, 600)}`];
  return (error.hint ?? '') === '' ? [`${error.code} (exit ${code.toString()}) says nothing of what to do: ${error.message}`] : [];
}

/**
 * The ledger checks, every backup that the stand-in holds is in it, as stored or at least as unknown, and so is every assignment that it
 * was asked for.
 */
export async function ledgerHolds(ground: Ground, act: Act): Promise<string[]> {
  if (!existsSync(ground.path('home', 'station.json'))) return held(ground, act, new Set());
  try {
    const checked = await ground.ask<{ ok: boolean; problems: { code: string }[] }>('ledger.check', {});
    const broken = checked.ok ? [] : [`ledger check: ${checked.problems.map((one) => one.code).join(', ')}`];
    const listed = await ground.ask<Listed>('ledger.list', { all: true });
    const known = new Set<string>();
    for (const { item_id: itemId, state } of listed.backups) {
      const shown = await ground.ask<{ facts: Record<string, unknown> }>('ledger.show', { id: itemId });
      const { facts } = shown;
      if (state === 'stored' || state === 'unknown' || state === 'sending') known.add(String(facts['ciphertext_sha256']));
    }
    const asked = ground.assignsAsked();
    const unforeseen = asked > listed.assignments.length - ground.assignmentsBefore;
    return [...broken, ...held(ground, act, known), ...(unforeseen ? ['CoinCover was asked for a key, and the ledger does not know'] : [])];
  } catch (error) {
    return [`the ledger cannot be looked at: ${isColdroomError(error) ? `${error.code}, ${error.hint ?? 'no hint'}` : String(error)}`];
  }
}

type Listed = { backups: { item_id: string; state: string }[]; assignments: unknown[] };

function held(ground: Ground, act: Act, known: ReadonlySet<string>): string[] {
  const digests = ground.held().map((one) => one.ciphertextSha256);
  return [
    ...digests.filter((digest) => !known.has(digest)).map((digest) => `CoinCover holds ${digest}, and the ledger does not know`),
    ...(new Set(digests).size < digests.length && act.byWord !== true ? ['CoinCover holds one item twice'] : []),
  ];
}

/** Nothing was sent more often than the act sends it, counting all runs: each of them is a word to send where the act says so. */
export function sentOnce(ground: Ground, act: Act, runs: 1 | 2): string[] {
  const posts = ground.posts();
  const most = (act.posts ?? 0) * (act.byWord === true ? runs : 1);
  return posts > most ? [`${posts.toString()} POSTs were sent, and at most ${most.toString()} may be`] : [];
}

/** A file under its own name is whole; a secret lies nowhere but where the person put it. */
export function filesHold(ground: Ground, act: Act): string[] {
  const lines: string[] = [];
  for (const name of act.makes ?? []) {
    const path = ground.path(name);
    if (!existsSync(path)) continue;
    try {
      parseJson(readFileSync(path), { maxBytes: 16 * 1024 * 1024 });
    } catch {
      lines.push(`${name} stands under its name and is not whole`);
    }
  }
  if (act.clear === true) return lines;
  for (const name of readdirSync(ground.now, { recursive: true, encoding: 'utf8' })) {
    if (/(?:^|\/)(?:in\/.|seed\.txt|[abc]\.secret)$/.test(name)) continue;
    const path = join(ground.now, name);
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true && readFileSync(path).includes(SECRET))
      lines.push(`${name} holds a secret in the clear`);
  }
  return lines;
}

/** What a process left that was killed, or that could not tidy up: files under the name that they have while they are written. */
export function leftBehind(ground: Ground): string[] {
  const names = readdirSync(ground.now, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.[0-9a-f]{16}\.tmp$/.test(name)).map((name) => `${name} was left behind`);
}

/** The same command, in order, after whatever happened: it works, or says what to do and is among what may be said here. */
export async function nextStart(ground: Ground, act: Act): Promise<string[]> {
  const again = await ground.run(act.command, act.stdin === undefined ? {} : { stdin: act.stdin });
  const wrong = saysWhatToDo(again);
  if (wrong.length > 0) return wrong.map((line) => `the next start ${line}`);
  const code = again.error?.code ?? null;
  return again.code === 0 || (code !== null && act.again.includes(code))
    ? []
    : [`the next start ends with ${code ?? 'nothing'} (exit ${String(again.code)}): ${again.error?.hint ?? ''}`];
}

/** All of it, before and after the next start. @param couldTidy false where the fault itself may refuse to remove a file. */
export async function judge(ground: Ground, act: Act, ended: Ended, couldTidy = true): Promise<string[]> {
  const at = (when: string, lines: readonly string[]) => lines.map((line) => `${when}${line}`);
  // What is made again has its name when all is in it, and not before.
  const isThere = act.restores !== true || existsSync(ground.path('home', 'ledger.sqlite'));
  const known = isThere ? await ledgerHolds(ground, act) : [];
  const first = [...saysWhatToDo(ended), ...known, ...filesHold(ground, act), ...sentOnce(ground, act, 1)];
  const left = leftBehind(ground);
  if (ended.code !== null && couldTidy) first.push(...left);
  const next = await nextStart(ground, act);
  const still = leftBehind(ground).filter((line) => act.clear === true || !left.includes(line));
  const after = [...still, ...(await ledgerHolds(ground, act)), ...filesHold(ground, act), ...sentOnce(ground, act, 2)];
  return [
    ...first,
    ...next,
    ...at(
      'after the next start: ',
      after.filter((line) => !first.includes(line)),
    ),
  ];
}
