import '../../../test/cheap-scrypt.mjs';
import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authority } from '../../../test/network/certificates.ts';
import { FaultProxy } from '../../../test/network/fault-proxy.ts';
import { StandIn } from '../../rehearsal/index.ts';
import { TestStation } from '../station/test-station.fixture.ts';

const KEY = createPrivateKey(readFileSync(new URL('../../../test/vectors/rsa4096-a.key.pem', import.meta.url), 'utf8'));
const WALLET = { user_identifier: 'wallet-1', key_environment: 'COLD', customer_id: null, customer_name: null };
const ITEM = { name: 'export.bin', kind: 'opaque', identifier: null, bip39_passphrase: false, size_bytes: null, mode: 'direct' };
const PLAN = {
  plan: 1,
  title: 'Where keys count',
  environment: 'production',
  account: 'institution',
  people: [
    { name: 'Ann Archer', role: 'administrator' },
    { name: 'Wim Wouters', role: 'witness' },
  ],
  policy: null,
  wallets: [{ ...WALLET, package_id: null, package_name: null, items: [ITEM, { ...ITEM, name: 'other.bin' }] }],
};

/** Production in everything but who answers: a stand-in behind TLS, under an authority that the station was given. */
describe('sealing by a plan at the command line, for a key of production', () => {
  const station = new TestStation();
  const standIn = new StandIn(station.clock, {
    keyPool: { prepare: () => undefined, stop: () => undefined, take: () => Promise.resolve(KEY) },
  });
  let proxy: FaultProxy;
  let digest = '';
  const write = (name: string, content: string): string => {
    writeFileSync(station.path(name), content);
    return station.path(name);
  };
  const seal = async (name: string, more: Record<string, unknown> = {}) => {
    const [key, plan] = [station.path('keypack.json'), station.path('treasury.plan.json')];
    const out = station.path(`${name}.sealed.json`);
    const { problems } = await station.run('seal', { key, in: station.path(name), out, plan, ...more });
    return { went: problems.map(({ family, code }) => [family, code]), isSealed: existsSync(out) };
  };

  beforeAll(async () => {
    const authority = new Authority('authority of the tests');
    const at = await standIn.listen();
    proxy = new FaultProxy(at.port, authority.context());
    await proxy.listen();
    write('passphrase', 'a passphrase of this test\n');
    await station.must('init', { role: 'single', keychain: 'file' });
    const environment = 'production';
    await station.must('environment.set', { name: environment, api: proxy.api, jwks: proxy.jwks, ca: write('ca.pem', authority.pem) });
    await station.must('login', { environment, token: at.token });
    const { output } = await station.run('trust.add', { environment, source: 'fetch' });
    const [signer] = output?.['confirm'] as { fingerprint: string }[];
    await station.must('trust.add', { environment, source: 'fetch', fingerprint: signer?.fingerprint });
    await station.must('trust.add', { environment, account_id: at.accountId });
    await station.must('assign', { environment, user: 'wallet-1', key_environment: 'COLD', out: station.path('keypack.json') });
    for (const { name } of PLAN.wallets[0]?.items ?? []) write(name, `the bytes of ${name}`);
    digest = String((await station.must('plan.check', { file: write('treasury.plan.json', JSON.stringify(PLAN)) }))['digest']);
  });
  afterAll(async () => {
    await Promise.all([proxy.close(), standIn.close(), station.close()]);
  });

  it('of a plan that nobody approved, nothing is sealed without the digest', async () => {
    expect(await seal('export.bin')).toEqual({ went: [['input', 'plan-not-approved']], isSealed: false });
    expect(await seal('export.bin', { plan_digest: 'f'.repeat(64) })).toEqual({ went: [['check', 'plan-changed']], isSealed: false });
    expect(await seal('export.bin', { plan_digest: digest })).toEqual({ went: [], isSealed: true });
  });

  it('a plan that its people approved on this station is sealed by, and no other of its name', async () => {
    const people = PLAN.people.map(({ name }) => ({ name, initials: name.replace(/[^A-Z]/g, '') }));
    await station.must('plan.approve', { file: station.path('treasury.plan.json'), plan_sha256: digest, people });
    write('treasury.plan.json', JSON.stringify({ ...PLAN, title: 'Another' }));
    expect(await seal('other.bin')).toEqual({ went: [['input', 'plan-not-approved']], isSealed: false });
    write('treasury.plan.json', JSON.stringify(PLAN));
    expect(await seal('other.bin')).toEqual({ went: [], isSealed: true });
  });
});
