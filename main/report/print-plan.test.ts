import { describe, expect, it } from 'vitest';
import { sha256 } from '../values/index.ts';
import { renderPlan, type PlanForm } from './index.ts';
import { pageTexts, poppler, POPPLER, taggedTexts } from './poppler.fixture.ts';

const form = (wallets: number, changes: Partial<PlanForm> = {}): PlanForm => ({
  title: 'Nguyễn & Žofie <both>',
  environment: 'production',
  account: 'partner',
  digest: sha256('a plan'),
  policyDigest: sha256('a policy'),
  people: ['administrator', 'witness', 'operator', 'auditor'].map((role, at) => ({ name: `Person ${at.toString()}`, role })),
  wallets: Array.from({ length: wallets }, (_, at) => ({
    user_identifier: `wallet-${at.toString().padStart(4, '0')}`,
    key_environment: at % 2 === 0 ? 'COLD' : 'HOT',
    customer_id: `c-${at.toString()}`,
    customer_name: at % 3 === 0 ? null : `Customer ${at.toString()}`,
    package_id: null,
    package_name: null,
    items: [
      {
        name: `seed-${at.toString()}.txt`,
        kind: 'bip39',
        identifier: { type: 'xpub', path: "m/44'/0'/0'", value: `xpub${'6BosfCnifzxcFwrSzQiqu2DBVTshkC'.repeat(3)}${at.toString()}` },
        bip39_passphrase: true,
        size_bytes: { min: 1000, max: 2000 },
        mode: 'envelope+passphrase',
      },
      { name: `notes-${at.toString()}`, kind: 'opaque', identifier: null, bip39_passphrase: false, size_bytes: null, mode: 'envelope' },
    ],
  })),
  paper: 'a4',
  version: '0.1.0',
  ...changes,
});

describe('the bytes of a plan’s sheet', () => {
  it('are the same each time, hold no time of their own, and others for another plan', async () => {
    const pdf = await renderPlan(form(2));
    expect((await renderPlan(form(2))).equals(pdf)).toBe(true);
    expect([...pdf.toString('latin1').matchAll(/D:\d{14}Z/g)].map(String)).toEqual(['D:19700101000000Z']);
    expect((await renderPlan(form(2, { digest: sha256('another') }))).equals(pdf)).toBe(false);
  });
});

describe.skipIf(!POPPLER)('a plan’s sheet, read by poppler', () => {
  it('loses nothing of 200 wallets, and says the digest on every page', async () => {
    const given = form(200);
    const pdf = await renderPlan(given);
    const bare = new Set(
      taggedTexts(pdf)
        .flatMap(({ text }) => text.split('\n'))
        .map((text) => text.replaceAll(/\s/g, '')),
    );
    const whole = [...bare].join('\n');
    for (const { user_identifier: user, customer_name: customer, items } of given.wallets) {
      expect(whole).toContain(user);
      if (customer !== null) expect(whole).toContain(customer.replaceAll(' ', ''));
      for (const { name, identifier } of items)
        expect([whole.includes(name), identifier === null || whole.replaceAll('\n', '').includes(identifier.value)]).toEqual([true, true]);
    }
    const pages = pageTexts(pdf);
    expect(pages.length).toBeGreaterThan(10);
    for (const page of pages) expect(page).toContain(given.digest.slice(0, 4));
  });

  it('has empty boxes for each person’s initials, then and at the start', async () => {
    const tags = taggedTexts(await renderPlan(form(1)));
    expect(tags.filter(({ tag, text }) => tag === 'TH' && /Initials|Date/.test(text)).map(({ text }) => text)).toEqual([
      'Initials',
      'Date (UTC)',
      'Initials at the start',
    ]);
    expect(tags.filter(({ tag, text }) => tag === 'TD' && text === '')).toHaveLength(4 * 3);
  });

  it.each([
    ['a4', '595.28 x 841.89 pts (A4)'],
    ['letter', '612 x 792 pts (letter)'],
  ] as const)('is tagged, on %s, and of one page for three wallets', async (paper, size) => {
    const short = form(3, { paper });
    const wallets = short.wallets.map((wallet) => ({ ...wallet, customer_id: null, items: wallet.items.slice(1) }));
    const info = poppler('pdfinfo', await renderPlan({ ...short, wallets }), 'FILE');
    expect(info).toContain(size);
    expect(info).toMatch(/^Tagged: +yes$/m);
    expect(info).toMatch(/^Pages: +1$/m);
  });

  it('says REHEARSAL on every page of a rehearsal', async () => {
    for (const page of pageTexts(await renderPlan(form(20, { environment: 'rehearsal' }))))
      expect(page).toContain('REHEARSAL · nothing here is real custody');
  });
});
