import { HDKey } from '@scure/bip32';
import { inputError } from '../values/index.ts';
import { exactText } from './exact-text.ts';
import { identifyBelow } from './hd-key.ts';
import { invalid, type Reading } from './kinds.ts';

/** A BIP-32 extended private key, mainnet `xprv…`. Paths start at this key. */
export function readXprv(secret: Uint8Array): Reading {
  const { text, findings } = exactText(secret);
  if (text === null) return invalid(...findings);
  if (text.startsWith('xpub')) return invalid({ code: 'xprv-public', message: 'it is an extended public key: nothing of it is secret' });
  const root = parse(text);
  if (root === null)
    return invalid({ code: 'xprv-checksum', message: 'the letters do not pass the key’s own checksum: one of them is wrong or missing' });
  return {
    ok: true,
    secret: {
      kind: 'xprv',
      findings:
        root.depth === 0
          ? []
          : [
              {
                code: 'xprv-depth',
                message: `the key lies ${root.depth.toString()} levels below its master: what is beside it cannot be derived from it`,
              },
            ],
      identify: ({ type, path }) => {
        if (type === 'solana')
          throw inputError('identifier-not-of-kind', 'a BIP-32 key has no Solana address', {
            hint: 'Solana’s keys come from the phrase itself',
          });
        if (type === 'master-fingerprint' && root.depth !== 0) {
          throw inputError('identifier-not-of-kind', 'this key is not the master, so its master’s fingerprint does not follow from it');
        }
        return Promise.resolve({ type, path: path ?? 'm', value: identifyBelow(root, type, path ?? 'm') });
      },
      wipe: () => {
        root.wipePrivateData();
      },
    },
  };
}

function parse(text: string): HDKey | null {
  try {
    const key = HDKey.fromExtendedKey(text);
    return key.privateKey === null ? null : key;
  } catch {
    return null; // its message may quote the key
  }
}
