import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { KINDS } from '../../content/index.ts';
import { planDigest, type PlanDraft } from '../../plan/index.ts';
import { isColdroomError } from '../../values/index.ts';
import { runOperation, type OutputOf } from '../index.ts';
import { withoutStation } from '../station/no-station.fixture.ts';
import type { OperationName } from '../operation-list.ts';

const folder = mkdtempSync(join(tmpdir(), 'coldroom-draft-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const at = (name: string): string => join(folder, name);
const run = async <Name extends OperationName>(name: Name, input: unknown): Promise<OutputOf<Name>> =>
  (await runOperation(name, withoutStation(folder), input)).output as OutputOf<Name>;
const codeOf = async (name: OperationName, input: unknown): Promise<string> => {
  try {
    await run(name, input);
  } catch (error) {
    return isColdroomError(error) ? error.code : String(error);
  }
  return 'nothing wrong';
};

const PLAN: PlanDraft = {
  plan: 1,
  title: 'Two seeds on /media/stick',
  environment: 'sandbox',
  account: 'institution',
  people: [
    { name: 'Ann Archer', role: 'administrator' },
    { name: 'Wim Wouters', role: 'witness' },
  ],
  policy: null,
  wallets: [
    {
      user_identifier: 'treasury',
      key_environment: 'COLD',
      customer_id: null,
      customer_name: null,
      package_id: null,
      package_name: null,
      items: [
        {
          name: 'seed.txt',
          kind: 'bip39',
          identifier: { type: 'master-fingerprint', path: 'm', value: 'b4e3f5ed' },
          bip39_passphrase: false,
          size_bytes: { min: 90, max: 96 },
          mode: 'direct',
        },
      ],
    },
  ],
};
const DIGEST = planDigest(PLAN as Parameters<typeof planDigest>[0]);

describe('a plan that is being filled in', () => {
  it('is judged as its file is', async () => {
    expect(await run('plan.judge', { plan: PLAN })).toMatchObject({ digest: DIGEST, findings: [], policy_sha256: null });
    const blank = { ...PLAN, title: null };
    const { findings, digest, words } = await run('plan.judge', { plan: blank });
    expect(findings.map(({ code, place }) => `${code} ${place}`)).toEqual(['plan-blank title']);
    expect([digest, words]).toEqual([null, null]);
  });

  it('is saved to a new file, finished or not, and opened again as it was', async () => {
    const saved = await run('plan.save', { plan: PLAN, out: at('a.plan.json') });
    expect(saved).toMatchObject({ file: at('a.plan.json'), digest: DIGEST });
    expect(await run('plan.open', { file: at('a.plan.json') })).toMatchObject({ plan: PLAN, lost: [], digest: DIGEST, findings: [] });
    expect((await run('plan.check', { file: at('a.plan.json') })).digest).toBe(DIGEST);
    const draft = { ...PLAN, environment: null, wallets: [] };
    await run('plan.save', { plan: draft, out: at('draft.plan.json') });
    expect(await run('plan.open', { file: at('draft.plan.json') })).toMatchObject({ plan: draft, lost: [], digest: null });
  });

  it('never overwrites a file', async () => {
    writeFileSync(at('there.plan.json'), 'something else');
    expect(await codeOf('plan.save', { plan: PLAN, out: at('there.plan.json') })).toBe('output-exists');
    expect(readFileSync(at('there.plan.json'), 'utf8')).toBe('something else');
  });

  it('gives no digest for a file that it cannot show whole', async () => {
    writeFileSync(at('more.plan.json'), JSON.stringify({ ...PLAN, remark: 'x' }));
    expect(await run('plan.open', { file: at('more.plan.json') })).toMatchObject({
      plan: PLAN,
      lost: ['remark'],
      digest: null,
      words: null,
    });
  });

  it('is opened from nothing but a plan', async () => {
    writeFileSync(at('text'), 'a text');
    writeFileSync(at('policy.json'), '{"coldroom":"policy/1"}');
    expect(await codeOf('plan.open', { file: at('text') })).toBe('plan-not-json');
    expect(await codeOf('plan.open', { file: at('policy.json') })).toBe('plan-not-ours');
  });

  it('takes wallets from a list, as the list has them', async () => {
    writeFileSync(at('w.csv'), 'user_identifier,key_environment,item_name,kind,mode\nw,cold,seed.txt,bip39,direct\n');
    const { wallets } = await run('plan.wallets', { from: at('w.csv') });
    expect(wallets).toMatchObject([{ user_identifier: 'w', key_environment: 'cold', items: [{ name: 'seed.txt', kind: 'bip39' }] }]);
    const { findings } = await run('plan.judge', { plan: { ...PLAN, wallets } });
    expect(findings.map(({ place }) => place)).toEqual(['wallets[0].key_environment']);
    writeFileSync(at('w.csv'), 'user_identifier\nw\n');
    expect(await codeOf('plan.wallets', { from: at('w.csv') })).toBe('wallets-csv-columns');
  });

  it('knows what proves each kind, and where', async () => {
    const { kinds } = await run('plan.kinds', {});
    expect(kinds.map(({ kind }) => kind)).toEqual([...KINDS]);
    const of = (name: string) => kinds.find(({ kind }) => kind === name);
    expect(of('bip39')?.identifiers).toContainEqual({ type: 'bitcoin-p2wpkh', path: "m/84'/0'/0'/0/0" });
    expect(of('hex-key')?.identifiers).toContainEqual({ type: 'ethereum', path: null });
    expect(of('opaque')).toEqual({ kind: 'opaque', identifiers: [], takes_bip39_passphrase: false });
    expect(kinds.filter((one) => one.takes_bip39_passphrase).map(({ kind }) => kind)).toEqual(['bip39']);
  });
});

describe('the sheet', () => {
  it('is printed of the plan that was shown, and of no other', async () => {
    await run('plan.save', { plan: { ...PLAN, title: 'Another' }, out: at('other.plan.json') });
    const input = { file: at('other.plan.json'), out: at('other.pdf'), digest: DIGEST };
    expect(await codeOf('plan.sheet', input)).toBe('plan-changed');
    expect(existsSync(at('other.pdf'))).toBe(false);
    const { digest } = await run('plan.check', { file: at('other.plan.json') });
    expect(await run('plan.sheet', { ...input, digest })).toMatchObject({ digest });
    expect(existsSync(at('other.pdf'))).toBe(true);
  });
});
