import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { CONTENT_SECURITY_POLICY } from './content-security-policy.ts';

/** All kinds of file that the page is made of. Anything else is not served. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** What no page of ours uses, spoken out for frames as well. The camera is the page's own, where the shell allows it. */
const FEATURES = [
  'clipboard-read',
  'display-capture',
  'fullscreen',
  'geolocation',
  'hid',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
];

const HEADERS: Readonly<Record<string, string>> = {
  // SECURITY(REQ-PAGE-POLICY): the page runs our scripts and reaches nothing, see content-security-policy.ts.
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  // SECURITY(REQ-PAGE-POLICY): a file is what its ending says, whatever it looks like.
  'X-Content-Type-Options': 'nosniff',
  // SECURITY(REQ-PAGE-POLICY): the page shares its process and its window object with no other.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // SECURITY(REQ-PAGE-POLICY): nothing is told where a request came from.
  'Referrer-Policy': 'no-referrer',
  // SECURITY(REQ-PAGE-POLICY): refused in the page before any handler is asked.
  'Permissions-Policy': ['camera=(self)', ...FEATURES.map((feature) => `${feature}=()`)].join(', '),
  // SECURITY(REQ-PAGE-POLICY): no copy is kept.
  'Cache-Control': 'no-store',
};

/** Plain names with folders between them: no dot first, nothing encoded, no other separator. Vite's names are of this form. */
const PLAIN_PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

/** One answer to the page: a whole file of ours, or a status and nothing. */
export type PageAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer | null };

/**
 * Answers a request of the page for one of its own files.
 * @param origin the page's one origin, scheme and host. @param folder where the built page lies.
 * @returns 405 for any method but GET, 404 for whatever is no file of the page; the page is told no reason.
 */
export async function answerPageRequest(
  request: { readonly method: string; readonly url: string },
  { origin, folder }: { readonly origin: string; readonly folder: string },
): Promise<PageAnswer> {
  // SECURITY(REQ-PAGE-FILES): files are read, nothing else can be asked for.
  if (request.method !== 'GET') return refuse(405);
  const file = await fileOf(request.url, origin, folder);
  const type = MIME_TYPES[extname(file ?? '')];
  if (file === null || type === undefined) return refuse(404);
  return { status: 200, headers: { ...HEADERS, 'Content-Type': type }, body: await readFile(file) };
}

/** @returns the file's real path, inside the folder, or null. */
async function fileOf(address: string, origin: string, folder: string): Promise<string | null> {
  const url = URL.parse(address);
  // SECURITY(REQ-PAGE-FILES): one origin. Another host would be another origin with the same rights.
  if (url === null || `${url.protocol}//${url.host}` !== origin || url.username !== '' || url.password !== '') return null;
  const path = url.pathname === '/' ? '/index.html' : url.pathname;
  // SECURITY(REQ-PAGE-FILES): nothing to decode, so nothing that decodes to a way out.
  if (!PLAIN_PATH.test(path)) return null;
  const root = await realpath(folder);
  const file = await realpath(join(root, path)).catch(() => null);
  // SECURITY(REQ-PAGE-FILES): a link inside the folder leads nowhere outside it.
  return file?.startsWith(root + sep) === true ? file : null;
}

function refuse(status: number): PageAnswer {
  return { status, headers: HEADERS, body: null };
}
