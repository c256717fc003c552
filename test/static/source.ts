import ts from 'typescript';

/** One source file as a rule sees it. `path` is from the project's folder, with `/`. */
export type Source = { readonly path: string; readonly file: ts.SourceFile };

/** A rule that a computer can hold: what no source may say, and why. */
export type Rule = {
  readonly id: string;
  readonly why: string;
  /** The paths it looks at. */
  readonly where: RegExp;
  /** What is wrong with one node, or null. Asked for every node of every source. */
  readonly finds: (node: ts.Node, source: Source) => string | null;
};

export function parseSource(path: string, text: string): Source {
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return { path, file: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind) };
}

/** @returns each finding as `path:line rule: what`. */
export function holdAgainst(rules: readonly Rule[], source: Source): string[] {
  const applying = rules.filter((rule) => rule.where.test(source.path));
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    for (const rule of applying) {
      const what = rule.finds(node, source);
      if (what === null) continue;
      const line = source.file.getLineAndCharacterOfPosition(node.getStart(source.file)).line + 1;
      found.push(`${source.path}:${line.toString()} ${rule.id}: ${what}`);
    }
    ts.forEachChild(node, visit);
  };
  if (applying.length > 0) visit(source.file);
  return found;
}

/** The last name of what is called or taken: `a.b.c(…)` is `c`, `f(…)` is `f`, `a['c']` is `c`. Null for anything computed. */
export function lastName(node: ts.Expression): string | null {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) return node.argumentExpression.text;
  return null;
}

/** The name of a member of an object literal or of a JSX element; null for anything computed. */
export function memberName(node: ts.Node): string | null {
  if (ts.isJsxAttribute(node)) return ts.isIdentifier(node.name) ? node.name.text : null;
  if (!ts.isPropertyAssignment(node) && !ts.isShorthandPropertyAssignment(node)) return null;
  return ts.isIdentifier(node.name) || ts.isStringLiteralLike(node.name) ? node.name.text : null;
}

/** What a module is imported by name: `import … from`, `import(…)`, `require(…)`. Types alone load nothing and are passed by. */
export function importedModule(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
    return isTypesAlone(node) ? null : node.moduleSpecifier.text;
  if (!ts.isCallExpression(node)) return null;
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword || lastName(node.expression) === 'require';
  const [name] = node.arguments;
  return isImport && name !== undefined && ts.isStringLiteralLike(name) ? name.text : null;
}

function isTypesAlone({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = importClause.namedBindings;
  return (
    importClause.name === undefined && named !== undefined && ts.isNamedImports(named) && named.elements.every((one) => one.isTypeOnly)
  );
}
