import { createPrivateKey, type KeyObject } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger, LedgerQueries } from '../../ledger/index.ts';
import type { KeyPool, StandInAddress } from '../../rehearsal/index.ts';
import { fingerprintWords, isColdroomError, isSha256, type ColdroomError, type Passphrase } from '../../values/index.ts';
import {
  BesideKeeper,
  KeychainKeeper,
  PassphraseKeeper,
  RehearsalHost,
  runOperation,
  type CeremonyView,
  type OperationContext,
  type OperationName,
  type Progress,
} from '../index.ts';

/** A key of test/vectors, so that no test waits for RSA-4096. */
const KEY: KeyObject = createPrivateKey(readFileSync(new URL('../../../test/vectors/rsa4096-a.key.pem', import.meta.url), 'utf8'));

export const NOW_MS = Date.parse('2026-11-24T10:00:20.000Z');
/** Text that stands in secrets, passphrases and API keys of tests, and nowhere else. */
export const CANARY = 'canary-4711';
const KEYCHAIN_PASSPHRASE = `${CANARY} keychain passphrase`;

const PEOPLE = [
  { name: 'Ann Baker', initials: 'AB', role: 'administrator' as const },
  { name: 'Carl Dahl', initials: 'CD', role: 'witness' as const },
];

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410 §7

/** Hands out the one key over and over. */
export function onePool(): KeyPool {
  return { prepare: () => undefined, stop: () => undefined, take: () => Promise.resolve(KEY) };
}

/** What an operation came to: its view of the ceremony where it has one, and the codes of what went wrong, thrown or beside it. */
export type Ran = {
  readonly view: CeremonyView;
  readonly output: Record<string, unknown>;
  readonly problems: readonly ColdroomError[];
  readonly codes: string[];
};

/** The entries of a keychain that lies in memory, where a test is not about the keychain: each change of a file costs a scrypt. */
type Entries = Map<string, Buffer>;

class MemoryKeeper extends KeychainKeeper {
  readonly #entries: Entries;

  constructor(entries: Entries) {
    super();
    this.#entries = entries;
  }

  override open(): ReturnType<KeychainKeeper['open']> {
    const entries = this.#entries;
    return Promise.resolve({
      kind: 'file',
      get: (name) => Promise.resolve(entries.has(name) ? Buffer.from(entries.get(name) ?? '') : null),
      set: (name, value) => {
        entries.set(name, Buffer.from(value));
        return Promise.resolve();
      },
      delete: (name) => {
        entries.delete(name);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    });
  }
}

/** A window's main process as far as operations see it: one home, one keychain that stays open, one stand-in. */
export class CeremonyHome {
  readonly folder: string;
  readonly home: string;
  keeper: KeychainKeeper;
  passphrases = new PassphraseKeeper();
  besides = new BesideKeeper();
  host: RehearsalHost;
  nowMs = NOW_MS;
  withheld: readonly string[] = [];
  /** What the shell says of its screen; null: it is one that says nothing of it, as the command line. */
  isScreenPrivate: boolean | null = false;
  ceremony = '';
  readonly notes: string[] = [];
  readonly progress: Progress[] = [];

  readonly #entries: Entries | null;

  private constructor(folder: string, entries: Entries | null, home = join(folder, 'home')) {
    this.folder = folder;
    this.#entries = entries;
    this.home = home;
    mkdirSync(join(folder, 'secrets'));
    this.host = this.#newHost();
    this.keeper = this.#newKeeper();
  }

  /** A station as after its first start. @param keychain `file`: a real one, under a passphrase. */
  static async make(
    keychain: 'file' | 'memory' = 'memory',
    role: 'single' | 'cold' | 'online' = 'single',
    name = 'desk',
  ): Promise<CeremonyHome> {
    const made = new CeremonyHome(mkdtempSync(join(tmpdir(), 'coldroom-ceremony-')), keychain === 'file' ? null : new Map());

    await made.must('init', { role, keychain: 'file', name });
    return made;
  }

  /** Another process on a copy of this home. Secrets stay where they are. */
  fork(): CeremonyHome {
    const entries = this.#entries === null ? null : new Map([...this.#entries].map(([name, value]) => [name, Buffer.from(value)]));
    const copy = new CeremonyHome(mkdtempSync(join(tmpdir(), 'coldroom-ceremony-')), entries);
    cpSync(this.home, copy.home, { recursive: true });
    copy.ceremony = this.ceremony;
    copy.nowMs = this.nowMs;
    return copy;
  }

  /** Another window on this very home; remove it before this one. */
  sameHome(): CeremonyHome {
    const other = new CeremonyHome(mkdtempSync(join(tmpdir(), 'coldroom-ceremony-')), this.#entries, this.home);
    other.ceremony = this.ceremony;
    other.nowMs = this.nowMs;
    return other;
  }

  /** The process dies: nothing that it knew is left. Its port is free again, as the system would see to. */
  async restart(): Promise<void> {
    await this.host.close();
    await this.keeper.forget();
    this.passphrases = new PassphraseKeeper();
    this.besides = new BesideKeeper();
    this.keeper = this.#newKeeper();
    this.host = this.#newHost();
  }

  async remove(): Promise<void> {
    await this.host.close();
    await this.keeper.forget();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** One of this station's entries in its keychain, by its own name; null where there is none. */
  async keychainEntry(entry: string): Promise<Buffer | null> {
    const { keychain_scope: scope } = JSON.parse(readFileSync(join(this.home, 'station.json'), 'utf8')) as { keychain_scope: string };
    const keychain = await this.keeper.open(() => Promise.reject(new Error('the keychain was not open')));
    return keychain.get(`${scope}/${entry}`);
  }

  context(): OperationContext {
    return {
      home: this.home,
      clock: { now: () => this.nowMs },
      keychainPassphraseFile: null,
      spawnKeychainChild: () => {
        throw new Error('a file keychain starts no child');
      },
      keychains: this.keeper,
      passphrases: this.passphrases,
      besides: this.besides,
      rehearsal: this.host,
      withheld: this.withheld,
      ...(this.isScreenPrivate === null ? {} : { isScreenPrivate: () => this.isScreenPrivate === true }),
      onProgress: (progress) => this.progress.push(progress),
      onNote: (note) => this.notes.push(note),
    };
  }

  async must(name: OperationName, input: unknown): Promise<Ran> {
    const { output, problems } = await runOperation(name, this.context(), input);
    const shown = output as Record<string, unknown>;
    return { view: shown['ceremony'] as CeremonyView, output: shown, problems, codes: problems.map((one) => one.code) };
  }

  /** The codes of whatever went wrong. */
  async codes(name: OperationName, input: unknown): Promise<string[]> {
    try {
      return (await this.must(name, input)).codes;
    } catch (error) {
      if (isColdroomError(error)) return [error.code];
      throw error;
    }
  }

  /** An operation of the ceremony that is under way. */
  act(name: OperationName, input: Record<string, unknown> = {}): Promise<Ran> {
    return this.must(name, { ceremony: this.ceremony, ...input });
  }

  refusal(name: OperationName, input: Record<string, unknown> = {}): Promise<string[]> {
    return this.codes(name, { ceremony: this.ceremony, ...input });
  }

  async view(): Promise<CeremonyView> {
    return (await this.act('ceremony.show')).view;
  }

  async now(): Promise<{ step: string; gate: string; problem: string | null }> {
    const { now } = await this.view();
    if (now === null) throw new Error('no step is lit');
    return { step: now.step, gate: now.gate, problem: now.problem };
  }

  async begin(script = 'rehearsal', environment = 'rehearsal', more: Record<string, unknown> = {}): Promise<CeremonyView> {
    const { view } = await this.must('ceremony.begin', { script, environment, ...more });
    this.ceremony = view.ceremony_id;
    return view;
  }

  /** What a sign-off of the lit step would send. */
  async signOff(): Promise<Record<string, unknown>> {
    const { now } = await this.view();
    if (now === null) throw new Error('no step is lit');
    return { step: now.step, evidence_sha256: now.evidence_sha256, initials: PEOPLE.map(({ role, initials }) => ({ role, initials })) };
  }

  async sign(): Promise<CeremonyView> {
    return (await this.act('ceremony.sign-off', await this.signOff())).view;
  }

  secret(name: string, content: string | Buffer = `${CANARY} ${name}`): string {
    const path = join(this.folder, 'secrets', name);
    writeFileSync(path, content);
    return path;
  }

  /** Looks into the ledger as it lies there. */
  ledger<Result>(look: (queries: LedgerQueries, ledger: Ledger) => Result): Result {
    const ledger = Ledger.open(join(this.home, 'ledger.sqlite'), { clock: { now: () => this.nowMs }, macKey: null });
    try {
      return look(new LedgerQueries(ledger), ledger);
    } finally {
      ledger.close();
    }
  }

  exceptions(): string[] {
    return this.ledger((queries) => queries.exceptions(this.ceremony).map((one) => one.text));
  }

  /** The station's private key, for a test that has it lie. */
  signingKey(): KeyObject {
    const seed = [...(this.#entries ?? new Map<string, Buffer>())].find(([name]) => name.endsWith('/station-key'))?.[1];
    if (seed === undefined) throw new Error('only a keychain in memory can be looked into');
    return createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  }

  /** Sets up the environment at a stand-in elsewhere, with its API key and account. */
  async signInElsewhere(at: StandInAddress): Promise<void> {
    await this.must('environment.set', { name: 'rehearsal', api: at.api, jwks: at.jwks });
    await this.must('login', { environment: 'rehearsal', token: at.token });
    await this.must('trust.add', { environment: 'rehearsal', account_id: at.accountId });
  }

  #newHost(): RehearsalHost {
    return new RehearsalHost(this.home, { now: () => this.nowMs }, onePool());
  }

  #newKeeper(): KeychainKeeper {
    const keeper = this.#entries === null ? new KeychainKeeper() : new MemoryKeeper(this.#entries);
    keeper.setPassphrase(Buffer.from(KEYCHAIN_PASSPHRASE, 'utf8') as Passphrase);
    return keeper;
  }
}

/** The two words at these places, as people enter them. */
export function wordsOf(fingerprint: string, positions: readonly number[] = [3, 30]): { position: number; word: string }[] {
  if (!isSha256(fingerprint)) throw new Error('it is no fingerprint');
  const words = fingerprintWords(fingerprint);
  return positions.map((position) => ({ position, word: words[position - 1] ?? '' }));
}

export const WALLET = {
  user_identifier: 'wallet-1',
  account: 'institution',
  customer_id: null,
  customer_name: null,
  package_id: null,
  package_name: null,
  key_environment: 'COLD',
  typed: 'COLD',
};

/** The work of each step up to `verify`, in order; each leaves the step ready for initials. */
export const WORK: readonly { step: string; work: (room: CeremonyHome) => Promise<unknown> }[] = [
  {
    step: 'people',
    work: async (room) => {
      await room.act('ceremony.people', { people: PEOPLE, place: 'the vault', witness_clock: '10:00' });
    },
  },
  {
    step: 'self-test',
    work: async (room) => {
      await room.act('ceremony.self-test');
    },
  },
  {
    step: 'sign-in',
    work: async (room) => {
      await room.act('ceremony.environment', { typed: 'rehearsal' });
      if ((await room.view()).built_in) await room.act('ceremony.practice-key');
      const { output } = await room.must('trust.add', { environment: 'rehearsal', source: 'fetch' });
      const fingerprint = (output['confirm'] as { fingerprint: string }[])[0]?.fingerprint ?? '';
      await room.act('ceremony.signer', { fingerprint, words: wordsOf(fingerprint) });
    },
  },
  {
    step: 'wallet',
    work: async (room) => {
      await room.act('ceremony.wallet', { ...WALLET, user_identifier: `wallet-${room.ceremony}` });
    },
  },
  {
    step: 'assign',
    work: async (room) => {
      const { view } = await room.act('ceremony.assign');
      await room.act('ceremony.words', { words: wordsOf(view.assignment?.key?.fingerprint ?? '') });
    },
  },
  {
    step: 'secrets',
    work: async (room) => {
      await room.act('ceremony.choose', { files: [room.secret('share-1'), room.secret('share-2')] });
    },
  },
  {
    step: 'seal',
    work: async (room) => {
      await room.act('ceremony.seal', { mode: 'auto', passphrase: null, send_name: false });
    },
  },
  {
    step: 'store',
    work: async (room) => {
      await room.act('ceremony.store', { resolve: null });
    },
  },
];
