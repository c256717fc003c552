import { describe, expect, it } from 'vitest';
import { fingerprintWords, sha256 } from '../values/index.ts';
import { renderScript, type ScriptForm } from './index.ts';
import { pageTexts, poppler, POPPLER, taggedTexts } from './poppler.fixture.ts';

const form: ScriptForm = {
  script: 'cold: seal',
  title: 'Cold: seal & carry <both>',
  environment: 'production',
  paper: 'a4',
  people: [
    { name: 'Nguyễn Thị Hương', role: 'administrator' },
    { name: '', role: 'witness' },
  ],
  steps: Array.from({ length: 12 }, (_, at) => ({
    number: at + 1,
    id: `step-${at.toString()}`,
    title: `What is done ${(at + 1).toString()}`,
    text: ['The administrator reads each step aloud.', `Nothing is done alone. ${'Words that fill a line. '.repeat(at * 3)}`.trim()],
    roles: ['administrator', 'witness', ...(at === 3 ? ['auditor'] : [])],
  })),
  planDigest: null,
  version: '0.1.0',
};
const pdf = await renderScript(form);

describe('the bytes of a script', () => {
  it('are the same each time, and others for another script', async () => {
    expect((await renderScript({ ...form })).equals(pdf)).toBe(true);
    expect((await renderScript({ ...form, version: '0.1.1' })).equals(pdf)).toBe(false);
  });
  it('hold no time of their own', () => {
    expect([...pdf.toString('latin1').matchAll(/D:\d{14}Z/g)].map(String)).toEqual(['D:19700101000000Z']);
  });
});

describe.skipIf(!POPPLER)('a script of a planned ceremony', () => {
  it('bears the plan’s digest in words, and one without a plan bears none', async () => {
    const planned = await renderScript({ ...form, planDigest: sha256('a plan') });
    const words = fingerprintWords(sha256('a plan'));
    const textOf = (printed: Buffer) => taggedTexts(printed).map(({ text }) => text.trim());
    const told = textOf(planned).join(' ');
    for (const [at, word] of words.entries()) expect(told).toContain(`${(at + 1).toString()} ${word}`);
    expect(textOf(pdf)).not.toContain('Plan');
  });
});

describe.skipIf(!POPPLER)('a script, read by poppler', () => {
  const tags = POPPLER ? taggedTexts(pdf) : [];

  it('says what each step does, and who signs it', () => {
    expect(tags.filter(({ tag }) => tag === 'H3').map(({ text }) => text)).toEqual(
      form.steps.map(({ number, title }) => `Step ${number.toString()} · ${title}`),
    );
    const bare = new Set(tags.map(({ text }) => text.replaceAll(/\s/g, '')));
    for (const { text } of form.steps) for (const one of text) expect(bare).toContain(one.replaceAll(/\s/g, ''));
    // Once among the people, once among the signatures, once for each step.
    const cells = tags.filter(({ tag }) => tag === 'TD').map(({ text }) => text);
    expect(cells.filter((text) => text === 'Administrator').length).toBe(form.steps.length + 2);
    expect(cells.filter((text) => text === 'Auditor').length).toBe(1);
  });

  it('has boxes for initials, time and remarks, for exceptions and for signatures', () => {
    const heads = tags.filter(({ tag }) => tag === 'TH').map(({ text }) => text);
    for (const head of ['Time (UTC)', 'Remarks'])
      expect(heads.filter((text) => text === head).length).toBeGreaterThanOrEqual(form.steps.length);
    for (const head of ['What happened', 'Signature', 'Date']) expect(heads).toContain(head);
    expect(tags.filter(({ tag, text }) => tag === 'TD' && text === '').length).toBeGreaterThan(form.steps.length * 6);
  });

  it('parts no step from its boxes', () => {
    const pages = pageTexts(pdf).map((text) => text.replaceAll(/\s+/g, ' '));
    for (const { number } of form.steps) {
      const page = pages.find((text) => text.includes(`Step ${number.toString()} · `)) ?? '';
      const after = page.slice(page.indexOf(`Step ${number.toString()} · `));
      expect(after).toMatch(/^Step (?:(?!Step ).)*Role Initials Time \(UTC\) Remarks Administrator Witness/);
    }
  });

  it.each([
    ['a4', '595.28 x 841.89 pts (A4)'],
    ['letter', '612 x 792 pts (letter)'],
  ] as const)('is tagged and on %s', async (paper, size) => {
    const info = poppler('pdfinfo', await renderScript({ ...form, paper }), 'FILE');
    expect(info).toContain(size);
    expect(info).toMatch(/^Tagged: +yes$/m);
    expect(info).toMatch(/^Title: +Coldroom ceremony script: Cold: seal +carry +both *$/m);
  });

  it('says REHEARSAL on every page of a rehearsal', async () => {
    for (const page of pageTexts(await renderScript({ ...form, environment: 'rehearsal' })))
      expect(page).toContain('REHEARSAL · nothing here is real custody');
  });
});
