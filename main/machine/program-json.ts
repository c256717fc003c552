/** JSON that a program of the system wrote, unchecked; null where it is none. */
export function parseOutput(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return null;
  }
}
