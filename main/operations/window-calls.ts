import { z } from 'zod';
import { MAX_PART_LENGTH } from '../transfer/index.ts';
import { documentKind, fingerprint, stationName } from './fields.ts';
import type { OPERATIONS, OperationName } from './operation-list.ts';

/** An opaque name for a path that main knows; the page never names a path itself. */
const handle = z.string().regex(/^[a-z0-9-]{1,64}$/);
const chosen = z.object({ handle, name: z.string(), size_bytes: z.number().nullable() });

/** The operations that a window may call; the others write files where their caller says, and a page names no path. */
export const WINDOW_OPERATIONS = [
  'status',
  'self-check',
  'environment.set',
  'environment.list',
  'login',
  'logout',
  'trust.add',
  'trust.confirm',
  'trust.retire',
  'trust.revoke',
  'trust.list',
  'network.show',
  'network.policy',
  'policy.new',
  'policy.read',
  'policy.set',
  'policy.show',
  'plan.kinds',
  'plan.open',
  'plan.judge',
  'plan.wallets',
  'plan.save',
  'plan.sheet',
  'plan.read',
  'plan.approve',
  'plan.approved',
  'trust.read',
  'pair.card',
  'pair.read',
  'pair.confirm',
  'pair.list',
  'pair.remove',
  'import',
  'document',
  'document.code',
  'verify',
  'passphrase.card',
  'ledger.page',
  'ledger.show',
  'ledger.head',
  'item.show',
  'item.settle',
  'ledger.check',
  'ledger.export',
  'ceremony.begin',
  'ceremony.list',
  'ceremony.show',
  'ceremony.people',
  'ceremony.pin',
  'ceremony.self-test',
  'ceremony.environment',
  'ceremony.practice-key',
  'ceremony.signer',
  'ceremony.wallet',
  'ceremony.assign',
  'ceremony.words',
  'ceremony.choose',
  'ceremony.inspect',
  'ceremony.nearest-words',
  'ceremony.go-on',
  'ceremony.passphrase-make',
  'ceremony.passphrase-confirm',
  'ceremony.passphrase-half',
  'ceremony.passphrase-forget',
  'ceremony.seal',
  'ceremony.store',
  'ceremony.verify',
  'ceremony.recover',
  'ceremony.recovering',
  'ceremony.request-key',
  'ceremony.request-raised',
  'ceremony.request-played',
  'ceremony.packages',
  'ceremony.get-back',
  'ceremony.wiped',
  'ceremony.network',
  'ceremony.network-override',
  'ceremony.wallet-add',
  'ceremony.wallet-remove',
  'ceremony.wallets-planned',
  'ceremony.assign-all',
  'ceremony.key-read',
  'ceremony.bring',
  'ceremony.carry',
  'ceremony.carried-by-code',
  'ceremony.checklist',
  'ceremony.sign-off',
  'ceremony.exception',
  'ceremony.escalate',
  'ceremony.escalation-report',
  'ceremony.report-save',
  'ceremony.check',
  'ceremony.script',
  'ceremony.abort',
  'ceremony.pause',
  'ceremony.resume',
  'ceremony.hand-over',
  'ceremony.save',
] as const satisfies readonly OperationName[];

const nothing = z.strictObject({});

/** What a window's shell answers itself: schemas alone, the handlers are the shells'. */
export const WINDOW_CALLS = {
  'window.state': {
    input: nothing,
    output: z.object({
      shell: z.enum(['electron', 'evaluation']),
      version: z.string(),
      native_dialogs: z.boolean(),
      withheld: z.array(z.string()),
      station: z
        .object({ id: fingerprint, name: z.string(), role: z.enum(['single', 'cold', 'online']), keychain: z.enum(['os', 'file']) })
        .nullable(),
      /** The station's keychain is a file whose passphrase has not been typed in this window yet, or nobody was there for too long. */
      locked: z.boolean(),
      /** Since when a window that was open is locked. */
      locked_since: z.string().nullable(),
      /** What opens it: the keychain's passphrase, the initials of somebody of the open ceremony, with their PIN or not, or a button. */
      unlock: z.enum(['passphrase', 'initials', 'initials-with-pin', 'button']),
      /** After how many minutes without input it locks. */
      lock_minutes: z.number(),
      network: z.object({ up: z.boolean(), reasons: z.array(z.string()) }),
      theme: z.enum(['system', 'light', 'dark']),
    }),
  },
  /** The page has something on screen that people can use. */
  'window.ready': { input: nothing, output: nothing },
  'window.keychain': { input: nothing, output: z.object({ os: z.enum(['available', 'locked', 'none']) }) },
  'window.first-start': {
    input: z.strictObject({
      role: z.enum(['single', 'cold', 'online']),
      name: stationName,
      keychain: z.enum(['os', 'file']),
      passphrase: z.string().max(1024).nullable(),
    }),
    output: z.object({ note: z.string().nullable() }),
  },
  'window.unlock': { input: z.strictObject({ passphrase: z.string().max(1024) }), output: nothing },
  'window.lock': { input: nothing, output: nothing },
  /** Opens a locked window whose station has no passphrase to type. */
  'window.go-on': {
    input: z.strictObject({ initials: z.string().max(40).nullable(), pin: z.string().max(64).nullable().default(null) }),
    output: nothing,
  },
  /** Somebody pressed a key or moved the pointer. */
  'window.active': { input: nothing, output: nothing },
  'window.set-lock': { input: z.strictObject({ minutes: z.number().int().min(1).max(60) }), output: nothing },
  /** A native dialog. Nothing chosen: an empty list. */
  'window.choose': {
    input: z.strictObject({ what: z.enum(['files', 'file', 'folder', 'save']), title: z.string().max(200), name: z.string().max(100) }),
    output: z.object({ chosen: z.array(chosen) }),
  },
  /** The in-window browser of a shell without native dialogs; `folder` null starts at the user's own folder. */
  'window.browse': {
    input: z.strictObject({ folder: handle.nullable() }),
    output: z.object({
      /** Its name is empty at the root of everything. */
      folder: z.object({ handle, name: z.string() }),
      up: handle.nullable(),
      /** Where to begin: the user's own folder, and where removable media appear. */
      places: z.array(z.object({ handle, what: z.enum(['own', 'media']) })),
      entries: z.array(z.object({ handle, name: z.string(), kind: z.enum(['folder', 'file']), size_bytes: z.number().nullable() })),
      /** More were there than are shown. */
      cut: z.boolean(),
    }),
  },
  /** The sticks in this machine, and what else lies on each. */
  'window.media': {
    input: nothing,
    output: z.object({
      media: z.array(z.object({ handle, label: z.string(), writable: z.boolean(), documents: z.number(), others: z.number() })),
    }),
  },
  'window.new-file': { input: z.strictObject({ folder: handle, name: z.string().min(1).max(100) }), output: z.object({ handle }) },
  /** An id or a digest to the clipboard; `copied` false: this shell leaves it to the page. */
  'window.copy': { input: z.strictObject({ text: z.string().max(8192) }), output: z.object({ copied: z.boolean() }) },
  'window.set-theme': { input: z.strictObject({ theme: z.enum(['system', 'light', 'dark']) }), output: nothing },
  'window.cancel': { input: nothing, output: nothing },
  /** The page holds something that is in no file yet, or no longer: closing the window asks first. */
  'window.unsaved': { input: z.strictObject({ on: z.boolean() }), output: nothing },
  'window.close': { input: nothing, output: nothing },
  /** Allows the page the camera, or forbids it again. A page that was loaded anew and a locked station have none. */
  'window.camera': { input: z.strictObject({ on: z.boolean() }), output: nothing },
  /** One code that the camera read. Once the document is whole it is kept in the station's folder, to be taken in by its handle. */
  'window.code-part': {
    input: z.strictObject({ part: z.string().max(MAX_PART_LENGTH) }),
    output: z.object({
      /** What is held of what is needed, 0 to 1. */
      progress: z.number().min(0).max(1),
      received: z.object({ handle, name: z.string(), kind: documentKind }).nullable(),
    }),
  },
  /** Drops what was read so far: the next code begins a document. */
  'window.code-reset': { input: nothing, output: nothing },
  /** Asks that the window be kept out of screen pictures while something confidential is shown or typed; says whether it is now. */
  'window.protect': { input: z.strictObject({ on: z.boolean() }), output: z.object({ is_private: z.boolean() }) },
} as const;

export type WindowCallName = keyof typeof WINDOW_CALLS;

/** An error as the page gets it. */
export type Problem = { readonly family: string; readonly code: string; readonly message: string; readonly hint: string | null };

/** What `invoke` gives: never a rejection, always one of two. */
export type Answer<Output> =
  | { readonly ok: true; readonly output: Output; readonly problems: readonly Problem[]; readonly notes: readonly string[] }
  | { readonly ok: false; readonly error: Problem };

type WindowOperationName = (typeof WINDOW_OPERATIONS)[number];

/** Every call of the page, by name: input as it is sent, output as it comes. */
export type Calls = {
  readonly [Name in WindowOperationName]: {
    input: z.input<(typeof OPERATIONS)[Name]['input']>;
    output: z.output<(typeof OPERATIONS)[Name]['output']>;
  };
} & {
  readonly [Name in WindowCallName]: {
    input: z.input<(typeof WINDOW_CALLS)[Name]['input']>;
    output: z.output<(typeof WINDOW_CALLS)[Name]['output']>;
  };
};

/** What main tells the page without being asked. */
export type WindowEvent =
  | { readonly event: 'progress'; readonly step: string; readonly subject: string; readonly done: number; readonly total: number | null }
  | { readonly event: 'close-asked' }
  /** What is on screen is to be covered now; main refuses everything else. */
  | { readonly event: 'locked' }
  | { readonly event: 'lock-soon'; readonly seconds: number }
  | { readonly event: 'network'; readonly up: boolean; readonly reasons: readonly string[] };
