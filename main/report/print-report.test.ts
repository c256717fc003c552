import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintWords, type Sha256 } from '../values/index.ts';
import { renderReport, reportDigest } from './index.ts';
import { loadFonts } from './fonts.ts';
import { LineBreaker } from './lines.ts';
import { pageTexts, poppler, POPPLER, qrTexts, taggedTexts } from './poppler.fixture.ts';
import { reportFixture } from './report.fixture.ts';

const body = reportFixture();
const pdf = await renderReport(body, 'a4');
const breaker = new LineBreaker(loadFonts());
/** As a screen reader gets it: poppler has no space where a line ends. */
const bare = (text: string) => text.replaceAll(/\s/g, '');
const printed = (text: string) => bare(breaker.printable(text, 'sans'));
/** A report of few pages. */
const short = reportFixture({ steps: [], keys: [], signers: [] });
const [item] = body.items;
if (item === undefined) throw new Error('the fixture has no item');

describe('the bytes of a report', () => {
  it('are the same each time, and others for another paper or another report', async () => {
    expect((await renderReport(reportFixture(), 'a4')).equals(pdf)).toBe(true);
    expect((await renderReport(body, 'letter')).equals(pdf)).toBe(false);
    const other = await renderReport({ ...body, ceremony: { ...body.ceremony, number: 13 } }, 'a4');
    expect(idOf(other)).not.toBe(idOf(pdf));
  });
  it('hold the end of the ceremony as their date, and no other', () => {
    const text = pdf.toString('latin1');
    expect([...text.matchAll(/D:\d{14}Z/g)].map(String)).toEqual(['D:20260917095712Z']);
    expect(/CreateDate>([^<]+)</.exec(text)?.[1]).toBe('2026-09-17T09:57:12Z');
  });
});

const idOf = (bytes: Buffer) => /\/ID (\[[^\]]+\])/.exec(bytes.toString('latin1'))?.[1];

describe.skipIf(!POPPLER)('a report, read by poppler', () => {
  const tags = POPPLER ? taggedTexts(pdf) : [];
  const pages = POPPLER ? pageTexts(pdf) : [];

  it.each([
    ['a4', '595.28 x 841.89 pts (A4)'],
    ['letter', '612 x 792 pts (letter)'],
  ] as const)('on %s', async (paper, size) => {
    const info = poppler('pdfinfo', await renderReport(body, paper), 'FILE');
    expect(info).toContain(size);
    expect(info).toMatch(/^Title: +Coldroom ceremony report 12$/m);
    expect(info).toMatch(/^Tagged: +yes$/m);
    expect(info).toMatch(/^PDF version: +1\.7$/m);
  });

  it('says by person, step and exception that initials were given with a PIN, and not where none was', async () => {
    const [step, ...steps] = body.steps;
    const [exception] = body.exceptions;
    if (step === undefined || exception === undefined) throw new Error('the fixture has no step or exception');
    const backed = <One>(one: One) => ({ ...one, pin: true as const });
    const people = body.people.map((one, at) => (at === 0 ? backed(one) : one));
    const signed = step.signed.map((one, at) => (at === 0 ? backed(one) : one));
    const more = { people, steps: [{ ...step, signed }, ...steps], exceptions: [backed({ ...exception, initials: 'AB' })] };
    const texts = taggedTexts(await renderReport({ ...body, ...more }, 'a4')).map(({ text }) => bare(text));
    const told = (all: readonly string[]) => all.filter((text) => text.includes('withPIN')).length;
    expect([told(texts), told(tags.map(({ text }) => bare(text)))]).toEqual([3, 0]);
  });

  it('says every value of the record', () => {
    const all = tags.map(({ text }) => bare(text));
    const plainly = all.map(plain);
    const values = [...valuesOf({ ...body, ledger: { ...body.ledger, rows: [] } })];
    expect(values.length).toBeGreaterThan(150);
    for (const value of values)
      expect(
        plainly.some((text) => text.includes(value)),
        value,
      ).toBe(true);
    for (const text of [
      'Noplan:noplanwasfollowedinthisceremony.',
      'Thismachine’sclockis14secondsaheadofthewitness’s',
      '11of11stepssigned·2exceptions·1key·3sealeditems',
    ])
      expect(all).toContain(text);
  });

  it('gives digests in hex, in words and as codes that can be scanned', () => {
    const digest = reportDigest(body);
    const cells = tags.map(({ text }) => text.trim());
    for (const one of [digest, ...body.signers, ...body.keys.map(({ fingerprint }) => fingerprint)] as Sha256[]) {
      expect(cells.some((text) => bare(text) === one)).toBe(true);
      const numbered = fingerprintWords(one).map((word, at) => `${(at + 1).toString()} ${word}`);
      const start = numbered.length > 0 ? cells.indexOf(numbered[0] ?? '') : -1;
      expect(cells.filter((_, at) => at >= start && cells[at] !== '').slice(0, 32)).toEqual(numbered);
    }
    const from = pages.findIndex((text) => text.includes('Assigned keys')) + 1;
    expect(qrTexts(pdf, from).map((text) => text.toLowerCase())).toEqual([body.keys[0]?.fingerprint, body.signers[0], digest]);
  });

  it('is tagged: headings in order, tables with heads, codes with a text, nothing outside', () => {
    expect(tags[0]?.tag).toBe('Document');
    expect(tags.filter(({ tag }) => tag === 'H1').map(({ text }) => text)).toEqual(['Ceremony report 12']);
    expect(tags.filter(({ tag }) => tag === 'H2').map(({ text }) => text)).toEqual([
      'People', 'Policy and plan', 'Steps', 'Exceptions', 'Assigned keys', 'Enclave signing keys', 'Sealed items', 'Record', 'Digest and signatures',
    ]); // prettier-ignore
    expect(tags.filter(({ tag }) => tag === 'H3').length).toBe(body.steps.length + body.keys.length);
    const raw = pdf.toString('latin1');
    expect([...raw.matchAll(/\/Alt \(QR code of/g)].length).toBe(3);
    expect(raw).toContain('/Lang (en)');
    expect(raw).toContain('/DisplayDocTitle true');
    // Page numbers, bars and repeated heads are artifacts.
    expect(tags.some(({ text }) => /Page \d|PRODUCTION/.test(text))).toBe(false);
  });

  it('embeds every font, in part', () => {
    const fonts = poppler('pdffonts', pdf, 'FILE').trim().split('\n').slice(2);
    expect(fonts.length).toBe(3);
    for (const font of fonts) expect(font).toMatch(/^[A-Z]{6}\+(Inter|IBMPlexMono)\S+ .*Identity-H +yes yes yes/);
  });

  it('names itself, its digest and its place on every page', () => {
    const groups = (reportDigest(body).slice(0, 16).match(/.{4}/g) ?? []).join(' ');
    for (const [at, page] of pages.entries()) {
      expect(page).toContain('Ceremony report 12');
      expect(page).toContain('PRODUCTION');
      expect(page).toContain(`Report digest ${groups}`);
      expect(page).toContain(`Page ${(at + 1).toString()} of ${pages.length.toString()}`);
    }
  });

  it('says REHEARSAL on every page of a rehearsal', async () => {
    const rehearsal = await renderReport(
      { ...body, ceremony: { ...body.ceremony, environment: 'rehearsal', script: 'rehearsal' } },
      'letter',
    );
    const practised = pageTexts(rehearsal);
    expect(practised.length).toBe(pages.length);
    for (const page of practised) expect(page).toContain('REHEARSAL · nothing here is real custody');
    // The watermark is drawn and disturbs no text.
    expect(practised.join('')).not.toMatch(/^ *[RESAHL]{1,3}$/m);
    expect(qrTexts(rehearsal, practised.length).length).toBe(1);
  });

  it.each([
    ['closed', null, 'Closed. Nothing can be added to this ceremony.'],
    ['escalated', 'the signature did not hold', 'Stopped and escalated to CoinCover support.'],
    ['aborted', 'two people left', 'Aborted. The ceremony was not carried to its end.'],
  ] as const)('says in words that it was %s', async (state, reason, words) => {
    const texts = taggedTexts(await renderReport({ ...short, ceremony: { ...body.ceremony, state, reason } }, 'a4')).map(
      ({ text }) => text,
    );
    expect(texts).toContain(words);
    expect(texts.includes(`Reason: ${reason ?? ''}`)).toBe(reason !== null);
  });

  it('says of what is not there that there is none', async () => {
    const [first] = body.steps;
    if (first === undefined) throw new Error('the fixture has no step');
    const bareReport = reportFixture({
      policy: null, people: [], exceptions: [], keys: [], signers: [], items: [],
      steps: [{ ...first, checks: [], facts: [], signed: [] }],
      software: { version: '0.1.0', sha256: null },
      ceremony: { ...body.ceremony, state: 'aborted', host: null, place: null, clock_offset_seconds: null },
    }); // prettier-ignore
    const texts = taggedTexts(await renderReport(bareReport, 'a4')).map(({ text }) => text);
    expect(texts.filter((text) => text === 'None.').length).toBe(5);
    for (const text of ['No policy is recorded.', 'No clock was compared', 'Not recorded', 'Not signed.', 'None: it ran from its sources'])
      expect(texts).toContain(text);
  });

  it('holds a thousand items, and repeats the head of their table', async () => {
    const items = Array.from({ length: 1000 }, (_, at) => ({
      ...item,
      name: `wallet-${at.toString()}.seed`,
      backup_id: at % 3 === 0 ? null : item.backup_id,
    }));
    const long = await renderReport({ ...short, items }, 'letter');
    const all = pageTexts(long);
    const text = all.join('');
    for (const { name } of items) expect(text).toContain(` ${name} `);
    const withItems = all.filter((page) => / wallet-\d+\.seed .*direct/.test(page));
    expect(withItems.length).toBeGreaterThan(40);
    for (const page of withItems) expect(page).toMatch(/No\. +Item, its ID, its key’s ID +Sealed +State/);
  });

  it('wraps names of 500 characters and reasons longer than a page', async () => {
    const name = `${'Ž'.repeat(250)}${'W'.repeat(250)}`;
    const reason = Array.from({ length: 2000 }, (_, at) => `word${at.toString()}`).join(' ');
    const long = await renderReport(
      {
        ...body,
        people: [{ name, initials: 'ŽW', role: 'witness' }],
        exceptions: [{ at: body.ceremony.ended_at, step: 'seal', text: reason, initials: null }],
        items: [{ ...item, name, item_id: 'f'.repeat(500) }],
        ceremony: { ...body.ceremony, reason, place: name, environment: `custom ${name}` },
      },
      'a4',
    );
    const all = taggedTexts(long).map(({ text }) => bare(text));
    // The place, the person, the signature line; and the item.
    expect(all.filter((text) => text === name).length).toBe(3);
    expect(all.some((text) => text.startsWith(`${name}${'f'.repeat(500)}`))).toBe(true);
    expect(all).toContain(bare(reason));
    expect(all).toContain(`Reason:${bare(reason)}`);
    for (const { right, bottom } of boxesOf(long)) {
      expect(right).toBeLessThanOrEqual(595.28 - 53);
      expect(bottom).toBeLessThanOrEqual(841.89 - 20);
    }
  });

  it('prints or escapes whatever people write', async () => {
    const anything = fc.string({
      unit: fc.oneof(
        fc.constantFrom(' ', '-', 'ﬁ', 'ế', 'Я', 'ω', '\n', '\u202e', '中'),
        fc.integer({ min: 0x20, max: 0x2fff }).map((code) => String.fromCharCode(code)),
      ),
      minLength: 1,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { minLength: 60, maxLength: 60 }), async (texts) => {
        const exceptions = texts.slice(20).map((text) => ({ at: body.ceremony.ended_at, step: 'x', text, initials: null }));
        const people = texts.slice(0, 20).map((name) => ({ name, initials: 'x', role: 'witness' as const }));
        const all = new Set(taggedTexts(await renderReport({ ...short, exceptions, people }, 'a4')).map(({ text }) => bare(text)));
        for (const text of texts) expect(all).toContain(printed(text));
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});

/** Every value of a report that its printed form says as it is: not the names of steps and checks, nor what has words of its own. */
function* valuesOf(value: unknown): Generator<string> {
  if (typeof value === 'number') yield value >= 1000 ? value.toLocaleString('en-US') : Math.abs(value).toString();
  if (typeof value === 'string') yield plain(value.replace(/^(\d\S+)T(\d.+)Z$/, '$1 $2 UTC'));
  if (typeof value !== 'object' || value === null) return;
  for (const [name, one] of Object.entries(value)) {
    const hasWords =
      ['coldroom', 'result', 'kind', 'state'].includes(name) || (name === 'id' && !('begun_at' in value || 'public_key' in value));
    if (!hasWords) yield* valuesOf(one);
  }
}

/** `witness-clock` is printed as Witness clock. */
const plain = (text: string) => bare(text).replaceAll(/[-_]/g, '').toLowerCase();

/** Where poppler finds words, in points. */
function boxesOf(bytes: Buffer): { right: number; bottom: number }[] {
  const html = poppler('pdftotext', bytes, '-bbox', 'FILE', '-');
  const boxes = [...html.matchAll(/xMax="([\d.]+)" yMax="([\d.]+)"/g)].map(([, right, bottom]) => ({
    right: Number(right),
    bottom: Number(bottom),
  }));
  expect(boxes.length).toBeGreaterThan(2000);
  return boxes;
}
