import { errors } from 'undici';
import { describe, expect, it } from 'vitest';
import { failureCode, failureWords } from './network-failure.ts';

const withCode = (code: string, cause?: unknown) => Object.assign(new Error('text with 10.0.0.1', { cause }), { code });

describe('failureCode', () => {
  it.each<[unknown, string]>([
    [withCode('ECONNREFUSED'), 'ECONNREFUSED'],
    [withCode('UND_ERR_SOCKET', withCode('ECONNRESET')), 'ECONNRESET'],
    [new errors.SocketError('closed'), 'UND_ERR_SOCKET'],
    [new Error('fetch failed', { cause: withCode('CERT_HAS_EXPIRED') }), 'CERT_HAS_EXPIRED'],
    [withCode('ENOTFOUND', withCode('OTHER')), 'ENOTFOUND'],
    [new DOMException('late', 'TimeoutError'), 'timed-out'],
    [AbortSignal.abort().reason, 'cancelled'],
    [new errors.RequestAbortedError('refused'), 'UND_ERR_ABORTED'],
    [Object.assign(new Error('text of the answer'), { name: 'HTTPParserError', code: undefined }), 'not-http'],
    [new Error('anything'), 'unrecognised'],
    ['a string', 'unrecognised'],
    [undefined, 'unrecognised'],
  ])('%#: %s', (error, code) => {
    expect(failureCode(error)).toBe(code);
  });
});

describe('failureWords', () => {
  it('say it plainly, with the code', () => {
    expect(failureWords('ECONNREFUSED')).toBe('nobody listens there (ECONNREFUSED)');
    expect(failureWords('ERR_SSL_TLSV1_ALERT')).toBe('ERR_SSL_TLSV1_ALERT');
  });
  it('repeat nothing that is no code', () => {
    for (const code of ['', 'a b', '\u001b[31m', 'x'.repeat(65)]) expect(failureWords(code)).toBe('unrecognised');
    expect(failureWords('constructor')).toBe('constructor');
  });
});
