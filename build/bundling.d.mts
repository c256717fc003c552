import type { BuildOptions } from 'esbuild';

/** The project's folder. */
export const root: string;
export const esmForNode: BuildOptions & { readonly external: readonly string[] };
