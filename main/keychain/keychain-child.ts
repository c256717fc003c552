import { createInterface } from 'node:readline';
import { isKeychainCall, parseLine, type KeychainCall, type KeychainPort, type KeychainRefusal, type KeychainReply } from './protocol.ts';

/** The part of keytar that is used. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  /** False where there was nothing to delete. */
  deletePassword(service: string, account: string): Promise<boolean>;
}

/** The name under which every entry stands in the OS keychain. */
const SERVICE = 'Coldroom';
/** No name of an entry looks like this, see `isEntryName`. */
const PROBE_ACCOUNT = '.open';

/**
 * The child's whole program: answers calls, one after the other, until its parent ends it. keytar is loaded at the first
 * one. A keychain that hangs, as a locked one may for ever, hangs this process and not the one that seals. Secrets come and
 * go through the port alone.
 * @param port the pipe to the parent: stdin and stdout where nothing is given; Electron's `utilityProcess` has no stdin and
 *   passes its `parentPort`.
 */
export function runKeychainChild(port: KeychainPort = standardPort()): void {
  let queue = Promise.resolve();
  port.onMessage((message) => {
    queue = queue.then(async () => {
      // Only our own parent writes here. Silence makes it end this process at its time limit.
      if (isKeychainCall(message)) port.send(await answerCall(message, loadKeytar, process.platform));
    });
  });
}

/** Does one call. Never throws: what went wrong is told as one of three reasons. */
export async function answerCall(
  call: KeychainCall,
  load: () => Promise<Keytar | null>,
  platform: NodeJS.Platform,
): Promise<KeychainReply> {
  const keytar = await load();
  if (keytar === null) return { id: call.id, ok: false, reason: 'none' };
  try {
    return { id: call.id, ok: true, text: await doCall(call, keytar, platform) };
  } catch (error) {
    return { id: call.id, ok: false, reason: reasonOf(error, platform) };
  }
}

async function doCall(call: KeychainCall, keytar: Keytar, platform: NodeJS.Platform): Promise<string | null> {
  switch (call.do) {
    case 'get': {
      const text = await keytar.getPassword(SERVICE, call.account);
      if (text === null) await checkOpen(keytar, platform);
      return text;
    }
    case 'set':
      await keytar.setPassword(SERVICE, call.account, call.text);
      return null;
    case 'delete':
      if (!(await keytar.deletePassword(SERVICE, call.account))) await checkOpen(keytar, platform);
      return null;
  }
}

/**
 * A locked Secret Service whose dialog nobody answered says "not found" and "nothing to delete", just as an open one without
 * the entry does: a logout would report success and leave the API key, and a locked station would read as a lost one. A
 * write does fail there. macOS and Windows report a locked keychain as an error of its own.
 */
async function checkOpen(keytar: Keytar, platform: NodeJS.Platform): Promise<void> {
  if (platform === 'darwin' || platform === 'win32') return;
  await keytar.setPassword(SERVICE, PROBE_ACCOUNT, 'this keychain is open');
  await keytar.deletePassword(SERVICE, PROBE_ACCOUNT);
}

async function loadKeytar(): Promise<Keytar | null> {
  try {
    const module = await import('keytar');
    return module.default;
  } catch {
    return null; // an optional dependency: no compiler, no libsecret; the parent says it in words for people
  }
}

/**
 * Only which kind of failure it was leaves this process: a keychain's own text may name other entries. The texts are those
 * of GLib and libsecret in English; the spawner hands on no locale. A text not known here counts as `failed`.
 */
function reasonOf(error: unknown, platform: NodeJS.Platform): KeychainRefusal {
  const text = error instanceof Error ? error.message : '';
  if (platform === 'darwin') return /password.*incorrect|(password|passphrase).*not correct/i.test(text) ? 'signature-changed' : 'failed';
  return /autolaunch|dbus-launch|could not connect|org\.freedesktop\.secrets was not provided/i.test(text) ? 'none' : 'failed';
}

/** JSON, one message a line. */
function standardPort(): KeychainPort {
  const lines = createInterface({ input: process.stdin });
  // The parent has gone. A call that hangs inside the keychain holds one of Node's threads, and an orderly exit would wait
  // for it for ever.
  lines.on('close', () => process.kill(process.pid, 'SIGKILL'));
  return {
    send: (message) => {
      process.stdout.write(`${JSON.stringify(message)}\n`);
    },
    onMessage: (listener) => {
      lines.on('line', (line) => {
        listener(parseLine(line));
      });
    },
  };
}
