import { createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureContext } from 'node:tls';
import Database from 'better-sqlite3';
import { exitCodeOf, mostSevere } from '../../app/cli/print.ts';
import { createSession, type Session } from '../../app/window/session.ts';
import type { Timeouts } from '../../main/coincover/index.ts';
import {
  KeychainKeeper,
  readPassphraseText,
  runOperation,
  type OperationContext,
  type OperationName,
} from '../../main/operations/index.ts';
import { StandIn } from '../../main/rehearsal/index.ts';
import { isColdroomError, type ColdroomError } from '../../main/values/index.ts';
import { coldroom } from '../command-line.ts';
import { FaultProxy } from './fault-proxy.ts';

/** Where a request comes in: the operations in this process, or a process of the command line. */
export type Door = 'operations' | 'command line';

/** What a request came to, seen from outside. `bug`: something that Coldroom did not foresee. */
export type End = { readonly exit: number; readonly code: string | null; readonly output: Record<string, unknown> };

const PASSPHRASE = 'the passphrase of a lane';
const KEY = createPrivateKey(readFileSync(join(import.meta.dirname, '../vectors/rsa4096-a.key.pem')));
const BATCH = 20;
/** More than what RSA-OAEP takes: sealed as an envelope, sent as a file. */
const ENVELOPE_BYTES = 700;

/** One station, its own stand-in, and the faulty network between them. What many lanes do at once stays apart. */
export class Lane {
  static readonly passphrase = PASSPHRASE;
  readonly door: Door;
  readonly folder = mkdtempSync(join(tmpdir(), 'coldroom-network-'));
  readonly standIn: StandIn;
  readonly #secure: { context: SecureContext; caPem: string } | null;
  readonly #keychains = new KeychainKeeper();
  readonly #sealed: Record<'store-data' | 'store-file', string[]> = { 'store-data': [], 'store-file': [] };
  /** What was wrong at the moment when a POST came in: its intent was not in the ledger. */
  readonly unforeseen: string[] = [];
  /** In place of Coldroom's own, or null. */
  timeouts: Timeouts | null = null;
  laterMs = 0;
  keyId = '';
  backupId = '';
  #proxy: FaultProxy | null = null;
  #session: Session | null = null;
  #count = 0;

  constructor(door: Door, how: { secure?: { context: SecureContext; caPem: string } } = {}) {
    this.door = door;
    this.#secure = how.secure ?? null;
    this.standIn = new StandIn(this.clock, {
      keyPool: { prepare: () => undefined, stop: () => undefined, take: () => Promise.resolve(KEY) },
    });
    this.#keychains.setPassphrase(readPassphraseText(PASSPHRASE));
    writeFileSync(this.path('passphrase'), PASSPHRASE);
  }

  readonly clock = { now: (): number => Date.now() + this.laterMs };

  get home(): string {
    return this.path('home');
  }

  get proxy(): FaultProxy {
    if (this.#proxy === null) throw new Error('the lane is not open');
    return this.#proxy;
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** A name that nothing in this lane has had. */
  fresh(what: string): string {
    this.#count += 1;
    return `${what}-${this.#count.toString()}`;
  }

  async open(): Promise<void> {
    const at = await this.standIn.listen();
    this.#proxy = new FaultProxy(at.port, this.#secure?.context ?? null);
    await this.proxy.listen();
    await this.must('init', { role: 'single', keychain: 'file' });
    const ca = this.#secure === null ? {} : { ca: this.write('ca.pem', this.#secure.caPem) };
    await this.must('environment.set', { name: 'rehearsal', api: this.proxy.api, jwks: this.proxy.jwks, ...ca });
    await this.must('login', { environment: 'rehearsal', token: at.token });
    const shown = await this.run('trust.add', { environment: 'rehearsal', source: 'fetch' });
    const fingerprint = (shown.output['confirm'] as { fingerprint: string }[])[0]?.fingerprint ?? '';
    await this.must('trust.add', { environment: 'rehearsal', source: 'fetch', fingerprint });
    await this.must('trust.add', { environment: 'rehearsal', account_id: at.accountId });
    const pack = await this.must('assign', this.assignInput('wallet', this.path('key.json')));
    this.keyId = String(pack['key_id']);
    const first = await this.must('store', { files: [await this.nextSealed('store-data')], out: this.path('receipts') });
    this.backupId = String((first['items'] as { backup_id: string }[])[0]?.backup_id);
    this.proxy.onPost = (call) => {
      this.#checkIntent(call);
    };
  }

  assignInput(user: string, out: string): Record<string, unknown> {
    return { environment: 'rehearsal', user, key_environment: 'HOT', out };
  }

  write(name: string, content: string): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  /** The file of a sealed item that was never sent. */
  async nextSealed(call: 'store-data' | 'store-file'): Promise<string> {
    if (this.#sealed[call].length === 0) await this.#sealMore(call);
    return this.#sealed[call].shift() ?? '';
  }

  async #sealMore(call: 'store-data' | 'store-file'): Promise<void> {
    const batch = this.fresh(call);
    mkdirSync(this.path(batch));
    for (let at = 0; at < BATCH; at += 1) {
      const text = `${batch} ${at.toString()}`;
      this.write(join(batch, at.toString()), call === 'store-data' ? text : text.padEnd(ENVELOPE_BYTES));
    }
    const out = this.path(`${batch}-sealed`);
    const { items } = await this.must('seal', { key: this.path('key.json'), in: this.path(batch), out });
    this.#sealed[call].push(...(items as { file: string }[]).map((one) => one.file));
  }

  /** By the lane's own door where it is the command line and that has such a command; `words` say it there. */
  async through(words: readonly string[], name: OperationName, input: unknown): Promise<End> {
    if (this.door === 'operations') return this.run(name, input);
    const run = await coldroom(['--home', this.home, '--json', '--keychain-passphrase-file', this.path('passphrase'), ...words], {
      cwd: this.folder,
    });
    return { exit: run.code, code: run.error?.code ?? null, output: run.out };
  }

  /** One operation in this process, with the exit code that the command line would make of it. */
  async run(name: OperationName, input: unknown): Promise<End> {
    try {
      const { output, problems } = await runOperation(name, this.#context(), input);
      const worst = mostSevere(problems);
      return { exit: worst === null ? 0 : exitCodeOf(worst), code: worst?.code ?? null, output: output as Record<string, unknown> };
    } catch (error) {
      if (isColdroomError(error)) return { exit: exitCodeOf(error), code: (error satisfies ColdroomError).code, output: {} };
      return { exit: 1, code: 'bug', output: { thrown: String(error) } };
    }
  }

  async must(name: OperationName, input: unknown): Promise<Record<string, unknown>> {
    const end = await this.run(name, input);
    if (end.exit !== 0) throw new Error(`${name}: exit ${end.exit.toString()}, ${end.code ?? 'no code'} ${JSON.stringify(end.output)}`);
    return end.output;
  }

  /** As a window asks for it. */
  async fromWindow(operation: string, input: unknown): Promise<End> {
    const session = await this.#windowSession();
    const answer = (await session.receive({ operation, input })) as {
      ok: boolean;
      output?: Record<string, unknown>;
      problems?: { family: string; code: string }[];
      error?: { family: string; code: string };
    };
    const worst = answer.ok ? answer.problems?.[0] : answer.error;
    return { exit: worst === undefined ? 0 : (EXITS[worst.family] ?? 1), code: worst?.code ?? null, output: answer.output ?? {} };
  }

  async #windowSession(): Promise<Session> {
    if (this.#session !== null) return this.#session;
    this.#session = createSession({
      lockAfterMs: Infinity, // on a busy machine it may lie unused for longer than a window stays open
      home: this.home,
      shell: 'evaluation',
      version: '0.0.0',
      chooser: null,
      clock: this.clock,
      spawnKeychainChild: () => {
        throw new Error('a file keychain starts no child');
      },
      onEvent: () => undefined,
      onClose: () => undefined,
      protectContent: () => false,
      allowCamera: () => Promise.resolve(),
    });
    const unlocked = (await this.#session.receive({ operation: 'window.unlock', input: { passphrase: PASSPHRASE } })) as { ok: boolean };
    if (!unlocked.ok) throw new Error('the window could not be unlocked');
    return this.#session;
  }

  /** The last event of the ledger on disk, as another process would read it. */
  lastEvent(): { type: string; data: Record<string, unknown> } {
    const database = new Database(join(this.home, 'ledger.sqlite'), { readonly: true });
    try {
      const row = database.prepare('SELECT bytes FROM event ORDER BY seq DESC LIMIT 1').get() as { bytes: string };
      return JSON.parse(row.bytes) as { type: string; data: Record<string, unknown> };
    } finally {
      database.close();
    }
  }

  #checkIntent(call: string): void {
    const wanted = call === 'assign' ? 'assignment-begun' : 'store-begun';
    const last = this.lastEvent().type;
    if (last !== wanted) this.unforeseen.push(`${call}: a request came in while the ledger’s last event was ${last}`);
  }

  /** What the stand-in holds and the ledger does not know of. */
  missing(): string[] {
    const database = new Database(join(this.home, 'ledger.sqlite'), { readonly: true });
    try {
      const known = database.prepare(
        `SELECT i.state AS state, b.backup_id AS backup_id FROM item i LEFT JOIN backup b ON b.item_id = i.item_id WHERE i.ciphertext_sha256 = ?`,
      );
      return this.standIn.held().flatMap(({ backupId, ciphertextSha256 }) => {
        const row = known.get(ciphertextSha256) as { state: string; backup_id: string | null } | undefined;
        const isKnown = row !== undefined && (row.state === 'unknown' || row.backup_id === backupId);
        return isKnown ? [] : [`backup ${backupId} is held, and its item is ${row?.state ?? 'not there'} in the ledger`];
      });
    } finally {
      database.close();
    }
  }

  async close(): Promise<void> {
    await this.#session?.close();
    await this.#keychains.forget();
    await this.#proxy?.close();
    await this.standIn.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #context(): OperationContext {
    return {
      home: this.home,
      clock: this.clock,
      keychainPassphraseFile: this.path('passphrase'),
      keychains: this.#keychains,
      spawnKeychainChild: () => {
        throw new Error('a file keychain starts no child');
      },
      onProgress: () => undefined,
      onNote: () => undefined,
      ...(this.timeouts === null ? {} : { timeouts: this.timeouts }),
    };
  }
}

const EXITS: Readonly<Record<string, number>> = { bug: 1, input: 2, check: 3, service: 4, unreachable: 5 };
