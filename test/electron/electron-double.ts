import { EventEmitter } from 'node:events';
import { DOCUMENTED_SWITCHES } from './documented-switches.ts';
import { declarations, play, playClass } from './playing.ts';

type Listener = (...args: never[]) => unknown;

/** What a session was told, as a test reads it back. */
export type PlayedSession = {
  readonly double: object;
  readonly options: unknown;
  readonly events: EventEmitter;
  readonly handlers: Map<string, Listener>;
  readonly calls: Map<string, readonly unknown[]>;
};

/** What a window was told. */
export type PlayedWindow = {
  readonly double: object;
  readonly options: { readonly webPreferences: Readonly<Record<string, unknown>> } & Readonly<Record<string, unknown>>;
  readonly events: EventEmitter;
  readonly contents: PlayedContents;
  readonly calls: (readonly [string, ...unknown[]])[];
};

export type PlayedContents = {
  readonly double: object;
  readonly mainFrame: object;
  readonly events: EventEmitter;
  readonly sent: (readonly unknown[])[];
  readonly calls: Map<string, readonly unknown[]>;
};

export type PlayedChild = {
  readonly events: EventEmitter;
  readonly forked: readonly unknown[];
  readonly posted: unknown[];
  killed: boolean;
};

/** A double of the part of Electron's main process that the shell uses, and what was done to it. */
export class ElectronDouble {
  readonly appEvents = new EventEmitter();
  readonly powerEvents = new EventEmitter();
  readonly switches = new Map<string, string | undefined>();
  readonly sessions = new Map<string, PlayedSession>();
  readonly windows: PlayedWindow[] = [];
  readonly children: PlayedChild[] = [];
  readonly channels = new Map<string, Listener>();
  readonly dialogs: (readonly [string, ...unknown[]])[] = [];
  /** Everything that `app` was told, in order. */
  readonly calls: (readonly [string, ...unknown[]])[] = [];
  schemes: unknown = null;
  menu: unknown = null;
  /** What a dialog answers next. */
  answer: unknown = null;
  ready = false;
  readonly module: Readonly<Record<string, object>>;
  readonly #whenReady = Promise.withResolvers<undefined>();

  constructor({ isPackaged = true, firstInstance = true } = {}) {
    const object = (name: string, parts: Readonly<Record<string, unknown>>): object => play(declarations.exported(name), name, parts);
    this.module = {
      app: object('app', this.#app(isPackaged, firstInstance)),
      protocol: object('protocol', { registerSchemesAsPrivileged: this.#early((schemes) => (this.schemes = schemes)) }),
      session: object('session', {
        fromPartition: this.#late((name, options) => this.#session(String(name), options).double),
        get defaultSession() {
          return defaultSession().double;
        },
      }),
      powerMonitor: object('powerMonitor', {
        on: this.#late((event, listener) => this.powerEvents.on(String(event), listener as () => void)),
      }),
      ipcMain: object('ipcMain', {
        handle: (channel: string, listener: Listener) => {
          if (this.channels.has(channel)) throw new Error(`${channel} has its handler already`);
          this.channels.set(channel, listener);
        },
      }),
      dialog: object('dialog', {
        showOpenDialog: this.#dialog('showOpenDialog'),
        showSaveDialog: this.#dialog('showSaveDialog'),
        showErrorBox: this.#dialog('showErrorBox'),
      }),
      nativeTheme: object('nativeTheme', { shouldUseDarkColors: false }),
      utilityProcess: playClass('utilityProcess', { fork: this.#late((...forked) => this.#fork(forked)) }, () => ({})),
      Menu: playClass(
        'Menu',
        {
          buildFromTemplate: (template: unknown) => play(declarations.named('Menu'), 'Menu', { items: template }),
          setApplicationMenu: (menu: { items: unknown }) => (this.menu = menu.items),
        },
        () => ({}),
      ),
      BrowserWindow: playClass(
        'BrowserWindow',
        { getAllWindows: () => this.windows.map((one) => one.double) },
        this.#late((options) => this.#window(options as PlayedWindow['options']).double) as () => object,
      ),
    };
    const defaultSession = (): PlayedSession => this.#session('', null);
  }

  /** Chromium has started: whatever waits for that goes on. */
  async start(): Promise<void> {
    this.ready = true;
    this.#whenReady.resolve(undefined);
    await new Promise((done) => setTimeout(done, 5));
  }

  /** The one window. */
  get window(): PlayedWindow {
    const [window, ...others] = this.windows;
    if (window === undefined || others.length > 0) throw new Error(`there are ${this.windows.length.toString()} windows`);
    return window;
  }

  #app(isPackaged: boolean, firstInstance: boolean): Record<string, unknown> {
    const noted =
      (name: string, answer?: unknown) =>
      (...args: unknown[]): unknown => {
        this.calls.push([name, ...args]);
        return answer;
      };
    return {
      isPackaged,
      commandLine: play(declarations.named('CommandLine'), 'commandLine', {
        appendSwitch: this.#early((name, value) => {
          if (!DOCUMENTED_SWITCHES.includes(String(name))) throw new Error(`Electron documents no switch ${String(name)}`);
          this.switches.set(String(name), value as string | undefined);
        }),
      }),
      on: (event: string, listener: Listener) => this.appEvents.on(event, (...args: unknown[]) => listener(...(args as never[]))),
      whenReady: () => this.#whenReady.promise,
      enableSandbox: this.#early(noted('enableSandbox')),
      requestSingleInstanceLock: this.#early(noted('requestSingleInstanceLock', firstInstance)),
      setPath: this.#early(noted('setPath')),
      getPath: (name: string) => `/the system's/${name}`,
      getAppPath: () => '/the app',
      configureHostResolver: this.#late(noted('configureHostResolver')),
      setProxy: noted('setProxy', Promise.resolve()),
      quit: noted('quit'),
      exit: noted('exit'),
    };
  }

  #session(name: string, options: unknown): PlayedSession {
    const known = this.sessions.get(name);
    if (known !== undefined) return known;
    const events = new EventEmitter();
    const handlers = new Map<string, Listener>();
    const calls = new Map<string, readonly unknown[]>();
    const handler = (method: string) => (listener: Listener) => handlers.set(method, listener);
    const noted =
      (method: string, answer?: unknown) =>
      (...args: unknown[]): unknown => {
        calls.set(method, args);
        return answer;
      };
    const double = play(declarations.named('Session'), 'session', {
      on: (event: string, listener: Listener) => events.on(event, (...args: unknown[]) => listener(...(args as never[]))),
      setProxy: noted('setProxy', Promise.resolve()),
      setSpellCheckerEnabled: noted('setSpellCheckerEnabled'),
      setSpellCheckerLanguages: noted('setSpellCheckerLanguages'),
      setPermissionRequestHandler: handler('setPermissionRequestHandler'),
      setPermissionCheckHandler: handler('setPermissionCheckHandler'),
      setDevicePermissionHandler: handler('setDevicePermissionHandler'),
      setDisplayMediaRequestHandler: handler('setDisplayMediaRequestHandler'),
      setBluetoothPairingHandler: handler('setBluetoothPairingHandler'),
      webRequest: play(declarations.named('WebRequest'), 'webRequest', { onBeforeRequest: handler('onBeforeRequest') }),
      protocol: play(declarations.named('Protocol'), 'protocol', {
        handle: (scheme: string, listener: Listener) => handlers.set(`${scheme}:`, listener),
      }),
    });
    const played = { double, options, events, handlers, calls };
    this.sessions.set(name, played);
    return played;
  }

  #window(options: PlayedWindow['options']): PlayedWindow {
    const contents = this.contents();
    const events = new EventEmitter();
    const calls: (readonly [string, ...unknown[]])[] = [];
    let destroyed = false;
    let isContentProtected = false;
    const noted =
      (name: string, answer?: unknown) =>
      (...args: unknown[]): unknown => {
        calls.push([name, ...args]);
        return answer;
      };
    const listen = (event: string, listener: Listener): unknown => events.on(event, (...args: unknown[]) => listener(...(args as never[])));
    const double = play(declarations.named('BrowserWindow'), 'window', {
      on: listen,
      once: listen,
      webContents: contents.double,
      loadURL: noted('loadURL', Promise.resolve()),
      show: noted('show'),
      focus: noted('focus'),
      restore: noted('restore'),
      isMinimized: () => true,
      isDestroyed: () => destroyed,
      destroy: () => (destroyed = true),
      setContentProtection: (...args: readonly unknown[]) => {
        isContentProtected = args[0] === true;
        noted('setContentProtection')(...args);
      },
      isContentProtected: () => isContentProtected,
    });
    const played = { double, options, events, contents, calls };
    this.windows.push(played);
    return played;
  }

  /** A page, of a window of ours or of something that should not be there. Announces itself to the app as Electron's do. */
  contents(): PlayedContents {
    const events = new EventEmitter();
    const sent: (readonly unknown[])[] = [];
    const calls = new Map<string, readonly unknown[]>();
    const mainFrame = this.frame();
    const double = play(declarations.named('WebContents'), 'contents', {
      on: (event: string, listener: Listener) => events.on(event, (...args: unknown[]) => listener(...(args as never[]))),
      send: (...args: unknown[]) => sent.push(args),
      setWindowOpenHandler: (...args: unknown[]) => calls.set('setWindowOpenHandler', args),
      setWebRTCIPHandlingPolicy: (...args: unknown[]) => calls.set('setWebRTCIPHandlingPolicy', args),
      mainFrame,
    });
    this.appEvents.emit('web-contents-created', {}, double);
    return { double, mainFrame, events, sent, calls };
  }

  frame({ origin = 'app://coldroom', parent = null }: { origin?: string; parent?: object | null } = {}): object {
    return play(declarations.named('WebFrameMain'), 'frame', { origin, parent });
  }

  #fork(forked: readonly unknown[]): object {
    const child: PlayedChild = { events: new EventEmitter(), forked, posted: [], killed: false };
    this.children.push(child);
    const listen = (event: string, listener: Listener): unknown =>
      child.events.on(event, (...args: unknown[]) => listener(...(args as never[])));
    return play(declarations.named('UtilityProcess'), 'child', {
      on: listen,
      once: listen,
      postMessage: (message: unknown) => child.posted.push(message),
      kill: () => (child.killed = true),
    });
  }

  #dialog(name: string): Listener {
    return this.#late((...args) => {
      this.dialogs.push([name, ...args]);
      return Promise.resolve(this.answer);
    });
  }

  /** Electron takes it before it is ready only; afterwards it throws or does nothing. */
  #early(call: (...args: unknown[]) => unknown): Listener {
    return (...args: unknown[]) => {
      if (this.ready) throw new Error('too late: the app is ready');
      return call(...args);
    };
  }

  /** Electron takes it once it is ready. */
  #late(call: (...args: unknown[]) => unknown): Listener {
    return (...args: unknown[]) => {
      if (!this.ready) throw new Error('too early: the app is not ready');
      return call(...args);
    };
  }
}

/** An event that can be refused, and whether it was. */
export function askingEvent(): { preventDefault: () => void; prevented: boolean } {
  const event = {
    prevented: false,
    preventDefault: (): void => {
      event.prevented = true;
    },
  };
  return event;
}
