import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeVerify } from './verify-outcome.ts';

const OFFLINE = "Cold backups are held offline and can't be checked.";
const judge = (status: number, body: string, keyEnvironment: 'HOT' | 'COLD' | null = 'COLD') =>
  judgeVerify({ kind: 'answer', status, headers: {}, body: Buffer.from(body) }, { field: 'is_backup_valid', keyEnvironment });

describe('judgeVerify', () => {
  it.each<[string, number, object | string, 'HOT' | 'COLD' | null, string]>([
    ['true', 200, { is_backup_valid: true }, 'HOT', 'valid'],
    ['true of a COLD key', 200, { is_backup_valid: true, message: OFFLINE }, 'COLD', 'valid'],
    ['true with 201', 201, { is_backup_valid: true }, 'COLD', 'unknown'],
    ['true with 500', 500, { is_backup_valid: true }, 'COLD', 'unknown'],
    ['false', 200, { is_backup_valid: false }, 'HOT', 'invalid'],
    ['false that speaks of offline', 200, { is_backup_valid: false, message: OFFLINE }, 'COLD', 'invalid'],
    ['false in a 400', 400, { is_backup_valid: false, message: OFFLINE }, 'COLD', 'invalid'],
    ['false in a 503', 503, { is_backup_valid: false }, 'COLD', 'invalid'],
    ['no boolean, COLD, offline', 400, { message: OFFLINE }, 'COLD', 'not-checkable'],
    ['the same in a 200', 200, { message: OFFLINE }, 'COLD', 'not-checkable'],
    ['the same with null', 200, { is_backup_valid: null, message: OFFLINE }, 'COLD', 'not-checkable'],
    ['the same in a 500', 500, { error: 'backup is off-line' }, 'COLD', 'not-checkable'],
    ['the console’s words', 404, { message: 'This backup can’t be checked' }, 'COLD', 'not-checkable'],
    ['a service that is away', 503, { message: 'The service is offline' }, 'COLD', 'unknown'],
    ['a limit', 429, { message: OFFLINE }, 'COLD', 'unknown'],
    ['no boolean, HOT, offline', 400, { message: OFFLINE }, 'HOT', 'unknown'],
    ['no boolean, offline, and nobody knows which', 400, { message: OFFLINE }, null, 'unknown'],
    ['no boolean, COLD, other words', 404, { message: 'Backup not found' }, 'COLD', 'unknown'],
    ['no boolean, COLD, no words', 404, {}, 'COLD', 'unknown'],
    ['the word in a word', 400, { message: 'see offlinehelp' }, 'COLD', 'unknown'],
    ['"true" as text', 200, { is_backup_valid: 'true', message: OFFLINE }, 'COLD', 'unknown'],
    ['"false" as text', 200, { is_backup_valid: 'false' }, 'COLD', 'unknown'],
    ['1', 200, { is_backup_valid: 1 }, 'COLD', 'unknown'],
    ['the other field', 200, { is_key_valid: true }, 'COLD', 'unknown'],
    ['a member twice', 200, '{"is_backup_valid":false,"is_backup_valid":true}', 'COLD', 'unknown'],
    ['HTML', 200, '<html>offline', 'COLD', 'unknown'],
    ['nothing', 200, '', 'COLD', 'unknown'],
  ])('%s', (_name, status, body, keyEnvironment, check) => {
    expect(judge(status, typeof body === 'string' ? body : JSON.stringify(body), keyEnvironment).check).toBe(check);
  });

  it('knows nothing where no whole answer came', () => {
    const asked = { field: 'is_key_valid', keyEnvironment: 'COLD' } as const;
    const body = Buffer.from('{"is_key_valid":true}');
    const none = { check: 'unknown', message: null, status: null };
    expect(judgeVerify({ kind: 'lost', code: 'UND_ERR_SOCKET', partial: { status: 200, body } }, asked)).toEqual(none);
    expect(judgeVerify({ kind: 'not-sent', code: 'ECONNREFUSED' }, asked)).toEqual(none);
  });

  it('hands the words on, cut and whole characters only', () => {
    expect(judge(200, JSON.stringify({ is_backup_valid: true, message: 'fine' }))).toEqual({
      check: 'valid',
      message: 'fine',
      status: 200,
    });
    const cut = judge(200, JSON.stringify({ message: `${'x'.repeat(499)}😀` })).message ?? '';
    expect([cut.length, cut.isWellFormed()]).toEqual([500, true]);
  });

  it('says valid for true with a 200 alone, whatever comes', () => {
    const members = fc.record({ is_backup_valid: fc.oneof(fc.boolean(), fc.jsonValue()), message: fc.jsonValue() });
    fc.assert(
      fc.property(fc.constantFrom(200, 201, 400, 404, 500, 503), members, fc.constantFrom('HOT', 'COLD', null), (status, body, kind) => {
        const { check } = judge(status, JSON.stringify(body), kind);
        expect(check === 'valid').toBe(status === 200 && body.is_backup_valid === true);
        expect(check === 'invalid').toBe(body.is_backup_valid === false);
        if (check === 'not-checkable') expect(kind).toBe('COLD');
      }),
    );
  });
});
