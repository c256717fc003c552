import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const HERE = import.meta.dirname;
/** Attributes whose text people see or hear. */
const SHOWN = new Set(['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'alt', 'title', 'placeholder', 'label']);
/** The same of our own parts. */
const OWN_SHOWN = new Set(['help', 'error', 'why', 'what', 'say', 'heading']);

const FILES = readdirSync(HERE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'));

/** Texts with letters that stand in the JSX itself, as children or in attributes that are shown, each with its line. */
function ownWords(name: string, text: string): string[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const note = (node: ts.Node, words: string): void => {
    if (!/\p{L}/u.test(words)) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push(`${name}:${(line + 1).toString()} ${words.trim()}`);
  };
  /** What an expression can come to as text. Calls and property reads are not followed: those lead to the catalogue. */
  const noteValue = (node: ts.Expression): void => {
    if (ts.isStringLiteralLike(node)) note(node, node.text);
    else if (ts.isTemplateExpression(node)) {
      for (const part of [node.head, ...node.templateSpans.map((span) => span.literal)]) note(part, part.text);
      for (const span of node.templateSpans) noteValue(span.expression);
    } else if (ts.isConditionalExpression(node)) {
      noteValue(node.whenTrue);
      noteValue(node.whenFalse);
    } else if (ts.isBinaryExpression(node)) {
      // The right side is the value of && and ||, too; a comparison comes to no text.
      const joins = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken];
      if (joins.includes(node.operatorToken.kind)) noteValue(node.left);
      if ([...joins, ts.SyntaxKind.AmpersandAmpersandToken].includes(node.operatorToken.kind)) noteValue(node.right);
    } else if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) noteValue(node.expression);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) note(node, node.text);
    if (ts.isJsxExpression(node) && node.expression !== undefined && !ts.isJsxAttribute(node.parent)) noteValue(node.expression);
    if (ts.isJsxAttribute(node)) {
      const attribute = node.name.getText(source);
      const value = node.initializer;
      if (value !== undefined && (SHOWN.has(attribute) || OWN_SHOWN.has(attribute))) {
        if (ts.isStringLiteral(value)) note(value, value.text);
        else if (ts.isJsxExpression(value) && value.expression !== undefined) noteValue(value.expression);
      }
    }
    // Buttons and choices are given to parts as objects: { label: … }.
    if (ts.isPropertyAssignment(node) && (SHOWN.has(node.name.getText(source)) || node.name.getText(source) === 'why')) {
      noteValue(node.initializer);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('every string on screen', () => {
  it('is looked for in all screens', () => {
    expect(FILES.length).toBeGreaterThan(30);
  });

  it.each(FILES)('comes from the catalogue: %s', (file) => {
    expect(ownWords(file, readFileSync(join(HERE, file), 'utf8'))).toEqual([]);
  });
});

describe('the look for strings', () => {
  it.each([
    ['text', '<p>Sealed</p>'],
    ['a literal child', "<p>{'Sealed'}</p>"],
    ['a template', '<p>{`${n} Sealed`}</p>'],
    ['a choice', "<p>{n > 1 ? 'Sealed' : null}</p>"],
    ['an and', "<p>{ready && 'Sealed'}</p>"],
    ['a fallback', "<p>{words ?? 'Sealed'}</p>"],
    ['a sum', "<p>{n + ' Sealed'}</p>"],
    ['an attribute', '<input placeholder="Sealed" />'],
    ['an attribute’s expression', "<nav aria-label={open ? 'Sealed' : WORDS.nav} />"],
    ['a part’s own attribute', '<Field label={WORDS.a} help="Sealed" />'],
    ['an object that a part is given', "<StepFrame primary={{ label: 'Sealed', onPress }} />"],
  ])('finds %s', (_, jsx) => {
    const [only, ...more] = ownWords('a.tsx', `const a = ${jsx};`);
    expect(only).toMatch(/^a\.tsx:1 .*Sealed/);
    expect(more).toEqual([]);
  });

  it.each([
    ['words of the catalogue', '<p title={WORDS.a}>{WORDS.b(1)}</p>'],
    ['signs', "<i>{done ? '✓' : ''}</i>"],
    ['attributes that nobody sees', '<Button kind="link" className="row" role="status" />'],
    ['comparisons', "<p>{kind === 'cold' ? WORDS.a : WORDS.b}</p>"],
  ])('lets %s be', (_, jsx) => {
    expect(ownWords('a.tsx', `const a = ${jsx};`)).toEqual([]);
  });
});
