import type ts from 'typescript';
import { Declarations, rememberDouble } from './declarations.ts';

export const declarations = new Declarations();

/**
 * A double of an Electron object. What the declarations do not have cannot be read; what they have and the double does not
 * play cannot either; a function refuses arguments that none of its signatures takes.
 */
export function play(type: ts.Type, name: string, parts: Readonly<Record<string, unknown>>): object {
  for (const part of Object.keys(parts)) {
    if (declarations.member(type, part) === null) throw new Error(`the double plays ${name}.${part}, which Electron does not have`);
  }
  const double = new Proxy(parts, {
    get: (_target, key) => (typeof key === 'symbol' || key === 'then' ? undefined : memberOf(type, name, parts, key)),
    set: (_target, key) => {
      throw new Error(`${name}.${String(key)} is not to be set`);
    },
  });
  rememberDouble(double, type);
  return double;
}

/** A double of a class of Electron: `new` refuses what its constructor does not take. */
export function playClass(name: string, statics: Readonly<Record<string, unknown>>, construct: (...args: never[]) => object): object {
  const type = declarations.exported(name);
  return new Proxy(Object as unknown as Record<string, unknown>, {
    construct: (_target, args) => {
      const reason = declarations.misfitOfCall(type.getConstructSignatures(), args);
      if (reason !== null) throw new Error(`new ${name}: ${reason}`);
      return construct(...(args as never[]));
    },
    get: (_target, key) => (typeof key === 'symbol' || key === 'prototype' ? undefined : memberOf(type, name, statics, key)),
  });
}

function memberOf(type: ts.Type, name: string, parts: Readonly<Record<string, unknown>>, key: string): unknown {
  const declared = declarations.member(type, key);
  if (declared === null) throw new Error(`Electron has no ${name}.${key}`);
  if (!Object.hasOwn(parts, key)) throw new Error(`the double does not play ${name}.${key}`);
  const part = parts[key];
  const signatures = declared.getCallSignatures();
  if (typeof part !== 'function' || signatures.length === 0) return part;
  return (...args: unknown[]): unknown => {
    const reason = declarations.misfitOfCall(signatures, args);
    if (reason !== null) throw new Error(`${name}.${key}: ${reason}`);
    return (part as (...args: unknown[]) => unknown)(...args);
  };
}
