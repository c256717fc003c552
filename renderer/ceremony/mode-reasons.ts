import type { CeremonyView } from '../../main/operations/index.ts';
import { PASS } from '../words/passphrase.ts';
import { MODES } from '../words/steps.ts';

type File = Pick<CeremonyView['files'][number], 'size_bytes' | 'recommended' | 'with_passphrase'>;

/** What one block of an assigned key holds: 512 bytes less the padding, and less the box of a passphrase. */
const BLOCK_BYTES = { plain: 446, boxed: 410 } as const;

/** The modes that main recommends for the files' sizes, in words. */
export function recommendedModes(files: readonly File[], which: 'recommended' | 'with_passphrase'): string {
  return [...new Set(files.map((file) => MODES[file[which]]?.label ?? file[which]))].join(', ');
}

/** Why each is recommended: a sentence for each mode, over the files that get it. */
export function modeReasons(files: readonly File[], which: 'recommended' | 'with_passphrase'): string[] {
  const byMode = Map.groupBy(files, (file) => file[which]);
  return [...byMode].map(([mode, those]) => {
    const sizes = those.map((file) => file.size_bytes);
    const most = which === 'recommended' ? BLOCK_BYTES.plain : BLOCK_BYTES.boxed;
    const told = PASS.sizes(sizes.length, smallest(sizes), largest(sizes));
    return PASS.because[mode]?.(told, most) ?? '';
  });
}

function smallest(sizes: readonly number[]): number {
  return sizes.reduce((least, size) => Math.min(least, size), Number.MAX_SAFE_INTEGER);
}

function largest(sizes: readonly number[]): number {
  return sizes.reduce((most, size) => Math.max(most, size), 0);
}
