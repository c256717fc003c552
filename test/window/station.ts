import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createNodeSpawner } from '../../main/keychain/index.ts';
import {
  BesideKeeper,
  KeychainKeeper,
  RehearsalHost,
  runOperation,
  type OperationContext,
  type OperationName,
} from '../../main/operations/index.ts';
import { StandIn, type FaultName } from '../../main/rehearsal/index.ts';
import { systemClock, type Passphrase } from '../../main/values/index.ts';
import { keptKeys } from '../kept-keys.ts';

export const PASSPHRASE = 'correct horse battery staple';
/** Searched for in everything that crosses to the page. */
export const CANARY_SECRET = 'canary-secret-quartz-violin';

/** A folder that goes away, with a home folder in it, and files to seal where the in-window browser starts. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'coldroom-window-test-'));
  readonly home = join(this.folder, 'home');
  /** Under the user's own folder, by a name that nothing else has. */
  readonly files = mkdtempSync(join(homedir(), 'coldroom-e2e-files-'));

  get filesName(): string {
    return basename(this.files);
  }

  write(name: string, content: string | Buffer): string {
    const path = join(this.files, name);
    writeFileSync(path, content);
    return path;
  }

  folderIn(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.files, { recursive: true, force: true });
  }
}

/** Operations on a home folder from outside the window, as the command line would run them. */
export class Outside {
  readonly #keychains = new KeychainKeeper();
  readonly context: OperationContext;

  /** @param rehearsal the stand-in of a window's own, where a rehearsal is to be left for a window to go on with. */
  constructor(home: string, rehearsal: RehearsalHost | null = null) {
    this.#keychains.setPassphrase(Buffer.from(PASSPHRASE) as Passphrase);
    this.context = {
      home,
      clock: systemClock,
      keychainPassphraseFile: null,
      spawnKeychainChild: createNodeSpawner('unused'),
      keychains: this.#keychains,
      besides: new BesideKeeper(),
      onProgress: () => undefined,
      onNote: () => undefined,
      ...(rehearsal === null ? {} : { rehearsal }),
    };
  }

  async run<Output = Record<string, unknown>>(name: OperationName, input: unknown): Promise<Output> {
    return (await runOperation(name, this.context, input)).output as Output;
  }

  close(): Promise<void> {
    return this.#keychains.forget();
  }
}

/** A station whose environment `rehearsal` is a stand-in of the test's own, signed in: every fault can be set on it. */
export async function stationAt(
  place: Place,
  fault: FaultName | null = null,
  { slowMs }: { readonly slowMs?: number } = {},
): Promise<{ standIn: StandIn; outside: Outside }> {
  const standIn = new StandIn(systemClock, { keyPool: keptKeys(), ...(slowMs === undefined ? {} : { slowMs }) });
  const at = await standIn.listen();
  const outside = new Outside(place.home);
  await outside.run('init', { role: 'single', name: 'desk-1', keychain: 'file' });
  await outside.run('environment.set', { name: 'rehearsal', api: at.api, jwks: at.jwks });
  await outside.run('login', { environment: 'rehearsal', token: at.token });
  await outside.run('trust.add', { environment: 'rehearsal', account_id: at.accountId });
  standIn.setFault(fault);
  return { standIn, outside };
}

/** A station with a rehearsal of its own up to a stored backup, as a window left it when it was closed. */
export async function rehearsalLeftAt(place: Place, file: string): Promise<void> {
  const host = new RehearsalHost(place.home, systemClock, keptKeys());
  const outside = new Outside(place.home, host);
  await outside.run('init', { role: 'single', name: 'desk-1', keychain: 'file' });
  await ceremonyAt(outside, 'verify', file);
  await Promise.all([host.close(), outside.close()]);
}

/**
 * The same by a plan that both people approved, up to where its secret is chosen, or stored. Its first wallet is the one that
 * {@link ceremonyAt} gives.
 */
export async function plannedLeftAt(
  place: Place,
  plan: string,
  stored: { readonly file: string; readonly bip39_passphrase: string } | null = null,
): Promise<void> {
  const host = new RehearsalHost(place.home, systemClock);
  const outside = new Outside(place.home, host);
  await outside.run('init', { role: 'single', name: 'desk-1', keychain: 'file' });
  const { plan_sha256 } = await outside.run<{ plan_sha256: string }>('plan.read', { file: plan });
  const people = [
    { name: 'Ann Baker', initials: 'AB' },
    { name: 'Carl Dahl', initials: 'CD' },
  ];
  await outside.run('plan.approve', { file: plan, plan_sha256, people });
  const by = { plan, wallets: [0], bip39_passphrase: stored?.bip39_passphrase ?? null };
  await ceremonyAt(outside, stored === null ? 'secrets' : 'verify', stored?.file ?? '', by);
  await Promise.all([host.close(), outside.close()]);
}

/** A ceremony of that station brought to a step by operations, so that a test of one screen need not walk to it. */
export async function ceremonyAt(
  outside: Outside,
  step: 'wallet' | 'assign' | 'secrets' | 'seal' | 'store' | 'verify',
  file: string,
  { bip39_passphrase = null, ...by }: ByPlan = {},
): Promise<string> {
  const drive = new Driver(outside);
  await drive.begin(by);
  await drive.toWallet();
  if (step === 'wallet') return drive.id;
  await drive.wallet();
  if (step === 'assign') return drive.id;
  await drive.assign();
  if (step === 'secrets') return drive.id;
  await drive.act('ceremony.choose', { files: [file] });
  if (bip39_passphrase !== null) await drive.act('ceremony.inspect', { item_id: drive.item, bip39_passphrase, password: null });
  await drive.sign();
  if (step === 'seal') return drive.id;
  await drive.act('ceremony.seal', { mode: 'auto', passphrase: null, send_name: false });
  await drive.sign();
  if (step === 'store') return drive.id;
  await drive.act('ceremony.store', { resolve: null });
  await drive.sign();
  return drive.id;
}

type ByPlan = { readonly plan?: string; readonly wallets?: readonly number[]; readonly bip39_passphrase?: string | null };

type View = {
  files: { item_id: string }[];
  ceremony_id: string;
  built_in: boolean;
  now: { step: string; evidence_sha256: string } | null;
  assignment: { key: { words: string[] } | null } | null;
};

class Driver {
  readonly #outside: Outside;
  #view: View | null = null;

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  get id(): string {
    return this.#need().ceremony_id;
  }

  /** The first of the chosen files. */
  get item(): string {
    return this.#need().files[0]?.item_id ?? '';
  }

  #need(): View {
    if (this.#view === null) throw new Error('the ceremony was not begun');
    return this.#view;
  }

  async begin(by: Omit<ByPlan, 'bip39_passphrase'>): Promise<void> {
    const begin = { script: 'rehearsal', environment: 'rehearsal', ...by };
    const { ceremony } = await this.#outside.run<{ ceremony: View }>('ceremony.begin', begin);
    this.#view = ceremony;
  }

  async act(name: OperationName, input: Record<string, unknown>): Promise<void> {
    const { ceremony } = await this.#outside.run<{ ceremony: View }>(name, { ceremony: this.id, ...input });
    this.#view = ceremony;
  }

  async sign(): Promise<void> {
    const { now } = this.#need();
    await this.act('ceremony.sign-off', {
      step: now?.step,
      evidence_sha256: now?.evidence_sha256,
      initials: [
        { role: 'administrator', initials: 'AB' },
        { role: 'witness', initials: 'CD' },
      ],
    });
  }

  async toWallet(): Promise<void> {
    await this.act('ceremony.people', {
      people: [
        { name: 'Ann Baker', initials: 'AB', role: 'administrator' },
        { name: 'Carl Dahl', initials: 'CD', role: 'witness' },
      ],
      place: 'Vault room 2',
      witness_clock: new Date().toISOString().slice(11, 16),
    });
    await this.sign();
    await this.act('ceremony.self-test', {});
    await this.sign();
    await this.act('ceremony.environment', { typed: 'rehearsal' });
    if (this.#need().built_in) await this.act('ceremony.practice-key', {});
    const { confirm } = await this.#outside.run<{ confirm: { fingerprint: string; words: string[] }[] }>('trust.add', {
      environment: 'rehearsal',
      source: 'fetch',
    });
    const [signer] = confirm;
    await this.act('ceremony.signer', { fingerprint: signer?.fingerprint, words: twoOf(signer?.words ?? []) });
    await this.sign();
  }

  async wallet(): Promise<void> {
    await this.act('ceremony.wallet', {
      user_identifier: 'treasury-wallet-01',
      account: 'institution',
      customer_id: null,
      customer_name: null,
      package_id: null,
      package_name: null,
      key_environment: 'COLD',
      typed: 'COLD',
    });
    await this.sign();
  }

  async assign(): Promise<void> {
    await this.act('ceremony.assign', {});
    await this.act('ceremony.words', { words: twoOf(this.#need().assignment?.key?.words ?? []) });
    await this.sign();
  }
}

function twoOf(words: readonly string[]): { position: number; word: string }[] {
  return [3, 20].map((position) => ({ position, word: words[position - 1] ?? '' }));
}
