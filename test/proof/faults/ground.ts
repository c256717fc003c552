import { createPrivateKey } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOperation, type OperationContext, type OperationName } from '../../../main/operations/index.ts';
import { parseCall } from '../../../main/rehearsal/calls.ts';
import { StandIn, type HeldSummary } from '../../../main/rehearsal/index.ts';
import { systemClock } from '../../../main/values/index.ts';
import { ceremonyAt, Outside, PASSPHRASE } from '../../window/station.ts';
import { prepareMachine, start, type Ended, type Start } from './machine.ts';

export const SECRET = 'canary-secret-basalt-heron';
const pem = join(import.meta.dirname, '..', '..', 'vectors', 'rsa4096-a.key.pem');

/** What a run starts from, by name. `empty` has a passphrase file and nothing else. */
export type Base =
  | 'empty'
  | 'station'
  | 'unknown'
  | 'quarantined'
  | 'rebuild'
  | `ceremony-${'wallet' | 'assign' | 'secrets' | 'seal' | 'sign' | 'store' | 'verify'}`;

/**
 * A station and all that lies around it, put back to the same state before every run, and a stand-in that is put back with it. Files
 * lie in memory where they can: a killed process leaves the same there, and thousands of runs write them.
 */
export class Ground {
  readonly folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'coldroom-faults-'));
  /** Where the run takes place; faults see the files below it alone. */
  readonly now = join(this.folder, 'now');
  /** The id of the ceremony of the bases that have one, and what a command may say in place of `{}`. */
  readonly words = new Map<string, string>();
  standIn: StandIn;
  /** How many assignments the ledger knew of when the run began. */
  assignmentsBefore = 0;
  #port = 0;
  readonly #kept = new Map<Base, { readonly standIn: Buffer; readonly assignments: number }>();

  private constructor() {
    mkdirSync(this.now);
    this.standIn = new StandIn(systemClock, { keyPool });
  }

  static async make(bases: readonly Base[]): Promise<Ground> {
    await prepareMachine();
    const ground = new Ground();
    try {
      await ground.#prepare(bases);
    } catch (error) {
      await ground.remove();
      throw error;
    }
    return ground;
  }

  path(...names: string[]): string {
    return join(this.now, ...names);
  }

  /** `@name` is a file of the ground, `{name}` one of its words. */
  filled(command: string): string[] {
    return command
      .split(' ')
      .map((word) => word.replace(/\{(\w+)\}/g, (_, name: string) => this.words.get(name) ?? ''))
      .map((word) => (word.startsWith('@') ? this.path(word.slice(1)) : word));
  }

  /** One command, as a process under whatever fault is asked for. `!name {json}` is an operation of the window's main process. */
  run(command: string, how: Omit<Start, 'root'> = {}): Promise<Ended> {
    const given = { ...how, root: this.now };
    const operation = /^!(\S+)(?: (.*))?$/.exec(command);
    if (operation === null) {
      const common = ['--home', this.path('home'), '--json', '--keychain-passphrase-file', this.path('passphrase')];
      return start('coldroom', [...common, ...this.filled(command)], given);
    }
    const input = (operation[2] ?? '{}').replace(/"([@{][^"]*)"/g, (_, word: string) => JSON.stringify(this.filled(word)[0]));
    return start('operate', [this.path('home'), this.path('passphrase'), operation[1] ?? '', input], given);
  }

  /** An operation in this process, without faults: how a run is judged. */
  async ask<Output = Record<string, unknown>>(name: OperationName, input: unknown, home = this.path('home')): Promise<Output> {
    return (await runOperation(name, this.#context(home), input)).output as Output;
  }

  /** @param before what is done to the empty folder first. */
  async reset(base: Base, before: (folder: string) => void = () => undefined): Promise<void> {
    rmSync(this.now, { recursive: true, force: true });
    mkdirSync(this.now);
    before(this.now);
    cpSync(this.#folderOf(base), this.now, { recursive: true, preserveTimestamps: true });
    await this.standIn.close();
    const { standIn, assignments } = this.#stateOf(base);
    this.assignmentsBefore = assignments;
    this.standIn = StandIn.restore(standIn, systemClock, { keyPool });
    await this.standIn.listen(this.#port);
  }

  posts(): number {
    return this.standIn.requests.filter((request) => request.method === 'POST').length;
  }

  /** How often the stand-in was asked for a key since the run began. */
  assignsAsked(): number {
    return this.standIn.requests.filter((request) => parseCall(request.method, request.path).kind === 'assign').length;
  }

  held(): readonly HeldSummary[] {
    return this.standIn.held();
  }

  async remove(): Promise<void> {
    await this.standIn.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #folderOf(base: Base): string {
    return join(this.folder, base);
  }

  #stateOf(base: Base): { readonly standIn: Buffer; readonly assignments: number } {
    const state = this.#kept.get(base);
    if (state === undefined) throw new Error(`${base} was not made`);
    return state;
  }

  async #keep(base: Base): Promise<void> {
    const { assignments } = existsSync(this.path('home', 'ledger.sqlite'))
      ? await this.ask<{ assignments: unknown[] }>('ledger.list', { all: true })
      : { assignments: [] };
    cpSync(this.now, this.#folderOf(base), { recursive: true, preserveTimestamps: true });
    this.#kept.set(base, { standIn: this.standIn.save(), assignments: assignments.length });
  }

  #context(home: string): OperationContext {
    return {
      home,
      clock: systemClock,
      keychainPassphraseFile: this.path('passphrase'),
      spawnKeychainChild: () => {
        throw new Error('a file keychain starts no child');
      },
      onProgress: () => undefined,
      onNote: () => undefined,
    };
  }

  async #prepare(bases: readonly Base[]): Promise<void> {
    const at = await this.standIn.listen();
    this.#port = at.port;
    this.words.set('token', at.token);
    writeFileSync(this.path('passphrase'), `${PASSPHRASE}\n`);
    await this.#keep('empty');
    await this.#makeStation(at);
    if (bases.some((base) => base.startsWith('ceremony-'))) await this.#keepCeremonies(bases);
    await this.#fillStation(at);
    await this.#keep('station');
    if (bases.includes('unknown')) await this.#keepUnknown();
    if (bases.includes('quarantined')) await this.#keepQuarantined();
    for (const name of ['ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite-shm']) rmSync(this.path('home', name), { force: true });
    await this.#keep('rebuild');
  }

  async #makeStation(at: { api: string; jwks: string; token: string; accountId: string }): Promise<void> {
    await this.ask('init', { role: 'single', keychain: 'file', name: 'vault' });
    await this.ask('environment.set', { name: 'rehearsal', api: at.api, jwks: at.jwks });
    await this.ask('login', { environment: 'rehearsal', token: at.token });
    await this.ask('trust.add', { environment: 'rehearsal', account_id: at.accountId });
  }

  /** The same station in a ceremony, kept at each step that is wanted. */
  async #keepCeremonies(bases: readonly Base[]): Promise<void> {
    cpSync(this.now, join(this.folder, 'before'), { recursive: true, preserveTimestamps: true });
    const state = this.standIn.save();
    writeFileSync(this.path('seed.txt'), SECRET);
    for (const step of ['wallet', 'assign', 'secrets', 'seal', 'sign', 'store', 'verify'] as const) {
      if (!bases.includes(`ceremony-${step}`)) continue;
      const outside = new Outside(this.path('home'));
      const ceremony = await ceremonyAt(outside, step === 'sign' ? 'seal' : step, this.path('seed.txt'));
      if (step === 'sign') await outside.run('ceremony.seal', { ceremony, mode: 'auto', passphrase: null, send_name: false });
      this.words.set(`ceremony_${step}`, ceremony);
      await outside.close();
      await this.#keep(`ceremony-${step}`);
      await this.#back(join(this.folder, 'before'), state);
      writeFileSync(this.path('seed.txt'), SECRET);
    }
    await this.#back(join(this.folder, 'before'), state);
  }

  /** The same station, one of whose items was carried out by a CoinCover that then fell silent. */
  async #keepUnknown(): Promise<void> {
    const state = this.standIn.save();
    await this.ask('seal', { key: this.path('key.json'), in: this.path('a.secret'), out: this.path('u.sealed.json') });
    const before = new Set(this.held().map((one) => one.backupId));
    this.standIn.setFault('drop-after-store');
    await this.ask('store', { files: [this.path('u.sealed.json')], out: this.path('receipts') });
    this.standIn.setFault(null);
    this.words.set('held', this.held().find((one) => !before.has(one.backupId))?.backupId ?? '');
    await this.#keep('unknown');
    await this.#back(this.#folderOf('station'), state);
  }

  /** The same station with a key that it did not trust: its signing key was new, and has been confirmed since. */
  async #keepQuarantined(): Promise<void> {
    const state = this.standIn.save();
    this.standIn.setFault('rotated-key', { times: 1 });
    const input = { environment: 'rehearsal', user: 'rotated', key_environment: 'HOT', out: this.path('rotated.json') };
    const made = await this.ask<{ assignment_id: string; state: string }>('assign', input);
    if (made.state !== 'quarantined') throw new Error(`the assignment is ${made.state}`);
    this.words.set('quarantined', made.assignment_id);
    const { confirm } = await this.ask<{ confirm: { fingerprint: string }[] }>('trust.add', { environment: 'rehearsal', source: 'fetch' });
    for (const { fingerprint } of confirm) await this.ask('trust.add', { environment: 'rehearsal', source: 'fetch', fingerprint });
    await this.#keep('quarantined');
    await this.#back(this.#folderOf('station'), state);
  }

  async #back(from: string, state: Buffer): Promise<void> {
    rmSync(this.now, { recursive: true, force: true });
    cpSync(from, this.now, { recursive: true, preserveTimestamps: true });
    await this.standIn.close();
    this.standIn = StandIn.restore(state, systemClock, { keyPool });
    await this.standIn.listen(this.#port);
  }

  /** Keys, sealed items, one of them stored, another station's card, and files to seal. */
  async #fillStation(at: { accountId: string }): Promise<void> {
    const shown = await this.ask<{ confirm: { fingerprint: string }[] }>('trust.add', { environment: 'rehearsal', source: 'fetch' });
    const fingerprint = shown.confirm[0]?.fingerprint ?? '';
    this.words.set('signer', fingerprint);
    this.words.set('account', at.accountId);
    await this.ask('trust.add', { environment: 'rehearsal', source: 'fetch', fingerprint });
    const key = this.path('key.json');
    await this.ask('assign', { environment: 'rehearsal', user: 'wallet', key_environment: 'HOT', out: key });
    writeFileSync(this.path('a.secret'), `${SECRET} a`);
    writeFileSync(this.path('b.secret'), `${SECRET} b `.repeat(60));
    writeFileSync(this.path('pin'), 'abacus canyon dormitory elbow gravel mystify\n');
    for (const name of ['a', 'b', 'c'])
      await this.ask('seal', { key, in: this.path(name === 'b' ? 'b.secret' : 'a.secret'), out: this.path(`${name}.sealed.json`) });
    await this.ask('store', { files: [this.path('c.sealed.json')], out: this.path('receipts') });
    mkdirSync(this.path('in'));
    for (const name of ['1', '2', '3']) writeFileSync(this.path('in', name), `${SECRET} ${name}`);
    mkdirSync(this.path('documents'));
    for (const name of ['key.json', 'a.sealed.json', 'c.sealed.json']) cpSync(this.path(name), this.path('documents', name));
    mkdirSync(this.path('sealed'));
    for (const name of ['a.sealed.json', 'c.sealed.json']) cpSync(this.path(name), this.path('sealed', name));
    cpSync(pem, this.path('key.pem'));
    mkdirSync(this.path('stick'));
    mkdirSync(this.path('receipts'), { recursive: true });
    this.words.set('document', (JSON.parse(readFileSync(key, 'utf8')) as { id: string }).id);
    await this.ask('policy.new', { out: this.path('policy.json') });
    const other = this.path('other-home');
    await this.ask('init', { role: 'cold', keychain: 'file', name: 'cold vault' }, other);
    await this.ask('pair', { out: this.path('other.station.json') }, other);
    rmSync(other, { recursive: true });
    const card = JSON.parse(readFileSync(this.path('other.station.json'), 'utf8')) as { station: { id: string } };
    this.words.set('other', card.station.id);
  }
}

const key = createPrivateKey(readFileSync(pem));
/** One key for every assignment: making one takes seconds. */
const keyPool = { prepare: () => undefined, stop: () => undefined, take: () => Promise.resolve(key) };
