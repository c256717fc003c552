import type { KeychainSpawner } from '../../main/keychain/index.ts';

/**
 * A keychain of the operating system that gives back what it was given, for as long as the test keeps the spawner.
 * @param isGone while it says so, there is no keychain.
 */
export function playedOsKeychain(isGone: () => boolean = () => false): KeychainSpawner {
  const kept = new Map<string, string>();
  return () => {
    const ended = Promise.withResolvers<undefined>();
    let listener: (message: unknown) => void = () => undefined;
    return {
      send: (call) => {
        const text = call.do === 'get' ? (kept.get(call.account) ?? null) : null;
        if (call.do === 'set') kept.set(call.account, call.text);
        if (call.do === 'delete') kept.delete(call.account);
        queueMicrotask(() => {
          listener(isGone() ? { id: call.id, ok: false, reason: 'none' } : { id: call.id, ok: true, text });
        });
      },
      onMessage: (heard) => {
        listener = heard;
      },
      kill: () => {
        ended.resolve(undefined);
      },
      exited: ended.promise,
    };
  };
}
