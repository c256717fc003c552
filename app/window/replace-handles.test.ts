import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OPERATIONS, type OperationName } from '../../main/operations/index.ts';
import { inputError } from '../../main/values/index.ts';
import { replaceHandles } from './replace-handles.ts';

const ID = '11111111-1111-4111-8111-111111111111';

/** Inputs of every operation that takes a path; `h:N` stands where a handle does. Between them they use every place. */
const INPUTS: Partial<Record<OperationName, object[]>> = {
  'environment.set': [{ name: 'custom', ca: 'h:1' }],
  'trust.add': [{ environment: 'sandbox', source: { jwks: 'h:1' } }],
  assign: [
    { environment: 'sandbox', user: 'u', key_environment: 'HOT', out: 'h:1' },
    { recheck: ID, out: 'h:1' },
  ],
  check: [{ file: 'h:1' }],
  'trust.read': [{ file: 'h:1' }],
  'policy.new': [{ out: 'h:1' }],
  'policy.read': [{ file: 'h:1' }],
  'policy.set': [{ file: 'h:1', administrator: 'Ann Baker' }],
  pair: [{ out: 'h:1' }, { in: 'h:1' }],
  'pair.read': [{ file: 'h:1' }],
  'pair.confirm': [{ file: 'h:1', fingerprint: '0'.repeat(64), words: [], succeeds: null }],
  import: [{ files: ['h:1', 'h:2'] }],
  carry: [{ folder: 'h:1' }],
  'ledger.compare': [{ a: 'h:1', b: 'h:2' }],
  'ceremony.signer': [{ ceremony: ID, fingerprint: '0'.repeat(64), words: [], file: 'h:1' }],
  'ceremony.bring': [{ ceremony: ID, files: ['h:1'] }],
  'ceremony.carry': [{ ceremony: ID, folder: 'h:1' }],
  document: [{ id: ID, out: 'h:1' }],
  seal: [
    { key: 'h:1', in: 'h:2', out: 'h:3', plan: 'h:5', bip39_passphrase_file: 'h:6', password_file: 'h:7' },
    { key: 'h:1', in: 'h:2', out: 'h:3', passphrase_file: 'h:4' },
  ],
  store: [{ files: ['h:1', 'h:2'], out: 'h:3' }],
  recover: [
    { source: { sealed: 'h:1' }, private_key: 'h:2', private_key_passphrase_file: 'h:3', passphrase_file: 'h:4', out: 'h:5' },
    { source: { ciphertext: 'h:1' }, private_key: 'h:2', out: 'h:3' },
    { source: { sealed: 'h:1' }, private_key: 'h:2', plan: 'h:3', bip39_passphrase_file: 'h:4', password_file: 'h:5', out: 'h:6' },
    { packages: ['h:1', 'h:2'], openpgp_key: 'h:3', openpgp_passphrase_file: 'h:4', out: 'h:5' },
  ],
  'recover.folder': [
    {
      in: 'h:1',
      private_key: 'h:2',
      private_key_passphrase_file: 'h:3',
      passphrase_file: 'h:4',
      plan: 'h:5',
      bip39_passphrase_file: 'h:6',
      password_file: 'h:7',
      out: 'h:8',
    },
  ],
  'recovery.key': [{ name: 'vault', passphrase_file: 'h:1', out_public: 'h:2', out_private: 'h:3' }],
  'ceremony.request-key': [{ ceremony: ID, type: 'curve25519', passphrase: 'x', out_private: 'h:1', folder: 'h:2' }],
  'ceremony.request-played': [{ ceremony: ID, folder: 'h:1' }],
  'ceremony.packages': [{ ceremony: ID, packages: ['h:1', 'h:2'], openpgp_key: 'h:3', passphrase: null }],
  'ceremony.get-back': [{ ceremony: ID, openpgp_passphrase: null, key_passphrase: null, passphrase: null, folder: 'h:1' }],
  'passphrase.new': [{ words: 6, out: 'h:1' }],
  'passphrase.card': [{ words: 6, out: 'h:1', paper: 'a4' }],
  'plan.new': [{ out: 'h:1', from: 'h:2' }],
  'plan.check': [{ file: 'h:1' }],
  'plan.open': [{ file: 'h:1' }],
  'plan.wallets': [{ from: 'h:1' }],
  'plan.save': [{ plan: { plan: 1, title: '', environment: '', account: '', people: [], policy: null, wallets: [] }, out: 'h:1' }],
  'plan.read': [{ file: 'h:1' }],
  'plan.approve': [
    {
      file: 'h:1',
      plan_sha256: 'a'.repeat(64),
      people: [
        { name: 'Ann', initials: 'AB' },
        { name: 'Ben', initials: 'BC' },
      ],
    },
  ],
  'plan.sheet': [{ file: 'h:1', out: 'h:2' }],
  inspect: [{ in: 'h:1', bip39_passphrase_file: 'h:2', password_file: 'h:3' }],
  'ledger.export': [{ out: 'h:1' }],
  'ledger.rebuild': [{ from: 'h:1' }],
  'ceremony.choose': [
    { ceremony: ID, files: ['h:1'] },
    { ceremony: ID, files: [], folder: 'h:1' },
  ],
  'ceremony.escalation-report': [{ ceremony: '1', out: 'h:1' }],
  'ceremony.report': [{ ceremony: '1', out: 'h:1', pdf: 'h:2' }],
  'ceremony.report-save': [{ ceremony: '1', folder: 'h:1', paper: 'a4' }],
  'ceremony.script': [{ script: 'rehearsal', environment: 'rehearsal', out: 'h:1', plan: 'h:2' }],
  'ceremony.check': [{ file: 'h:1', pdf: 'h:2' }],
  'ceremony.save': [{ ceremony: ID, folder: 'h:1' }],
  rehearse: [{ in: 'h:1', plan: 'h:2', bip39_passphrase_file: 'h:3', password_file: 'h:4' }],
  'ceremony.begin': [{ script: 'backup', environment: 'rehearsal', plan: 'h:1' }],
};

const pathOf = (handle: string): string => {
  if (!handle.startsWith('h:')) throw inputError('handle-unknown', 'unknown');
  return `/path/${handle.slice(2)}`;
};

/** How many places of a schema are a path's, as its JSON form says it. */
function placesIn(json: unknown): number {
  if (Array.isArray(json)) return json.reduce<number>((sum, one) => sum + placesIn(one), 0);
  if (typeof json !== 'object' || json === null) return 0;
  const own = 'path' in json && (json.path === 'input' || json.path === 'output') ? 1 : 0;
  return Object.values(json).reduce<number>((sum, one) => sum + placesIn(one), own);
}

const textOf = (value: unknown): string => JSON.stringify(value);

describe('every operation', () => {
  it('that takes a path is among these, with every place that takes one', () => {
    for (const name of Object.keys(OPERATIONS) as OperationName[]) {
      const places = placesIn(z.toJSONSchema(OPERATIONS[name].input, { io: 'input' }));
      const used = new Set((INPUTS[name] ?? []).flatMap((input) => placesOf(input)));
      expect([name, used.size]).toEqual([name, places]);
    }
  });

  it.each(Object.keys(INPUTS) as OperationName[])('%s gets paths for handles, and nothing else changes', (name) => {
    for (const input of INPUTS[name] ?? []) {
      const schema = OPERATIONS[name].input;
      const replaced = replaceHandles(schema, input, pathOf);
      expect(textOf(replaced)).toBe(textOf(input).replaceAll('"h:', '"/path/'));
      expect(schema.safeParse(replaced).success).toBe(true);
    }
  });

  it.each(Object.keys(INPUTS) as OperationName[])('%s is not given a path that the page names', (name) => {
    for (const input of INPUTS[name] ?? []) {
      for (const handle of new Set(textOf(input).match(/h:\d/g))) {
        const named: unknown = JSON.parse(textOf(input).replace(`"${handle}"`, '"/etc/passwd"'));
        expect(() => replaceHandles(OPERATIONS[name].input, named, pathOf)).toThrow(expect.objectContaining({ code: 'handle-unknown' }));
      }
    }
  });

  it('refuses or never sees a path where something of another type is sent', () => {
    for (const [name, inputs] of Object.entries(INPUTS) as [OperationName, object[]][]) {
      for (const input of inputs) {
        for (const other of ['null', '5', '{}', '["/etc/passwd"]', '{"jwks":"/etc/passwd"}', '[["/etc/passwd"]]']) {
          const sent: unknown = JSON.parse(textOf(input).replace('"h:1"', other));
          let replaced: unknown;
          try {
            replaced = replaceHandles(OPERATIONS[name].input, sent, pathOf);
          } catch {
            continue;
          }
          expect([name, other, OPERATIONS[name].input.safeParse(replaced).success]).toEqual([name, other, false]);
        }
      }
    }
  });
});

/** The places in an input, by member names; the items of a list are one place. */
function placesOf(value: unknown, at = ''): string[] {
  if (value === 'h:1' || (typeof value === 'string' && value.startsWith('h:'))) return [at];
  if (Array.isArray(value)) return value.flatMap((one) => placesOf(one, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [];
  const form = Object.keys(value).includes('recheck') ? 'recheck' : '';
  return Object.entries(value).flatMap(([name, one]) => placesOf(one, `${form}${at}.${name}`));
}

describe('replacing', () => {
  const path = z.string().min(1).meta({ path: 'input' });
  const replace = (schema: z.ZodType, input: unknown) => replaceHandles(schema, input, pathOf);

  it('goes through optionals, nullables, defaults, lists and both kinds of union', () => {
    expect(replace(path.optional(), undefined)).toBeUndefined();
    expect(replace(path.nullable(), null)).toBeNull();
    expect(replace(path.default('x'), 'h:1')).toBe('/path/1');
    expect(replace(z.array(z.array(path.nullable())), [['h:1', null], []])).toEqual([['/path/1', null], []]);
    const tagged = z.discriminatedUnion('how', [
      z.strictObject({ how: z.literal('a'), at: path }),
      z.strictObject({ how: z.literal('b'), at: z.string() }),
    ]);
    expect(replace(tagged, { how: 'a', at: 'h:1' })).toEqual({ how: 'a', at: '/path/1' });
    expect(replace(tagged, { how: 'b', at: 'h:1' })).toEqual({ how: 'b', at: 'h:1' });
  });

  it('leaves a member alone that the schema does not know, whatever it is called', () => {
    const schema = z.object({ at: path });
    const input: unknown = JSON.parse('{"at":"h:1","other":"h:2","__proto__":{"at":"h:3"},"constructor":"h:4","toString":"h:5"}');
    const replaced = replace(schema, input);
    expect(textOf(replaced)).toBe('{"at":"/path/1","other":"h:2","__proto__":{"at":"h:3"},"constructor":"h:4","toString":"h:5"}');
    expect(Object.getPrototypeOf(replaced)).toBe(Object.prototype);
  });

  it('wants a handle where a path is needed', () => {
    for (const input of [undefined, null, 1, {}, ['h:1']]) {
      expect(() => replace(path, input)).toThrow(expect.objectContaining({ code: 'input-invalid' }));
    }
  });
});
