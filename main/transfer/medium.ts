/** A removable medium that is mounted: a stick, a card, an external disk. */
export interface Medium {
  /** Where it is mounted, absolute. */
  readonly path: string;
  /** Its name, well formed; showing it safely is the caller's work. Where it has none, its mount point's. */
  readonly label: string;
  /** As its system calls it: `vfat`, `exfat`, `msdos`, `NTFS`. */
  readonly file_system: string;
  readonly free_bytes: number;
  readonly total_bytes: number;
  /** Whether this process may write to it, as far as that shows without writing. */
  readonly writable: boolean;
}

/** A medium as one system's reader finds it; sizes where the system gave them with it. */
export interface FoundMedium {
  readonly path: string;
  readonly label: string;
  readonly fileSystem: string;
  readonly readOnly: boolean;
  readonly sizes?: { readonly freeBytes: number; readonly totalBytes: number };
}
