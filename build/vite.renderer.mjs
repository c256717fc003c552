// Builds the page into dist/app/renderer. Served by both shells from their own origin, under one content security policy.
import react from '@vitejs/plugin-react';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export default defineConfig({
  root: join(root, 'renderer'),
  base: '/',
  plugins: [react()],
  // The policy lets no data: address in, so nothing is inlined.
  build: {
    outDir: join(root, 'dist', 'app', 'renderer'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'chrome130',
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
  css: { modules: { localsConvention: 'camelCaseOnly' } },
});
