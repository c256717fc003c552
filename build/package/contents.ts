import { extractFile, listPackage, statFile } from '@electron/asar';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { targetOfNativeModule } from './native-module.ts';

const SQLITE = 'node_modules/better-sqlite3';
const KEYTAR = 'node_modules/keytar';
const KEYTAR_LIBRARY = `${KEYTAR}/build/Release/keytar.node`;

/** What the archive holds besides the bundles' chunks and the page's assets. */
export const FILES: readonly string[] = [
  'package.json',
  'dist/app/main.mjs',
  'dist/app/preload.cjs',
  'dist/app/keychain-child.mjs',
  'dist/app/ledger-replay.mjs',
  'dist/app/licences.txt',
  'dist/app/renderer/index.html',
  ...['Inter_400Regular', 'Inter_600SemiBold', 'IBMPlexMono_400Regular'].map((name) => `dist/app/fonts/${name}.ttf`),
  ...['package.json', 'LICENSE', ...['binding', 'database', 'index', 'sqlite-error', 'util'].map((name) => `lib/${name}.js`)].map(
    (name) => `${SQLITE}/${name}`,
  ),
  ...['aggregate', 'backup', 'explain', 'function', 'inspect', 'pragma', 'serialize', 'table', 'transaction', 'wrappers'].map(
    (name) => `${SQLITE}/lib/methods/${name}.js`,
  ),
  ...['package.json', 'LICENSE.md', 'lib/keytar.js'].map((name) => `${KEYTAR}/${name}`),
];

/** Bundlers name these after their content. */
const NAMED_BY_CONTENT = [/^dist\/app\/chunk-[A-Z0-9]{8}\.mjs$/, /^dist\/app\/renderer\/assets\/[A-Za-z0-9_.-]+\.(js|css|svg|png|woff2)$/];

/** Names under which the system's own resources lie beside the archive. */
const BESIDE = /^(app\.asar|icon\.icns|[A-Za-z_]+\.lproj|apparmor-profile|electron\.asar|default_app\.asar)$/;

/**
 * Looks into a packed app: what is in it, what is missing, what is for another machine.
 * @param resources the folder that holds `app.asar`.
 * @param target system and processor, `linux-x64` say.
 * @param forbidden texts that no file of ours may hold: this machine's paths.
 * @returns what is wrong, in words; nothing where all is well.
 */
export function checkContents(resources: string, target: string, forbidden: readonly string[]): string[] {
  const archive = join(resources, 'app.asar');
  if (!existsSync(archive)) return ['there is no app.asar'];
  const libraries = [`${SQLITE}/prebuilds/${target}.node`, KEYTAR_LIBRARY];
  const packed = filesInArchive(archive);
  return [
    ...compare('app.asar', packed, [...FILES, ...libraries], NAMED_BY_CONTENT),
    ...compare('app.asar.unpacked', filesBelow(`${archive}.unpacked`), libraries, []),
    ...readdirSync(resources)
      .filter((name) => name !== 'app.asar.unpacked' && !BESIDE.test(name))
      .map((name) => `${name} lies beside app.asar`),
    ...libraries.flatMap((name) => checkLibrary(`${archive}.unpacked`, name, target)),
    ...packed
      .filter((name) => name.startsWith('dist/'))
      .flatMap((name) => checkText(name, extractFile(archive, name).toString('latin1'), forbidden)),
  ];
}

function compare(where: string, found: readonly string[], wanted: readonly string[], patterns: readonly RegExp[]): string[] {
  return [
    ...found.filter((name) => !wanted.includes(name) && !patterns.some((one) => one.test(name))).map((name) => `${where} holds ${name}`),
    ...wanted.filter((name) => !found.includes(name)).map((name) => `${where} lacks ${name}`),
  ];
}

function checkLibrary(unpacked: string, name: string, target: string): string[] {
  const path = join(unpacked, name);
  if (!existsSync(path)) return [];
  const found = targetOfNativeModule(path);
  return found === target ? [] : [`${name} is for ${found ?? 'no system that is known'}, not for ${target}`];
}

function checkText(name: string, text: string, forbidden: readonly string[]): string[] {
  return [
    ...(/[#@] sourceMappingURL=/.test(text) ? [`${name} points to a source map`] : []),
    ...forbidden.filter((one) => text.includes(one)).map((one) => `${name} holds ${JSON.stringify(one)}`),
  ];
}

function filesInArchive(archive: string): string[] {
  return listPackage(archive, { isPack: false })
    .map((name) => name.replaceAll('\\', '/').replace(/^\//, ''))
    .filter((name) => !('files' in statFile(archive, name)));
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
}
