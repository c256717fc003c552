import '../../../test/cheap-scrypt.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newRooms } from './rooms.fixture.ts';
import type { OperationName } from '../index.ts';

const newRoom = newRooms();

/** What changes no ceremony, or begins one. */
const READING = [
  'ceremony.begin',
  'ceremony.check',
  'ceremony.escalation-report',
  'ceremony.list',
  'ceremony.passphrase-forget',
  'ceremony.report',
  'ceremony.report-save',
  'ceremony.script',
  'ceremony.show',
];

describe('an ended ceremony', () => {
  it('can be looked at, and refuses everything else', async () => {
    const room = await newRoom();
    await room.begin();
    await room.act('ceremony.escalate', { reason: 'the witness left' });
    const head = room.ledger((_, ledger) => ledger.head());
    const fingerprint = '0'.repeat(64);
    const everything: Partial<Record<OperationName, Record<string, unknown>>> = {
      'ceremony.people': { people: [{ name: 'A', initials: 'AA', role: 'witness' }], place: 'x', witness_clock: '10:00' },
      'ceremony.self-test': {},
      'ceremony.environment': { typed: 'rehearsal' },
      'ceremony.practice-key': {},
      'ceremony.signer': { fingerprint, words: [] },
      'ceremony.wallet': {
        user_identifier: 'u',
        account: 'institution',
        customer_id: null,
        customer_name: null,
        package_id: null,
        package_name: null,
        key_environment: 'HOT',
        typed: 'HOT',
      },
      'ceremony.assign': {},
      'ceremony.words': { words: [] },
      'ceremony.choose': { files: [] },
      'ceremony.inspect': { item_id: '00000000-0000-4000-8000-000000000000', bip39_passphrase: null, password: null },
      'ceremony.nearest-words': { item_id: '00000000-0000-4000-8000-000000000000' },
      'ceremony.go-on': { departure: fingerprint, reason: 'r', initials: ['AB', 'CD'] },
      'ceremony.passphrase-make': { part: 'whole', words: 6, initials: null },
      'ceremony.passphrase-confirm': { part: 'whole', typed: 'x' },
      'ceremony.passphrase-half': { part: 'first', typed: 'x', initials: 'AB' },
      'ceremony.seal': { mode: 'auto', passphrase: null, send_name: false },
      'ceremony.store': { resolve: null },
      'ceremony.verify': {},
      'ceremony.recover': { passphrase: null },
      'ceremony.network': {},
      'ceremony.network-override': { reason: 'r', initials: ['AA', 'BB'] },
      'ceremony.wallet-add': {
        user_identifier: 'u',
        account: 'institution',
        customer_id: null,
        customer_name: null,
        package_id: null,
        package_name: null,
        key_environment: 'HOT',
        typed: 'HOT',
      },
      'ceremony.wallet-remove': { user_identifier: 'u' },
      'ceremony.wallets-planned': { typed: ['COLD'] },
      'ceremony.assign-all': {},
      'ceremony.key-read': { key_id: '00000000-0000-4000-8000-000000000000', words: [], kept: null },
      'ceremony.bring': { files: ['/nowhere'] },
      'ceremony.carry': { folder: '/nowhere' },
      'ceremony.carried-by-code': {},
      'ceremony.recovering': { items: ['00000000-0000-4000-8000-000000000000'], reason: 'r' },
      'ceremony.request-key': {
        type: 'curve25519',
        passphrase: 'p',
        out_private: join(room.folder, 'saved'),
        folder: join(room.folder, 'saved'),
      },
      'ceremony.request-raised': { reference: 'r' },
      'ceremony.request-played': { folder: join(room.folder, 'saved') },
      'ceremony.packages': { packages: ['/nowhere'], openpgp_key: '/nowhere', passphrase: null },
      'ceremony.get-back': { openpgp_passphrase: null, key_passphrase: null, passphrase: null, folder: join(room.folder, 'saved') },
      'ceremony.wiped': { answers: [] },
      'ceremony.checklist': { answers: [] },
      'ceremony.pin': { initials: 'AB', pin: '274916', again: '274916' },
      'ceremony.sign-off': { step: 'people', evidence_sha256: fingerprint, initials: [] },
      'ceremony.exception': { text: 'x', initials: 'AB' },
      'ceremony.escalate': { reason: 'again' },
      'ceremony.abort': { reason: 'again', initials: ['AB', 'CD'] },
      'ceremony.pause': { reason: 'lunch', initials: 'AB' },
      'ceremony.resume': { reason: 'back', initials: 'AB' },
      'ceremony.hand-over': { from: 'AB', to: { name: 'Eve Fox', initials: 'EF' }, reason: 'ill', seen_by: 'CD' },
      'ceremony.save': { folder: join(room.folder, 'saved') },
    };
    const { OPERATIONS } = await import('../index.ts');
    const named = Object.keys(OPERATIONS).filter((name) => name.startsWith('ceremony.'));
    expect(named.filter((name) => !(name in everything)).toSorted()).toEqual(READING);
    for (const [name, input] of Object.entries(everything)) {
      expect([name, await room.refusal(name as OperationName, input)]).toEqual([name, ['ceremony-ended']]);
    }
    expect(existsSync(join(room.folder, 'saved'))).toBe(false);
    expect(room.ledger((_, ledger) => ledger.head())).toEqual(head);
    expect(await room.view()).toMatchObject({ state: 'escalated', reason: 'the witness left', now: null });
    expect(await room.codes('ceremony.show', { ceremony: '00000000-0000-4000-8000-000000000000' })).toEqual(['ceremony-unknown']);
  });
});
