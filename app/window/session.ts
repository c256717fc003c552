import { z } from 'zod';
import type { KeychainSpawner } from '../../main/keychain/index.ts';
import {
  KeychainKeeper,
  OPERATIONS,
  BesideKeeper,
  checkNoStationLost,
  PassphraseKeeper,
  readStationFile,
  RehearsalHost,
  runOperation,
  WINDOW_CALLS,
  WINDOW_OPERATIONS,
  type Answer,
  type OperationContext,
  type OperationName,
  type Problem,
  type WindowCallName,
  type WindowEvent,
} from '../../main/operations/index.ts';
import { ColdroomError, inputError, systemClock, type Clock } from '../../main/values/index.ts';
import { software } from '../software.ts';
import { Camera } from './camera.ts';
import { ChosenFiles, type Chooser } from './chosen-files.ts';
import { makeFirstStation, probeKeychain } from './first-start.ts';
import { hidePaths } from './hide-paths.ts';
import { networkAtFirstSight, networkState } from './network-state.ts';
import { keepSettings, readSettings } from './settings.ts';
import { PathHandles, shownName } from './path-handles.ts';
import { ReceivedCodes } from './received-codes.ts';
import { replaceHandles } from './replace-handles.ts';
import { windowLocked, WindowLock } from './window-lock.ts';

export type { Chooser } from './chosen-files.ts';

export type SessionOptions = {
  readonly home: string;
  readonly shell: 'electron' | 'evaluation';
  readonly version: string;
  /** Null: the page shows its own file browser. */
  readonly chooser: Chooser | null;
  readonly spawnKeychainChild: KeychainSpawner;
  readonly onEvent: (event: WindowEvent) => void;
  readonly onClose: () => void;
  /** When the page shows something that can be used: at its start, and again behind a first start or a lock. */
  readonly onReady?: () => void;
  /** Left out: the page uses the clipboard itself. */
  readonly copyText?: (text: string) => void;
  /** Keeps the window out of screen pictures, or no longer. @returns whether it is kept out of them now. */
  readonly protectContent: (on: boolean) => boolean;
  /** Allows the page the camera or forbids it; resolves when that holds. It is forbidden until this is called. */
  readonly allowCamera: (on: boolean) => Promise<void>;
  readonly clock?: Clock;
  /** In place of what the station's settings say, for tests. */
  readonly lockAfterMs?: number;
};

export type Session = {
  /** Answers one message of the page: narrows it by schema, runs it, checks the answer by schema. Never rejects. */
  receive(message: unknown): Promise<unknown>;
  /** True while something runs that closing the window would cut short, or the page holds what is in no file yet. */
  isBusy(): boolean;
  /** The page was loaded anew: what the one before was allowed, or had begun to read, ends with it. */
  pageLoaded(): Promise<void>;
  /** Covers the window now: the system's own screen was locked, or the machine goes to sleep. */
  lock(): void;
  close(): Promise<void>;
};

/** Linux says it in files; elsewhere programs are asked, which costs more. */
const NETWORK_POLL_MS = process.platform === 'linux' ? 10_000 : 60_000;
const PROGRESS_EVERY_MS = 100;
/** The evaluation shell's browser was not made or checked by us. */
const WITHHELD_IN_EVALUATION = ['production', 'custom'];

/**
 * What these answer with is what stands in a file that people chose, and no path of ours. A plan whose title names a folder would be
 * another plan without it, with another digest.
 */
const SHOWN_AS_THEY_ARE: ReadonlySet<string> = new Set(['plan.open', 'plan.wallets']);

/** What a locked window may still ask for: how it stands, to be opened, and to be closed. */
const WHILE_LOCKED: ReadonlySet<string> = new Set([
  'window.state',
  'window.ready',
  'window.unlock',
  'window.go-on',
  'window.active',
  'window.lock',
  'window.close',
  'window.set-theme',
  'window.protect',
] satisfies WindowCallName[]);

const message = z.strictObject({ operation: z.string().max(64), input: z.unknown() });

/** Main's side of one window: what both shells share. */
export function createSession(options: SessionOptions): Session {
  return new WindowSession(options);
}

type Handlers = {
  readonly [Name in WindowCallName]: (input: z.output<(typeof WINDOW_CALLS)[Name]['input']>) => Promise<unknown>;
};

class WindowSession implements Session {
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #handles = new PathHandles();
  readonly #keychains = new KeychainKeeper();
  readonly #passphrases = new PassphraseKeeper();
  readonly #besides = new BesideKeeper();
  readonly #rehearsal: RehearsalHost;
  readonly #codes: ReceivedCodes;
  readonly #withheld: readonly string[];
  readonly #networkTimer: NodeJS.Timeout;
  readonly #files: ChosenFiles;
  readonly #lock: WindowLock;
  readonly #camera: Camera;
  #queue: Promise<unknown> = Promise.resolve();
  #running: AbortController | null = null;
  #unsaved = false;
  #progressAt = 0;
  #isPrivate = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#rehearsal = new RehearsalHost(options.home, this.#clock);
    this.#codes = new ReceivedCodes(options.home);
    this.#withheld = options.shell === 'evaluation' ? WITHHELD_IN_EVALUATION : [];
    this.#networkTimer = setInterval(() => void this.#tellNetwork(), NETWORK_POLL_MS);
    this.#networkTimer.unref();
    this.#camera = new Camera(options.allowCamera, () => this.#checkOpen());
    this.#files = new ChosenFiles(options.chooser, this.#handles);
    this.#lock = new WindowLock({
      home: options.home,
      keychains: this.#keychains,
      lockAfterMs: options.lockAfterMs,
      context: () => this.#context(null, []),
      inTurn: (work) => this.#inTurn(work),
      isRunning: () => this.#running !== null,
      onSoon: (leftMs) => {
        options.onEvent({ event: 'lock-soon', seconds: Math.ceil(leftMs / 1000) });
      },
      onCover: () => {
        options.onEvent({ event: 'locked' });
        void this.pageLoaded();
      },
    });
  }

  async receive(raw: unknown): Promise<Answer<unknown>> {
    const { answer, isContent } = await this.#answer(raw);
    if (isContent) return answer;
    return hidePaths(answer, [this.#options.home, ...this.#handles.paths()]) as Answer<unknown>;
  }

  isBusy(): boolean {
    return this.#running !== null || this.#unsaved;
  }

  lock(): void {
    this.#lock.lock();
  }

  async pageLoaded(): Promise<void> {
    this.#unsaved = false;
    this.#codes.reset();
    this.#passphrases.forget();
    this.#besides.forget();
    await this.#camera.set(false);
  }

  async close(): Promise<void> {
    clearInterval(this.#networkTimer);
    this.#lock.close();
    this.#running?.abort();
    await this.#queue;
    this.#passphrases.forget();
    this.#besides.forget();
    await this.#rehearsal.close();
    await this.#keychains.forget();
  }

  async #answer(raw: unknown): Promise<{ answer: Answer<unknown>; isContent: boolean }> {
    try {
      const parsed = message.safeParse(raw);
      if (!parsed.success) throw inputError('message-invalid', 'the window sent a message that is none');
      const { operation, input } = parsed.data;
      await this.#lock.settle();
      // SECURITY(REQ-IDLE-LOCK): a covered page is not trusted to ask for nothing; nothing is done for it until somebody opened it again.
      if (this.#lock.lockedAtMs !== null && !WHILE_LOCKED.has(operation)) throw windowLocked();
      if (isWindowCall(operation)) {
        const output = await this.#windowCall(operation, input);
        return { answer: { ok: true, output, problems: [], notes: [] }, isContent: false };
      }
      const name = WINDOW_OPERATIONS.find((one) => one === operation);
      if (name === undefined) throw inputError('operation-unknown', 'the window asked for something that it may not do');
      const answer = await this.#inTurn(() => this.#run(name, input));
      return { answer, isContent: SHOWN_AS_THEY_ARE.has(name) };
    } catch (error) {
      return { answer: { ok: false, error: problemOf(error) }, isContent: false };
    }
  }

  /** One operation after the other: the ledger has one story. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined); // whoever waits for this turn hears of it; the next one starts all the same
    return turn;
  }

  async #run(name: OperationName, input: unknown): Promise<Answer<unknown>> {
    const running = new AbortController();
    const notes: string[] = [];
    this.#running = running;
    try {
      const replaced = replaceHandles(OPERATIONS[name].input, input, (handle) => this.#handles.pathOf(handle));
      const { output, problems } = await runOperation(name, this.#context(running.signal, notes), replaced);
      return { ok: true, output, problems: problems.map(problemOf), notes };
    } finally {
      this.#running = null;
    }
  }

  #context(signal: AbortSignal | null, notes: string[]): OperationContext {
    return {
      home: this.#options.home,
      clock: this.#clock,
      keychainPassphraseFile: null,
      spawnKeychainChild: this.#options.spawnKeychainChild,
      keychains: this.#keychains,
      passphrases: this.#passphrases,
      besides: this.#besides,
      rehearsal: this.#rehearsal,
      withheld: this.#withheld,
      isScreenPrivate: () => this.#isPrivate && this.#lock.lockedAtMs === null,
      software,
      onProgress: (progress) => {
        const now = performance.now();
        if (progress.done !== progress.total && now - this.#progressAt < PROGRESS_EVERY_MS) return;
        this.#progressAt = now;
        // The name of a file is part of what is covered.
        const subject = this.#lock.lockedAtMs === null ? progress.subject : '';
        this.#options.onEvent({ event: 'progress', ...progress, subject });
      },
      onNote: (note) => notes.push(note),
      ...(signal === null ? {} : { signal }),
    };
  }

  async #windowCall(name: WindowCallName, raw: unknown): Promise<unknown> {
    const { input, output } = WINDOW_CALLS[name];
    const parsed = input.safeParse(raw);
    if (!parsed.success) throw inputError('input-invalid', `the window sent a wrong input for ${name}`);
    const handler = this.#handlers[name] as (input: unknown) => Promise<unknown>;
    return output.parse(await handler(parsed.data));
  }

  readonly #handlers: Handlers = {
    'window.state': () => this.#state(),
    'window.ready': () => {
      this.#options.onReady?.();
      void this.#tellNetwork();
      return Promise.resolve({});
    },
    'window.keychain': () => probeKeychain(this.#options.spawnKeychainChild),
    'window.first-start': (input) =>
      this.#inTurn(async () => {
        const made = await makeFirstStation(this.#context(null, []), this.#keychains, input);
        this.#lock.open();
        return made;
      }),
    'window.unlock': ({ passphrase }) => this.#lock.unlock(passphrase),
    'window.go-on': ({ initials, pin }) => this.#lock.goOn(initials, pin),
    'window.lock': async () => {
      this.#lock.lock();
      await this.#camera.settled();
      // Work that is under way keeps the keychain open until its end.
      if (this.#running === null) await this.#queue;
      return {};
    },
    'window.active': () => {
      this.#lock.active();
      return Promise.resolve({});
    },
    'window.set-lock': async ({ minutes }) => {
      await keepSettings(this.#options.home, { lock_minutes: minutes });
      this.#lock.setMinutes(minutes);
      return {};
    },
    'window.choose': async (input) => ({ chosen: await this.#files.choose(input) }),
    'window.browse': async ({ folder }) => this.#files.browse(folder),
    'window.media': () => this.#files.media(),
    'window.new-file': ({ folder, name }) => Promise.resolve(this.#files.newFile(folder, name)),
    'window.copy': ({ text }) => {
      this.#options.copyText?.(text);
      return Promise.resolve({ copied: this.#options.copyText !== undefined });
    },
    'window.set-theme': async ({ theme }) => {
      await keepSettings(this.#options.home, { theme });
      return {};
    },
    'window.cancel': () => {
      this.#running?.abort();
      return Promise.resolve({});
    },
    'window.unsaved': ({ on }) => {
      this.#unsaved = on;
      return Promise.resolve({});
    },
    'window.close': () => {
      this.#options.onClose();
      return Promise.resolve({});
    },
    'window.camera': async ({ on }) => {
      await this.#camera.set(on);
      return {};
    },
    'window.code-part': async ({ part }) => {
      await this.#checkOpen();
      this.#lock.active(); // a code that is read in front of a camera takes minutes without a key
      const { progress, received } = await this.#codes.take(part);
      if (received === null) return { progress, received };
      const { path, kind } = received;
      return { progress, received: { handle: this.#handles.handleOf(path), name: shownName(path), kind } };
    },
    'window.code-reset': () => {
      this.#codes.reset();
      return Promise.resolve({});
    },
    'window.protect': ({ on }) => {
      this.#isPrivate = this.#options.protectContent(on);
      return Promise.resolve({ is_private: this.#isPrivate });
    },
  };

  /** SECURITY(REQ-UNLOCKED): nobody looks through the camera of a station that nobody has unlocked, nor puts a document into its folder. */
  async #checkOpen(): Promise<void> {
    const { station, locked } = await this.#state();
    if (station === null || locked) throw windowLocked();
  }

  async #tellNetwork(): Promise<void> {
    const state = await networkState();
    this.#options.onEvent({ event: 'network', ...state });
  }

  async #state() {
    const file = await readStationFile(this.#options.home);
    if (file === null) await checkNoStationLost(this.#options.home);
    return {
      shell: this.#options.shell,
      version: this.#options.version,
      native_dialogs: this.#options.chooser !== null,
      withheld: [...this.#withheld],
      station: file === null ? null : { id: file.id, name: file.name, role: file.role, keychain: file.keychain },
      ...(await this.#lock.state(file?.keychain ?? null)),
      network: networkAtFirstSight(),
      ...(await readSettings(this.#options.home)),
    };
  }
}

function isWindowCall(name: string): name is WindowCallName {
  return Object.hasOwn(WINDOW_CALLS, name);
}

/** An error as the page gets it; of a bug no more than that it was one. */
function problemOf(error: unknown): Problem {
  if (error instanceof ColdroomError && error.family !== 'bug') {
    return { family: error.family, code: error.code, message: error.message, hint: error.hint };
  }
  return {
    family: 'bug',
    code: 'bug',
    message: 'something went wrong in Coldroom itself',
    hint: 'nothing more was done; look at the ledger before you go on',
  };
}
