import { decodeUtf8 } from '../values/index.ts';
import type { Finding } from './kinds.ts';

/**
 * A secret's bytes as text, if they are text in their exact form: UTF-8, no byte order mark, at most one line end after it,
 * no white space around it. Nothing is mended: the bytes that are sealed are the file's.
 */
export function exactText(secret: Uint8Array): { text: string; findings: [] } | { text: null; findings: Finding[] } {
  const decoded = decodeUtf8(secret);
  if (decoded === null) return fault('not-text', 'it is not UTF-8 text');
  if (decoded.startsWith('\uFEFF')) return fault('byte-order-mark', 'it starts with a byte order mark');
  const text = decoded.replace(/\r?\n$/, '');
  if (/[\r\n]/.test(text)) return fault('several-lines', 'it has more than one line, or more than one line end after it');
  if (/^\s/.test(text)) return fault('space-before', 'it starts with a space');
  if (/\s$/.test(text)) return fault('space-after', 'it ends with a space');
  if (text === '') return fault('empty', 'it holds nothing');
  return { text, findings: [] };
}

function fault(code: string, message: string): { text: null; findings: Finding[] } {
  return { text: null, findings: [{ code, message }] };
}
