import { writeFileSync } from 'node:fs';

/**
 * SECURITY(REQ-CORE-DUMP): keeps the heap out of a core dump of this process, before any secret is read. On Linux an abort then
 * leaves a core without the memory that secrets lie in; elsewhere core dumps are off unless somebody turned them on.
 * A kernel without the file (a container's /proc may lack it) makes no core either that we could shape.
 */
export function keepHeapOutOfCoreDumps(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    process.emitWarning('core dumps of this process could not be limited');
  }
}
