import type { Sha256 } from '../values/index.ts';
import { factTable } from './fact-table.ts';
import { drawFingerprint, FINGERPRINT_HEIGHT } from './fingerprint.ts';
import { loadFonts } from './fonts.ts';
import { frameOf } from './frame.ts';
import type { Piece } from './lines.ts';
import type { PaperSize } from './report.ts';
import { Sheet } from './sheet.ts';
import { BODY, HEAD, MONO_SMALL, QUIET, SMALL, STRONG, SUBTITLE } from './style.ts';
import { drawTable, heightOf, type Cell, type Table } from './table.ts';
import { WORDS } from './words.ts';

/** What a plan says on paper. `digest` is that of the plan's own form, which people read aloud; the page adds nothing to it. */
export type PlanForm = {
  readonly title: string;
  readonly environment: string;
  readonly account: string;
  readonly digest: Sha256;
  /** Null: the station's own. */
  readonly policyDigest: Sha256 | null;
  readonly people: readonly { readonly name: string; readonly role: string }[];
  readonly wallets: readonly {
    readonly user_identifier: string;
    readonly key_environment: string;
    readonly customer_id: string | null;
    readonly customer_name: string | null;
    readonly package_id: string | null;
    readonly package_name: string | null;
    readonly items: readonly {
      readonly name: string;
      readonly kind: string;
      readonly identifier: { readonly type: string; readonly path: string | null; readonly value: string } | null;
      readonly bip39_passphrase: boolean;
      readonly size_bytes: { readonly min: number; readonly max: number } | null;
      readonly mode: string;
    }[];
  }[];
  readonly paper: PaperSize;
  readonly version: string;
};

const SAY = WORDS.plan;
/** High enough for a pen, and low enough for four people, three wallets and the digest on one page. */
const BOX = 19;
/** A paper copy holds no time: the properties want one, and this says plainly that it is none. */
const NO_TIME = new Date(0);

/** The plan on paper. See {@link renderPlan} in `index.ts`. */
export async function printPlan(form: PlanForm): Promise<Buffer> {
  const sheet = new Sheet(
    loadFonts(),
    { paper: form.paper, title: SAY.documentTitle(form.title), digest: form.digest, createdAt: NO_TIME },
    frameOf({ environment: form.environment, name: SAY.name(form.title), digestLabel: SAY.digest, digest: form.digest }),
  );
  sheet.heading(1, SAY.title, 0);
  sheet.paragraph(SAY.subtitle(form.title, form.version), SUBTITLE);
  sheet.gap(4);
  drawTable(sheet, facts(form));
  sheet.heading(2, SAY.digest, FINGERPRINT_HEIGHT);
  drawFingerprint(sheet, form.digest, SAY.theDigest);
  drawPeople(sheet, form);
  drawWallets(sheet, form);
  return await sheet.finish();
}

function facts({ environment, account, policyDigest, people, wallets }: PlanForm): Table {
  const items = wallets.reduce((sum, wallet) => sum + wallet.items.length, 0);
  const say = SAY.facts;
  return factTable([
    [say.environment, environment === 'rehearsal' ? say.of(environment, account) : say.rehearsed(say.of(environment, account))],
    [say.policy, policyDigest === null ? say.stationPolicy : say.policyDigest(policyDigest)],
    [
      say.extent,
      [WORDS.count(people.length, 'person', 'people'), WORDS.count(wallets.length, 'wallet'), WORDS.count(items, 'item')].join(', '),
    ],
  ]);
}

function drawPeople(sheet: Sheet, { people }: PlanForm): void {
  const [name, role, initials, date, again] = SAY.peopleColumns;
  const table: Table = {
    columns: [
      { title: name },
      { title: role, width: 84 },
      { title: initials, width: 70 },
      { title: date, width: 84 },
      { title: again, width: 92 },
    ],
    heads: 'columns',
    boxesOf: BOX,
    rows: people.map((one): Cell[] => [[{ text: one.name, style: STRONG }], [{ text: WORDS.role(one.role), style: BODY }], [], [], []]),
  };
  sheet.heading(2, SAY.people, 30 + heightOf(sheet, table, 2));
  sheet.paragraph(SAY.peopleSay, QUIET);
  sheet.gap(4);
  drawTable(sheet, table);
}

/** One row for each item; what is said of the wallet stands in its first. */
function drawWallets(sheet: Sheet, { wallets }: PlanForm): void {
  const [wallet, item, proof, size] = SAY.walletColumns;
  const table: Table = {
    columns: [{ title: wallet, width: 116 }, { title: item, width: 76 }, { title: proof }, { title: size, width: 86 }],
    heads: 'columns',
    rows: wallets.flatMap((one) =>
      one.items.map((each, at): Cell[] => [
        at === 0 ? walletCell(one) : [{ text: one.user_identifier, style: SMALL }],
        [
          { text: each.name, style: STRONG },
          { text: each.kind, style: SMALL },
        ],
        proofCell(each),
        [
          { text: each.size_bytes === null ? SAY.anySize : SAY.size(each.size_bytes.min, each.size_bytes.max), style: SMALL },
          { text: each.mode, style: SMALL },
        ],
      ]),
    ),
  };
  sheet.heading(2, SAY.wallets, heightOf(sheet, table, 2));
  drawTable(sheet, table);
}

function walletCell(wallet: PlanForm['wallets'][number]): Piece[] {
  const { customer_id: customer, package_id: itsPackage } = wallet;
  return [
    { text: wallet.user_identifier, style: STRONG },
    { text: SAY.keptAs(wallet.key_environment), style: HEAD },
    ...(customer === null ? [] : [{ text: SAY.customer(customer, wallet.customer_name), style: SMALL }]),
    ...(itsPackage === null ? [] : [{ text: SAY.package(itsPackage, wallet.package_name), style: SMALL }]),
  ];
}

function proofCell({ identifier, bip39_passphrase: withPassphrase }: PlanForm['wallets'][number]['items'][number]): Piece[] {
  if (identifier === null) return [{ text: SAY.noIdentifier, style: SMALL }];
  return [
    {
      text: [identifier.type, identifier.path, withPassphrase ? SAY.passphrase : null].filter((part) => part !== null).join(' '),
      style: SMALL,
    },
    { text: identifier.value, style: MONO_SMALL },
  ];
}
