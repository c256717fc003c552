import { join } from 'node:path';
import ts from 'typescript';

const FILE = join(import.meta.dirname, '../../node_modules/electron/electron.d.ts');

/** Electron's own declarations, read with TypeScript: what exists, and what fits. */
export class Declarations {
  readonly #checker: ts.TypeChecker;
  readonly #exports: ReadonlyMap<string, ts.Symbol>;
  readonly #names: ReadonlyMap<string, ts.Symbol>;

  constructor() {
    // Electron's own file and the language's oldest library: what Node declares is `any` here, and reading takes a third of the time.
    const program = ts.createProgram([FILE], { lib: ['lib.es5.d.ts'], types: [], noResolve: true, strict: true });
    this.#checker = program.getTypeChecker();
    const globals = this.#checker.getSymbolsInScope(need(program.getSourceFile(FILE)), ts.SymbolFlags.Namespace);
    const electron = need(globals.find((one) => one.name === 'Electron'));
    const shared = need(this.#checker.getExportsOfModule(electron).find((one) => one.name === 'CrossProcessExports'));
    this.#names = byName(this.#checker.getExportsOfModule(electron));
    this.#exports = byName(this.#checker.getExportsOfModule(shared));
  }

  /** What `import { name } from 'electron'` gives: an object, or a class with its constructor. */
  exported(name: string): ts.Type {
    const symbol = this.#exports.get(name);
    if (symbol === undefined) throw new Error(`Electron exports no ${name}`);
    return this.#checker.getTypeOfSymbol(symbol);
  }

  /** An instance of the class or interface with this name. */
  named(name: string): ts.Type {
    const symbol = this.#names.get(name);
    if (symbol === undefined) throw new Error(`Electron has no type ${name}`);
    return this.#checker.getDeclaredTypeOfSymbol(symbol);
  }

  /** @returns the type of a member, or null where there is no such member. */
  member(type: ts.Type, name: string): ts.Type | null {
    const symbol = this.#checker.getPropertyOfType(type, name);
    return symbol === undefined ? null : this.#checker.getTypeOfSymbol(symbol);
  }

  /** Every literal that a parameter of the first function among a method's parameters may take: a handler's permissions, say. */
  literalsOfHandler(type: ts.Type, method: string, parameter: number): string[] {
    const signature = need(this.member(type, method)?.getCallSignatures()[0]);
    const handler = this.#checker.getTypeOfSymbol(need(signature.parameters[0]));
    const call = need((handler.isUnion() ? handler.types : [handler]).flatMap((one) => one.getCallSignatures())[0]);
    const asked = this.#checker.getTypeOfSymbol(need(call.parameters[parameter]));
    return (asked.isUnion() ? asked.types : [asked]).flatMap((one) => (one.isStringLiteral() ? [one.value] : []));
  }

  /** @returns why none of the signatures takes these arguments, or null where one does. */
  misfitOfCall(signatures: readonly ts.Signature[], args: readonly unknown[]): string | null {
    const reasons = signatures.map((signature) => this.#misfitOfArguments(signature, args));
    return reasons.includes(null) ? null : (reasons.at(-1) ?? 'it cannot be called');
  }

  /** @returns where a value does not fit a type, or null where it does. Members that the type does not have do not fit. */
  misfit(value: unknown, type: ts.Type, at: string): string | null {
    if (type.isUnion()) {
      const reasons = type.types.map((one) => this.misfit(value, one, at));
      if (reasons.includes(null)) return null;
      return reasons.find((reason) => reason?.startsWith(`${at}.`) === true) ?? `${at} is not ${this.#checker.typeToString(type)}`;
    }
    const ok = this.#isPrimitive(value, type);
    if (ok !== null) return ok ? null : `${at} is not ${this.#checker.typeToString(type)}`;
    const played = typeOfDouble(value);
    if (played !== null) return this.#checker.isTypeAssignableTo(played, type) ? null : `${at} is not ${this.#checker.typeToString(type)}`;
    if (type.getCallSignatures().length > 0) return typeof value === 'function' ? null : `${at} is no function`;
    if (typeof value !== 'object' || value === null) return `${at} is no object`;
    if (this.#checker.isArrayType(type)) return this.#misfitOfItems(value, type, at);
    return this.#misfitOfMembers(value, type, at);
  }

  #isPrimitive(value: unknown, type: ts.Type): boolean | null {
    const { flags } = type;
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) return true;
    if (type.isStringLiteral() || type.isNumberLiteral()) return value === type.value;
    if (flags & ts.TypeFlags.BooleanLiteral) return String(value) === this.#checker.typeToString(type) && typeof value === 'boolean';
    if (flags & ts.TypeFlags.String) return typeof value === 'string';
    if (flags & ts.TypeFlags.Number) return typeof value === 'number';
    if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return value === undefined;
    if (flags & ts.TypeFlags.Null) return value === null;
    return null;
  }

  #misfitOfArguments(signature: ts.Signature, args: readonly unknown[]): string | null {
    const { parameters } = signature;
    const declared = parameters.map((one) => need(one.valueDeclaration) as ts.ParameterDeclaration);
    const rest = declared.at(-1)?.dotDotDotToken !== undefined;
    if (args.length > parameters.length && !rest) return 'there is an argument too many';
    for (const [index, parameter] of parameters.entries()) {
      if (declared[index]?.dotDotDotToken !== undefined) return null;
      if (index >= args.length) {
        if (declared[index]?.questionToken === undefined) return `the argument ${parameter.name} is missing`;
        continue;
      }
      const reason = this.misfit(args[index], this.#checker.getTypeOfSymbol(parameter), parameter.name);
      if (reason !== null) return reason;
    }
    return null;
  }

  #misfitOfItems(value: object, type: ts.Type, at: string): string | null {
    if (!Array.isArray(value)) return `${at} is no list`;
    const item = need(this.#checker.getTypeArguments(type as ts.TypeReference)[0]);
    for (const [index, one] of value.entries()) {
      const reason = this.misfit(one, item, `${at}.${index.toString()}`);
      if (reason !== null) return reason;
    }
    return null;
  }

  #misfitOfMembers(value: object, type: ts.Type, at: string): string | null {
    const members = type.getProperties();
    // What Electron did not declare itself (a Response, a Promise) or left open (an environment) is not looked into.
    const own = type.symbol.declarations?.some((one) => one.getSourceFile().fileName === FILE) === true;
    if (!own || members.length === 0 || this.#checker.getIndexInfosOfType(type).length > 0) return null;
    for (const [name, one] of Object.entries(value)) {
      const member = members.find((candidate) => candidate.name === name);
      if (member === undefined) return `${at}.${name} does not exist in ${this.#checker.typeToString(type)}`;
      const reason = this.misfit(one, this.#checker.getTypeOfSymbol(member), `${at}.${name}`);
      if (reason !== null) return reason;
    }
    const missing = members.find((one) => !(one.flags & ts.SymbolFlags.Optional) && !Object.hasOwn(value, one.name));
    return missing === undefined ? null : `${at}.${missing.name} is missing`;
  }
}

const doubles = new WeakMap<object, ts.Type>();

/** Remembers what a double stands for, so that it fits where that is asked for. */
export function rememberDouble(double: object, type: ts.Type): void {
  doubles.set(double, type);
}

function typeOfDouble(value: unknown): ts.Type | null {
  return typeof value === 'object' && value !== null ? (doubles.get(value) ?? null) : null;
}

function byName(symbols: readonly ts.Symbol[]): ReadonlyMap<string, ts.Symbol> {
  return new Map(symbols.map((one) => [one.name, one]));
}

function need<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error('electron.d.ts is not as it was: this reader has to be looked at');
  return value;
}
