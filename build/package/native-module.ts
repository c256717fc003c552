import { readFileSync } from 'node:fs';

/** The system and processor that a library is for, `linux-x64` say, as Node names them; null where it is none that we know. */
export function targetOfNativeModule(path: string): string | null {
  const bytes = readFileSync(path);
  return elf(bytes) ?? portableExecutable(bytes) ?? machO(bytes);
}

/** ELF: `e_ident` with class 2 (64 bits) and data 1 (little endian), `e_machine` at 18. */
function elf(bytes: Buffer): string | null {
  if (bytes.length < 20 || bytes.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return null;
  return named('linux', bytes.readUInt16LE(18), { 0x3e: 'x64', 0xb7: 'arm64' });
}

/** PE: `e_lfanew` at 0x3c leads to the signature, the machine follows it. */
function portableExecutable(bytes: Buffer): string | null {
  if (bytes.length < 0x40 || bytes.toString('latin1', 0, 2) !== 'MZ') return null;
  const at = bytes.readUInt32LE(0x3c);
  if (bytes.length < at + 6 || bytes.toString('latin1', at, at + 4) !== 'PE\0\0') return null;
  return named('win32', bytes.readUInt16LE(at + 4), { 0x8664: 'x64', 0xaa64: 'arm64' });
}

/** Mach-O of 64 bits, little endian, for one processor: `cputype` at 4. */
function machO(bytes: Buffer): string | null {
  if (bytes.length < 8 || bytes.readUInt32LE(0) !== 0xfeedfacf) return null;
  return named('darwin', bytes.readUInt32LE(4), { 0x01000007: 'x64', 0x0100000c: 'arm64' });
}

function named(system: string, machine: number, names: Readonly<Record<number, string>>): string | null {
  const name = names[machine];
  return name === undefined ? null : `${system}-${name}`;
}
