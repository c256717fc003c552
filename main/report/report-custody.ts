import { drawSection, factTable } from './fact-table.ts';
import { drawFingerprint, FINGERPRINT_HEIGHT } from './fingerprint.ts';
import type { ReportBody } from './report.ts';
import type { Sheet } from './sheet.ts';
import { BODY, MONO, MONO_QUIET, MONO_SMALL, QUIET, SMALL, STRONG } from './style.ts';
import { drawTable, heightOf, type Table } from './table.ts';
import { WORDS } from './words.ts';

const SAY = WORDS.report;

/** The keys, whom people believed for them, and what was sealed. */
export function drawCustody(sheet: Sheet, { keys, signers, items }: ReportBody): void {
  const keyTables = keys.map(({ key_id: id, key_environment: kept }) =>
    factTable([
      [SAY.keyFacts.id, id, MONO],
      [SAY.keyFacts.kept, kept, STRONG],
    ]),
  );
  const needed = keyTables.map((table) => heightOf(sheet, table) + FINGERPRINT_HEIGHT + 8);
  sheet.heading(2, SAY.keys, 31 + (needed[0] ?? 0));
  if (keys.length === 0) sheet.paragraph(WORDS.none, BODY);
  for (const [at, { user_identifier: user, fingerprint }] of keys.entries()) {
    sheet.heading(3, SAY.keyOf(user), needed[at] ?? 0);
    if (keyTables[at]) drawTable(sheet, keyTables[at]);
    sheet.gap(8);
    drawFingerprint(sheet, fingerprint, SAY.aKey(user));
  }
  sheet.heading(2, SAY.signers, signers.length === 0 ? 0 : FINGERPRINT_HEIGHT + 20);
  sheet.paragraph(signers.length === 0 ? WORDS.none : SAY.signersSay, signers.length === 0 ? BODY : QUIET);
  for (const fingerprint of signers) {
    sheet.gap(7);
    drawFingerprint(sheet, fingerprint, SAY.aSigner);
  }
  drawSection(sheet, SAY.items, itemTable(items));
}

function itemTable(items: ReportBody['items']): Table {
  const [number, item, sealed, state, backup] = SAY.itemColumns;
  return {
    columns: [
      { title: number, width: 20 },
      { title: item },
      { title: sealed, width: 60 },
      { title: state, width: 58 },
      { title: backup, width: 152 },
    ],
    heads: 'columns',
    rows: items.map((one, at) => [
      [{ text: (at + 1).toString(), style: QUIET }],
      [
        { text: one.name, style: STRONG },
        { text: one.item_id, style: MONO_SMALL },
        { text: one.key_id, style: MONO_QUIET },
      ],
      [
        { text: one.mode, style: BODY },
        { text: SAY.bytes(one.size_bytes), style: SMALL },
      ],
      [
        { text: one.state, style: BODY },
        { text: one.last_check === null ? SAY.noCheck : SAY.lastCheck(WORDS.time(one.last_check)), style: SMALL },
      ],
      [
        one.backup_id === null ? { text: SAY.noBackup, style: SMALL } : { text: one.backup_id, style: MONO_SMALL },
        // In two halves, so that rows can be compared down the page.
        { text: one.ciphertext_sha256.slice(0, 32), style: MONO_QUIET },
        { text: one.ciphertext_sha256.slice(32), style: MONO_QUIET },
      ],
    ]),
  };
}
