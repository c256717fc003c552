import { z } from 'zod';
import { runPowerShell, type RunProgram } from '../machine/index.ts';
import type { FoundMedium } from './medium.ts';

/** Drive type 2 is removable (Win32_LogicalDisk). A reader without a card has a letter and no size. */
const SCRIPT = `
$disks = @(Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType = 2' -ErrorAction Stop | Where-Object { $null -ne $_.Size } |
  ForEach-Object { [ordered]@{ id = [string]$_.DeviceID; label = [string]$_.VolumeName; system = [string]$_.FileSystem
    free = [uint64]$_.FreeSpace; size = [uint64]$_.Size; access = [int]$_.Access } })
ConvertTo-Json -InputObject $disks -Depth 3 -Compress
`;

const DISKS = z.array(
  z.object({
    id: z.string().regex(/^[A-Z]:$/),
    label: z.string(),
    system: z.string(),
    free: z.number().int().nonnegative(),
    size: z.number().int().nonnegative(),
    access: z.number(),
  }),
);

/** `Access`: 1 is readable only; many drivers say 0, which is unknown. A lock on the stick itself shows only when writing. */
const ACCESS_READ_ONLY = 1;

/** Asks Windows by one call of PowerShell. Sticks that call themselves fixed disks have another drive type and are not listed. */
export async function findWindowsMedia(run: RunProgram): Promise<FoundMedium[]> {
  const disks = DISKS.safeParse(await runPowerShell(run, SCRIPT));
  if (!disks.success) return [];
  return disks.data.map(({ id, label, system, free, size, access }) => ({
    path: `${id}\\`,
    label: label === '' ? id : label,
    fileSystem: system === '' ? 'unknown' : system,
    readOnly: access === ACCESS_READ_ONLY,
    sizes: { freeBytes: free, totalBytes: size },
  }));
}
