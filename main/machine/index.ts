/**
 * machine: what the operating system says about the machine it runs on, and what this process's own runtime lacks. Reads its virtual
 * files and runs its own programs; decides nothing about what they say, and changes nothing but what a crash of this process leaves. Imports `values` alone. Nothing here opens a socket, and no
 * shell is ever started.
 */
export { keepHeapOutOfCoreDumps, readCoreDumps, type CoreDumps } from './core-dumps.ts';
export { readObservers, type Observers } from './observers.ts';
export { parseOutput } from './program-json.ts';
export { runPowerShell } from './run-powershell.ts';
export { runProgram, type ProgramOutput, type RunProgram } from './run-program.ts';
export { readSwap, type MachineReading, type SwapArea } from './swap.ts';
export { listSystemFolder, readSystemLink, readSystemText } from './system-files.ts';
export { settleAesKeyWrap } from './web-crypto.ts';
