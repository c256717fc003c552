import { isIdentifierValue, isXpubAt, MAX_FILE_BYTES, MAX_TEXT_BYTES, settlePath, type Kind } from '../content/index.ts';
import { isColdroomError } from '../values/index.ts';
import { placeOf, type PlanFinding } from './finding.ts';
import type { PlanItem } from './plan.ts';
import type { PlanRules } from './rules.ts';

/** In bytes of a file, with the line end that it may have. Kinds that are written in one way have few sizes. */
const SIZES: Readonly<Record<Kind, readonly [min: number, max: number]>> = {
  'hex-key': [64, 68],
  wif: [51, 54],
  xprv: [111, 113],
  bip39: [47, MAX_TEXT_BYTES],
  slip39: [99, MAX_TEXT_BYTES],
  'pem-key': [100, MAX_FILE_BYTES],
  'keystore-v3': [200, MAX_FILE_BYTES],
  opaque: [1, Number.POSITIVE_INFINITY],
};

/** Coins of SLIP-44 that belong to one type of identifier here; others, such as Ethereum's many relatives, are anybody's. */
const COINS: readonly (readonly [coin: string, types: RegExp, name: string])[] = [
  ["0'", /^bitcoin-/, 'Bitcoin'],
  ["60'", /^ethereum$/, 'Ethereum'],
  ["501'", /^solana$/, 'Solana'],
];

/** What contradicts itself within one item. */
export function checkItem(
  item: PlanItem,
  path: readonly PropertyKey[],
  rules: PlanRules,
  findings: PlanFinding[],
  remarks: PlanFinding[],
): void {
  const say = (list: PlanFinding[], code: string, member: string, message: string): void => {
    list.push({ code, place: `${placeOf(path)}.${member}`, message });
  };
  if (!rules.isFileName(item.name)) {
    say(findings, 'plan-item-name', 'name', 'no file can be called so everywhere: give the name alone, without a folder');
  }
  checkIdentifier(item, (code, member, message) => {
    say(findings, code, member, message);
  });
  if (item.bip39_passphrase && item.kind !== 'bip39') {
    say(findings, 'plan-passphrase-kind', 'bip39_passphrase', `a secret of kind ${item.kind} has no BIP-39 passphrase`);
  } else if (item.bip39_passphrase && item.identifier === null) {
    say(findings, 'plan-passphrase-unused', 'bip39_passphrase', 'a BIP-39 passphrase is for the identifier alone, and none is planned');
  }
  checkSize(item, rules, (code, member, message) => {
    say(findings, code, member, message);
  });
  if (item.kind === 'opaque') say(remarks, 'plan-opaque', 'kind', 'nobody will check what this secret is');
  else if (item.identifier === null && item.kind !== 'slip39') {
    say(remarks, 'plan-no-identifier', 'identifier', 'its form will be checked, and not whether it is the right secret');
  }
  if (item.identifier?.type === 'xpub')
    say(remarks, 'plan-xpub', 'identifier', 'an xpub shows every address of the wallet, and will stand in ledger and report');
  if (item.size_bytes === null && (item.mode === 'direct' || item.mode === 'passphrase') && SIZES[item.kind][1] > MAX_BLOCK_BYTES) {
    say(remarks, 'plan-size-open', 'size_bytes', `a secret too large for the mode ${item.mode} will stop the ceremony; say its size`);
  }
}

/** What one RSA block holds at most, in either mode. */
const MAX_BLOCK_BYTES = 446;

type Say = (code: string, member: string, message: string) => void;

function checkIdentifier({ kind, identifier }: PlanItem, say: Say): void {
  if (identifier === null) return;
  const { type, path, value } = identifier;
  try {
    const settled = settlePath(kind, { type, path });
    if (settled !== path) {
      say('plan-path', 'identifier.path', `a plan says the path; the usual one is ${settled ?? ''}`);
      return;
    }
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    const isOfPath = error.code.startsWith('path-');
    say(isOfPath ? 'plan-path' : 'plan-identifier-kind', isOfPath ? 'identifier.path' : 'identifier.type', withHint(error));
    return;
  }
  const coin = path === null ? undefined : /^m\/(?:44|84|86)'\/(\d+')/.exec(path)?.[1];
  const owner = COINS.find(([number]) => number === coin);
  if (owner !== undefined && COINS.some(([, types]) => types.test(type)) && !owner[1].test(type)) {
    say('plan-path', 'identifier.path', `the path is one of ${owner[2]}, and the identifier is of type ${type}`);
  }
  if (!isIdentifierValue(kind, type, value)) {
    say(
      'plan-identifier-value',
      'identifier.value',
      `it is no ${type} in its exact form: a digit, a letter’s case or the checksum is wrong`,
    );
  } else if (type === 'xpub' && path !== null && !isXpubAt(kind, value, path)) {
    say('plan-path', 'identifier.path', 'the xpub lies elsewhere: by what it says itself it has more steps, fewer, or another last one');
  }
}

function withHint({ message, hint }: { message: string; hint: string | null }): string {
  return hint === null ? message : `${message}: ${hint}`;
}

function checkSize({ kind, size_bytes: size, mode }: PlanItem, rules: PlanRules, say: Say): void {
  if (size === null) return;
  if (size.min > size.max) {
    say('plan-size-order', 'size_bytes', 'the least size is above the most');
    return;
  }
  const [least, most] = SIZES[kind];
  if (size.max < least || size.min > most) {
    say('plan-size-kind', 'size_bytes', `no secret of kind ${kind} has such a size`);
    return;
  }
  const problem = rules.modeProblem(mode, size.max);
  if (problem !== null) say('plan-mode-size', 'mode', problem);
}
