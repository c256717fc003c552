import { createPrivateKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StandIn } from '../../rehearsal/index.ts';
import { isColdroomError, type ColdroomError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { OPERATIONS, runOperation, type OperationName } from '../index.ts';
import { withStation, type Station } from './station.ts';

/** What an operation came to: its output (null where it threw) and everything that went wrong. */
export type Came = { output: Record<string, unknown> | null; problems: readonly ColdroomError[] };

/**
 * A single station with a file keychain, signed in to a stand-in whose signing key and account are confirmed. The list of
 * signing keys comes from an address of its own, so that it can be anything while the service is in order.
 */
export class TestStation {
  readonly folder = mkdtempSync(join(tmpdir(), 'coldroom-operations-'));
  laterMs = 0;
  readonly clock = { now: () => Date.now() + this.laterMs };
  readonly standIn: StandIn;
  /** What the address of the signing keys answers in place of the stand-in's own list, one after the other; then that list. */
  readonly jwksInstead: string[] = [];
  jwksFetches = 0;
  readonly context: OperationContext;
  readonly #keys: KeyObject[] = [];
  readonly #jwksServer: Server;
  #users = 0;

  constructor() {
    // Two keys in turn: one takes seconds to make, and a swapped key has to be another one.
    for (const name of ['vectors/rsa4096-a.key.pem', 'kept-keys-b.key.pem'])
      this.#keys.push(createPrivateKey(readFileSync(join(import.meta.dirname, '../../../test', name))));
    this.standIn = new StandIn(this.clock, {
      keyPool: { prepare: () => undefined, stop: () => undefined, take: () => Promise.resolve(this.#nextKey()) },
    });
    this.#jwksServer = createServer((_request, response) => {
      this.jwksFetches += 1;
      const answer = (body: string) => response.writeHead(200, { 'cache-control': 'max-age=600' }).end(body);
      const instead = this.jwksInstead.shift();
      if (instead !== undefined) answer(instead);
      else this.#ownList().then(answer, () => response.destroy());
    });
    this.context = {
      home: this.path('home'),
      clock: this.clock,
      keychainPassphraseFile: this.path('passphrase'),
      spawnKeychainChild: () => {
        throw new Error('a file keychain starts no child');
      },
      onProgress: () => undefined,
      onNote: () => undefined,
    };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async prepare(): Promise<void> {
    writeFileSync(this.path('passphrase'), 'a passphrase of this test\n');
    const at = await this.standIn.listen();
    await new Promise<void>((ready) => this.#jwksServer.listen(0, '127.0.0.1', ready));
    const jwks = `http://127.0.0.1:${(this.#jwksServer.address() as AddressInfo).port.toString()}/jwks`;
    await this.must('init', { role: 'single', keychain: 'file' });
    await this.must('environment.set', { name: 'rehearsal', api: at.api, jwks });
    await this.must('login', { environment: 'rehearsal', token: at.token });
    const shown = await OPERATIONS['trust.add'].run(this.context, { environment: 'rehearsal', source: 'fetch' });
    const fingerprint = shown.output.confirm?.[0]?.fingerprint ?? '';
    await this.must('trust.add', { environment: 'rehearsal', source: 'fetch', fingerprint });
    await this.must('trust.add', { environment: 'rehearsal', account_id: at.accountId });
  }

  async run(name: OperationName, input: unknown): Promise<Came> {
    try {
      const { output, problems } = await runOperation(name, this.context, input);
      return { output: output as Record<string, unknown>, problems };
    } catch (error) {
      if (isColdroomError(error)) return { output: null, problems: [error] };
      throw error;
    }
  }

  /** As run, for what has to work. */
  async must(name: OperationName, input: unknown): Promise<Record<string, unknown>> {
    const { output, problems } = await this.run(name, input);
    if (output === null || problems.length > 0) throw new Error(`${name}: ${problems.map((one) => one.message).join('; ')}`);
    return output;
  }

  /** Asks for a COLD key for a user of its own, after all that this process may have kept of the signing keys. */
  async assign(): Promise<Came & { out: string }> {
    this.#users += 1;
    this.laterMs += 11 * 60_000;
    const out = this.path(`${this.#users.toString()}.keypack.json`);
    const user = `wallet-${this.#users.toString()}`;
    return { out, ...(await this.run('assign', { environment: 'rehearsal', user, key_environment: 'COLD', out })) };
  }

  posts(): number {
    return this.standIn.requests.filter((one) => one.method === 'POST').length;
  }

  /** Works in the station itself, as no operation does: for what only an earlier Coldroom could have left in its ledger. */
  inside<Result>(work: (station: Station) => Result): Promise<Result> {
    return withStation(this.context, 'test', (station) => Promise.resolve(work(station)));
  }

  /** The events of one type, the oldest first, as their data. */
  eventsOf(type: string): Promise<unknown[]> {
    return this.inside((station) => [...station.ledger.events()].filter((event) => event.type === type).map((event) => event.data));
  }

  async close(): Promise<void> {
    this.#jwksServer.close();
    this.#jwksServer.closeAllConnections();
    await this.standIn.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #ownList(): Promise<string> {
    const port = this.standIn.lastPort ?? 0;
    return (await fetch(`http://127.0.0.1:${port.toString()}/.well-known/jwks.json`)).text();
  }

  #nextKey(): KeyObject {
    const [next, ...others] = this.#keys;
    if (next === undefined) throw new Error('no key was made');
    this.#keys.splice(0, this.#keys.length, ...others, next);
    return next;
  }
}
