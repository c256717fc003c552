import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const MAIN = join(import.meta.dirname, '../../main');
const MAKERS: Readonly<Record<string, string>> = {
  inputError: 'input',
  checkError: 'check',
  serviceError: 'service',
  unreachableError: 'unreachable',
};

/** Functions of main that make an error from a code they are given; the file, and the family of what they make. */
const FORWARDERS: Readonly<Record<string, string>> = {
  'attestation/binding.ts refusal': 'check',
  'attestation/good-key.ts weak': 'check',
  'attestation/jwks.ts refusal': 'check',
  'report/check.ts finding': 'check',
};

/** The one code that is computed from a table's keys: `service-NNN` for each status that the table knows. */
const FROM_TABLE = {
  place: 'coincover/post-problem.ts `service-${status.toString()}`',
  file: 'coincover/post-problem.ts',
  table: 'REFUSALS',
};

/** Codes that are computed, as they stand in main, and what they come to. A new one has to be added here. */
const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  'operations/plan/planned-secret.ts departure.code': [
    'other-environment',
    'other-account',
    'other-policy',
    'person-left-out',
    'person-not-planned',
    'person-other-role',
    'wallet-not-planned',
    'wallet-left-out',
    'other-key-environment',
    'other-organisation',
    'item-left-out',
    'item-not-planned',
    'item-twice',
    'item-sealed-before',
    'other-kind',
    'not-valid',
    'other-size',
    'other-mode',
    'other-passphrase',
    'identifier-not-computed',
    'other-identifier',
  ],
  'operations/service/verify-check.ts `${kind}-invalid`': ['key-invalid', 'backup-invalid'],
  'operations/service/verify-check.ts `${kind}-check-unknown`': ['key-check-unknown', 'backup-check-unknown'],
  'operations/service/verify.ts `${kind}-unknown`': ['key-unknown', 'backup-unknown'],
};

/** Arguments that only hand on a code from elsewhere: from the forwarders above, from an error that is wrapped, from a report. */
const HANDED_ON: readonly string[] = [
  'attestation/binding.ts code',
  'attestation/good-key.ts code',
  'attestation/jwks.ts code',
  'attestation/exchange.ts refuse.code',
  'operations/service/assign-new.ts problem.code',
  'operations/service/assignment.ts error.code',
  'operations/documents/documents.ts error.code',
  'operations/report-problems.ts first.code',
  'operations/ledger/problem.ts code',
  'report/check.ts code',
  'report/check.ts error.code',
];

/** Files in which a code also stands as a member `code: '…'`, for one of those above. */
const WITH_MEMBERS: Readonly<Record<string, string>> = {
  'attestation/exchange.ts': 'check',
  'ledger/check.ts': 'check',
  'ledger/chain-walk.ts': 'check',
  'ledger/compare-state.ts': 'check',
  'ledger/replay.ts': 'check',
  'operations/ceremony/check.ts': 'check',
};

type Codes = { codes: Set<string>; ofFamily: (family: string) => Set<string>; unresolved: string[] };

/** Every stable error code in main's sources, by reading them. `unresolved` is what this reader does not understand. */
export function collectCodes(): Codes {
  const families = new Map<string, Set<string>>();
  const unresolved: string[] = [];
  const add = (family: string, code: string): void => {
    families.set(family, (families.get(family) ?? new Set()).add(code));
  };
  for (const file of mainFiles()) {
    const source = ts.createSourceFile(file, readFileSync(join(MAIN, file), 'utf8'), ts.ScriptTarget.Latest, true);
    const take = (family: string, argument: ts.Expression | undefined): void => {
      if (argument === undefined) return;
      if (ts.isStringLiteralLike(argument)) {
        add(family, argument.text);
      } else if (ts.isConditionalExpression(argument)) {
        take(family, argument.whenTrue);
        take(family, argument.whenFalse);
      } else {
        const place = `${file} ${argument.getText()}`;
        for (const code of COMPUTED[place] ?? []) add(family, code);
        if (!Object.hasOwn(COMPUTED, place) && !HANDED_ON.includes(place) && place !== FROM_TABLE.place) unresolved.push(place);
      }
    };
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
        const family = MAKERS[node.expression.text] ?? FORWARDERS[`${file} ${node.expression.text}`];
        if (family !== undefined) take(family, node.arguments[0]);
      } else if (ts.isNewExpression(node) && node.expression.getText() === 'ColdroomError') {
        const family = node.arguments?.[0];
        take(family !== undefined && ts.isStringLiteralLike(family) ? family.text : 'handed-on', node.arguments?.[1]);
      } else if (ts.isPropertyAssignment(node) && node.name.getText() === 'code' && ts.isStringLiteralLike(node.initializer)) {
        const family = WITH_MEMBERS[file];
        if (family !== undefined) add(family, node.initializer.text);
      }
      if (file === FROM_TABLE.file && ts.isVariableDeclaration(node) && node.name.getText() === FROM_TABLE.table) {
        for (const status of membersOf(node.initializer)) add('service', `service-${status}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  const codes = new Set([...families.values()].flatMap((one) => [...one]));
  return { codes, ofFamily: (family) => families.get(family) ?? new Set(), unresolved };
}

function membersOf(table: ts.Expression | undefined): string[] {
  if (table === undefined || !ts.isObjectLiteralExpression(table)) return [];
  return table.properties.map((property) => property.name?.getText() ?? '');
}

function mainFiles(): string[] {
  return readdirSync(MAIN, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !/\.(?:test|fixture)\.ts$/.test(file) && file !== 'values/error.ts')
    .toSorted();
}
