import './cheap-scrypt.mjs';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HDKey } from '@scure/bip32';
import { Address, p2wpkh } from '@scure/btc-signer/payment.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAN_MEMBERS, type Plan } from '../main/plan/index.ts';
import { coldroom, TestStation } from './command-line.ts';
import known from './vectors/identifiers.json' with { type: 'json' };

const docs = readFileSync(join(import.meta.dirname, '../docs/plan.md'), 'utf8');
/** The first block of this language in docs/plan.md. */
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\n\`\`\``).exec(docs)?.[1] ?? '';
const station = new TestStation();
const plan = (name: string): Plan => JSON.parse(readFileSync(station.path(name), 'utf8')) as Plan;
const write = (name: string, value: unknown): void => void station.write(name, `${JSON.stringify(value, null, 2)}\n`);
type Told = { code: string; place: string; message: string }[];
const findings = (out: Record<string, unknown>): string[] => (out['findings'] as Told).map(({ code, place }) => `${code} ${place}`);
const pages = (name: string): number =>
  Number(/^Pages: +(\d+)$/m.exec(execFileSync('pdfinfo', [station.path(name)], { encoding: 'utf8' }))?.[1]);
const textOf = (name: string): string => execFileSync('pdftotext', ['-layout', station.path(name), '-'], { encoding: 'utf8' });
/** A second reading of the digest: Python's own JSON, in the order of RFC 8785 for names in ASCII. */
const digestByPython = (name: string): string =>
  execFileSync(
    '/usr/bin/python3',
    [
      '-c',
      'import hashlib,json,sys; print(hashlib.sha256(json.dumps(json.load(open(sys.argv[1])),sort_keys=True,separators=(",",":"),ensure_ascii=False).encode()).hexdigest())',
      station.path(name),
    ],
    { encoding: 'utf8' },
  ).trim();

afterAll(() => {
  station.remove();
});

describe('a plan on the command line, without a station', () => {
  it('is written with a guide beside it, and every blank is named', async () => {
    const { out } = await station.must('plan new --out @new.plan.json');
    expect(out).toMatchObject({ file: station.path('new.plan.json'), guide: station.path('new.plan.txt'), wallets: 1, items: 1 });
    expect(readFileSync(station.path('new.plan.txt'), 'utf8')).toContain('wallets[].key_environment');
    const checked = await station.run('plan check @new.plan.json');
    expect([checked.code, checked.error?.code]).toEqual([2, 'plan-contradicts']);
    expect(checked.out).toMatchObject({ ok: false, digest: null, words: null });
    expect(checked.out['findings']).toEqual(out['findings']);
    expect(findings(checked.out)).toContain('plan-blank wallets[0].key_environment');
    const plain = await coldroom(['plan', 'check', station.path('new.plan.json')]);
    expect([plain.code, plain.stdout.includes('FAIL  wallets[0].key_environment: it is still blank')]).toEqual([2, true]);
  });

  it('is checked to the end where nobody reads what it says, as before `head`', () => {
    const command = '"$0" plan check "$1" | true; exit "${PIPESTATUS[0]}"';
    const shim = join(import.meta.dirname, '../app/cli/coldroom');
    const { status, stderr } = spawnSync('bash', ['-c', command, shim, station.path('new.plan.json')], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^coldroom: the plan has .* \[plan-contradicts\]\n {2}mend the plan.*\n$/)]);
  });

  it('is held against policies and modes as ceremonies and sealing have them', async () => {
    const treasury = JSON.parse(block('json')) as Plan;
    const [first] = treasury.wallets;
    const items = first?.items ?? [];
    const policy = plan('new.plan.json').policy;
    const told = async (changes: object): Promise<string[]> => {
      write('rules.plan.json', { ...treasury, ...changes });
      return findings((await station.run('plan check @rules.plan.json')).out);
    };
    const sized = (size: number, mode: string): object => ({
      wallets: [{ ...first, items: [{ ...items[1], size_bytes: { min: 1, max: size }, mode }] }],
    });
    expect(await told({ policy })).toEqual([]);
    expect(await told({ policy: { ...policy, people: { administrator: 1, operator: 1, witness: 2, auditor: 1 } } })).toEqual([
      'plan-too-few-people people',
    ]);
    expect(await told({ policy: { ...policy, network_gate: 'maybe' } })).toEqual(['plan-policy policy']);
    expect(await told({ policy: {} })).toEqual(['plan-policy policy']);
    expect(await told(sized(446, 'direct'))).toEqual([]);
    expect(await told(sized(447, 'direct'))).toEqual(['plan-mode-size wallets[0].items[0].mode']);
    expect(await told(sized(411, 'passphrase'))).toEqual(['plan-mode-size wallets[0].items[0].mode']);
    expect(await told(sized(10_485_760, 'envelope'))).toEqual(['plan-mode-size wallets[0].items[0].mode']);
  });

  it('overwrites nothing, and writes neither where one is in the way', async () => {
    station.write('there.plan.txt', 'mine');
    for (const [command, code] of [
      ['plan new --out @new.plan.json', 'output-exists'],
      ['plan new --out @there.plan.json', 'output-exists'],
      ['plan new', 'usage'],
      ['plan check', 'usage'],
      ['plan check @missing.json', 'file-missing'],
      ['plan check @there.plan.txt', 'plan-not-json'],
      ['plan sheet @new.plan.json --out @new.pdf', 'plan-contradicts'],
      ['plan sheet @new.plan.json --out @new.pdf --paper a3', 'input-invalid'],
    ] as const) {
      const run = await station.run(command);
      expect([command, run.code, run.error?.code]).toEqual([command, 2, code]);
    }
    expect(existsSync(station.path('there.plan.json'))).toBe(false);
    expect(existsSync(station.path('new.pdf'))).toBe(false);
    expect(readFileSync(station.path('there.plan.txt'), 'utf8')).toBe('mine');
  });
});

describe('docs/plan.md', () => {
  it('has a row for every member', () => {
    const rows = docs.replaceAll(/ +/g, ' ');
    for (const { member, holds, means } of PLAN_MEMBERS) expect(rows).toContain(`| \`${member}\` | ${holds} | ${means} |`);
  });

  describe('the small custodian', () => {
    beforeAll(() => {
      station.write('treasury.plan.json', block('json'));
    });

    it('has 3 wallets and 4 people, and nothing contradicts itself', async () => {
      expect([plan('treasury.plan.json').wallets.length, plan('treasury.plan.json').people.length]).toEqual([3, 4]);
      const { out } = await station.must('plan check @treasury.plan.json');
      expect(out).toMatchObject({ ok: true, findings: [], digest: digestByPython('treasury.plan.json') });
      expect((out['remarks'] as Told).map(({ code, place }) => `${code} ${place}`)).toEqual(['plan-opaque wallets[0].items[1].kind']);
      expect(out['words']).toHaveLength(32);
      const plain = await coldroom(['plan', 'check', station.path('treasury.plan.json')]);
      expect(plain.stdout).toContain('nothing in this plan contradicts itself');
      expect(plain.stdout).toContain(`digest ${String(out['digest'])}`);
    });

    it.each(['a4', 'letter'])('prints on one page of %s, with its digest, its people and its identifiers', async (paper) => {
      const { out } = await station.must(`plan sheet @treasury.plan.json --out @${paper}.pdf --paper ${paper}`);
      expect(out['digest']).toBe(digestByPython('treasury.plan.json'));
      expect(pages(`${paper}.pdf`)).toBe(1);
      const text = textOf(`${paper}.pdf`).replaceAll(/\s+/g, ' ');
      for (const { name } of plan('treasury.plan.json').people) expect(text).toContain(name);
      for (const told of [
        'treasury-btc',
        'Key kept COLD',
        'e5ddd654',
        'Initials',
        '(with its BIP-39 passphrase)',
        'Nothing: nobody will know',
      ]) {
        expect(text).toContain(told);
      }
      const words = (await station.must('plan check @treasury.plan.json')).out['words'] as string[];
      for (const word of words) expect(text).toContain(word);
    });

    it('whose secrets `inspect` finds to be the planned ones, and another’s not', async () => {
      const secretOf = (value: string): { secret: string; passphrase: string } => {
        const found = known.cases.find((one) => (one.identifiers ?? []).some((each) => each.value === value));
        if (found === undefined) throw new Error(`nobody knows ${value}`);
        return { secret: found.secret, passphrase: found.bip39_passphrase ?? '' };
      };
      const items = plan('treasury.plan.json').wallets.flatMap((wallet) => wallet.items);
      let compared = 0;
      for (const { name, kind, identifier, bip39_passphrase: withPassphrase, size_bytes: size } of items) {
        if (identifier === null) continue;
        const { secret, passphrase } = secretOf(identifier.value);
        station.write(name, `${secret}\n`);
        station.write('phrase.passphrase', passphrase);
        const at = identifier.path === null ? '' : `@${identifier.path}`;
        const asked = `inspect --in @${name} --kind ${kind} --identifier ${identifier.type}${at}${withPassphrase ? ' --bip39-passphrase-file @phrase.passphrase' : ''}`;
        expect((await station.must(asked)).out).toMatchObject({ kind, valid: true, identifiers: [identifier] });
        expect(size !== null && secret.length + 1 >= size.min && secret.length + 1 <= size.max).toBe(true);
        compared += 1;
        if (kind !== 'bip39') continue;
        const words = secret.split(' ');
        const last = words.at(-1) ?? '';
        station.write(
          name,
          `${words
            .with(-1, words[0] ?? '')
            .with(0, last)
            .join(' ')}\n`,
        );
        const swapped = await station.run(asked);
        const values = ((swapped.out['identifiers'] ?? []) as { value: string }[]).map(({ value }) => value);
        expect([swapped.code, values.includes(identifier.value)]).toEqual([swapped.out['valid'] === true ? 0 : 3, false]);
      }
      expect(compared).toBe(3);
    });
  });

  describe('the migration', () => {
    it('its three lines make two wallets with three items', async () => {
      station.write('example.csv', `${block('csv')}\n`);
      const { out } = await station.must('plan new --from @example.csv --out @example.plan.json');
      expect(out).toMatchObject({ wallets: 2, items: 3 });
      expect(findings(out)).toEqual(
        ['title', 'environment', 'account', 'people[0].name', 'people[1].name'].map((place) => `plan-blank ${place}`),
      );
    });

    it('of 200 wallets goes from the list to a plan, and a slip in the list is found in its place', async () => {
      const [header = ''] = block('csv').split('\n');
      const root = HDKey.fromMasterSeed(Buffer.alloc(32, 7));
      const address = (n: number): string => {
        const key = root.derive(`m/84'/0'/${n.toString()}'/0/0`).publicKey;
        return key === null ? '' : p2wpkh(key).address;
      };
      const lines = Array.from({ length: 200 }, (_, n) => {
        const name = (n + 1).toString().padStart(3, '0');
        return `wallet-${name},${n % 3 === 0 ? 'HOT' : 'COLD'},c-${(n % 7).toString()},Customer ${(n % 7).toString()},seed-${name}.txt,bip39,bitcoin-p2wpkh,m/84'/0'/${n.toString()}'/0/0,${address(n)},90,300,direct`;
      });
      expect(Address().decode(address(0)).type).toBe('wpkh');
      station.write('wallets.csv', `${[header, ...lines].join('\r\n')}\r\n`);
      const { out } = await station.must('plan new --from @wallets.csv --out @migration.plan.json');
      expect(out).toMatchObject({ wallets: 200, items: 200 });
      const draft = plan('migration.plan.json');
      const filled = {
        ...draft,
        title: 'Migration',
        environment: 'production',
        account: 'institution',
        people: plan('treasury.plan.json').people,
      };
      write('migration.plan.json', filled);
      const checked = await station.must('plan check @migration.plan.json');
      expect(checked.out).toMatchObject({ ok: true, findings: [], remarks: [], digest: digestByPython('migration.plan.json') });

      await station.must('plan sheet @migration.plan.json --out @migration.pdf');
      const text = textOf('migration.pdf');
      for (const { user_identifier: user } of draft.wallets) expect(text).toContain(user);
      expect(pages('migration.pdf')).toBeGreaterThan(5);
      expect(pages('migration.pdf')).toBeLessThan(25);

      station.write(
        'slips.csv',
        [
          header,
          ...lines.with(16, (lines[16] ?? '').replace('Customer 2', 'Customer Two')).with(199, (lines[199] ?? '').replace('bc1q', 'bc1p')),
        ].join('\n'),
      );
      await station.must('plan new --from @slips.csv --out @slips.plan.json');
      write('slips.plan.json', { ...filled, wallets: plan('slips.plan.json').wallets });
      const slips = await station.run('plan check @slips.plan.json');
      expect(slips.code).toBe(2);
      expect(findings(slips.out).toSorted()).toEqual([
        'plan-customer-two-names wallets[16].customer_name',
        'plan-identifier-value wallets[199].items[0].identifier.value',
      ]);
    });

    it('a list that is none is refused, and no plan is written', async () => {
      station.write('semicolons.csv', block('csv').replaceAll(',', ';'));
      station.write('short.csv', `${block('csv')}\nwallet-003`);
      station.write('size.csv', block('csv').replace(',90,96,', ',90,many,'));
      for (const [name, code] of [
        ['semicolons', 'wallets-csv-columns'],
        ['short', 'wallets-csv-form'],
        ['size', 'wallets-csv-value'],
      ] as const) {
        const run = await station.run(`plan new --from @${name}.csv --out @${name}.plan.json`);
        expect([run.code, run.error?.code]).toEqual([2, code]);
        expect(existsSync(station.path(`${name}.plan.json`))).toBe(false);
        expect(existsSync(station.path(`${name}.plan.txt`))).toBe(false);
      }
    });
  });
});
