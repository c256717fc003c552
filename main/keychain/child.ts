import { createInterface } from 'node:readline';
import type { KeychainCall, KeychainReply } from './protocol.ts';

/** The part of keytar that is used. */
type Keytar = {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
};

const SERVICE = 'Coldroom';

/**
 * The child's whole program: calls come in on stdin, replies go out on stdout, and it ends when stdin does. A keychain that
 * hangs (a locked one may, for ever) hangs this process, not the one that seals. Secrets travel on the pipe alone.
 */
export function runKeychainChild(): void {
  // Calls are answered one after the other: keychains do not promise more.
  let queue: Promise<void> = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    queue = queue.then(async () => {
      const reply = await answer(JSON.parse(line) as KeychainCall);
      process.stdout.write(`${JSON.stringify(reply)}\n`);
    });
  });
}

async function answer(call: KeychainCall): Promise<KeychainReply> {
  const keytar = await loadKeytar();
  if (keytar === null) return { id: call.id, ok: false, reason: 'none' };
  try {
    switch (call.do) {
      case 'get':
        return { id: call.id, ok: true, text: await keytar.getPassword(SERVICE, call.account) };
      case 'set':
        await keytar.setPassword(SERVICE, call.account, call.text);
        return { id: call.id, ok: true, text: null };
      case 'delete':
        await keytar.deletePassword(SERVICE, call.account);
        return { id: call.id, ok: true, text: null };
    }
  } catch (error) {
    return { id: call.id, ok: false, reason: reasonOf(error) };
  }
}

async function loadKeytar(): Promise<Keytar | null> {
  try {
    // An optional dependency: a machine may have no compiler, or no libsecret.
    const module = (await import('keytar')) as unknown as { default: Keytar };
    return module.default;
  } catch {
    return null; // what is missing is told by the parent, in words for people
  }
}

/** Only which kind of failure it was leaves this process: a keychain's own text may name other entries. */
function reasonOf(error: unknown): 'none' | 'failed' | 'signature-changed' {
  const text = error instanceof Error ? error.message : '';
  if (/dbus|d-bus|autolaunch|org\.freedesktop\.secrets|could not connect|no such file/i.test(text)) return 'none';
  if (process.platform === 'darwin' && /password.*incorrect|not correct/i.test(text)) return 'signature-changed';
  return 'failed';
}
