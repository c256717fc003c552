import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runPowerShell } from './run-powershell.ts';
import { runProgram, type RunProgram } from './run-program.ts';
import { listSystemFolder, readSystemLink, readSystemText, readSystemTextOrNull } from './system-files.ts';

/**
 * Where memory may be written out to. `memory`: to compressed memory alone (zram); `encrypted`: under a key that the system keeps;
 * `plain`: to a disk as it is; `unknown`: the system does not say.
 */
export type SwapArea = { readonly name: string; readonly kind: 'memory' | 'encrypted' | 'plain' | 'unknown' };

export type MachineReading = {
  /** Which system to ask; this machine's where nothing is said. */
  readonly platform?: NodeJS.Platform;
  /** On Linux: the folder that holds `proc` and `sys`. */
  readonly root?: string;
  /** On macOS and Windows: what runs their programs. */
  readonly run?: RunProgram;
};

/**
 * The swap areas that are in use now, hibernation apart.
 * @returns none: nothing is written out. Null: this system could not be asked.
 */
export async function readSwap({ platform = process.platform, root = '/', run = runProgram }: MachineReading = {}): Promise<
  readonly SwapArea[] | null
> {
  switch (platform) {
    case 'linux':
      return readLinuxSwap(root);
    case 'darwin':
      return readDarwinSwap(run);
    case 'win32':
      return readWindowsSwap(run);
    default:
      return null;
  }
}

/** proc(5): a line of headings, then one line for each area; a blank in a path is written `\040`. */
async function readLinuxSwap(root: string): Promise<readonly SwapArea[] | null> {
  const text = await readSystemTextOrNull(join(root, 'proc/swaps'));
  if (text === null) return null;
  const lines = text.split('\n').slice(1);
  return Promise.all(
    lines
      .map((line) => /^(\S+)\s+(\S+)/.exec(line))
      .filter((found) => found !== null)
      .map(async ([, escaped = '', type = '']) => {
        const name = escaped.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
        const device = type === 'file' ? await deviceUnder(root, name) : basename(name);
        return { name, kind: device === null ? 'unknown' : await kindOfDevice(root, device) } as const;
      }),
  );
}

/** The block device that a file lies on, as `/sys` names it; null where the system does not say (a volume of Btrfs has no number of its own). */
async function deviceUnder(root: string, path: string): Promise<string | null> {
  try {
    const { dev } = await stat(join(root, path), { bigint: true });
    // gnu_dev_major and gnu_dev_minor of glibc.
    const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
    const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn);
    const link = await readSystemLink(join(root, `sys/dev/block/${major.toString()}:${minor.toString()}`));
    return link === null ? null : basename(link);
  } catch {
    return null; // a swap file that cannot be looked at is one of which nothing is known
  }
}

/** Deeper stacks of devices than this exist on no machine; a circle would go on for ever. */
const MOST_LAYERS = 8;

/** A device is encrypted where it is dm-crypt's, or where all that it is made of is (LVM over LUKS). */
async function kindOfDevice(root: string, device: string, layers = 0): Promise<SwapArea['kind']> {
  const folder = join(root, 'sys/class/block', device);
  try {
    if (/^zram\d+$/.test(device)) {
      const backing = (await readSystemText(join(folder, 'backing_dev')))?.trim() ?? 'none';
      return backing === 'none' ? 'memory' : await kindOfDevice(root, basename(backing), layers + 1);
    }
    if ((await readSystemText(join(folder, 'dm/uuid')))?.startsWith('CRYPT-') === true) return 'encrypted';
    const parts = await listSystemFolder(join(folder, 'slaves'));
    if (parts === null) return 'unknown'; // no such device in here: a container sees the host's swap without its devices
    if (parts.length === 0 || layers >= MOST_LAYERS) return 'plain';
    const kinds = await Promise.all(parts.map((part) => kindOfDevice(root, part, layers + 1)));
    return kinds.every((kind) => kind === 'encrypted') ? 'encrypted' : kinds.includes('unknown') ? 'unknown' : 'plain';
  } catch {
    return 'unknown';
  }
}

/** sysctl(8) on macOS: `total = 2048.00M  used = 1023.75M  free = 1024.25M  (encrypted)`. */
async function readDarwinSwap(run: RunProgram): Promise<readonly SwapArea[] | null> {
  const said = await run('/usr/sbin/sysctl', ['-n', 'vm.swapusage']);
  if (said?.exit !== 0 || !said.stdout.includes('total =')) return null;
  if (said.stdout.includes('total = 0.00M')) return [];
  return [{ name: '/private/var/vm', kind: said.stdout.includes('(encrypted)') ? 'encrypted' : 'plain' }];
}

/** Page files, and whether NTFS encrypts them. Of BitLocker only an administrator may ask. */
const WINDOWS_SCRIPT = `
$files = @(Get-CimInstance Win32_PageFileUsage | ForEach-Object { $_.Name })
$policy = Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\FileSystem' -Name NtfsEncryptPagingFile -ErrorAction SilentlyContinue
ConvertTo-Json -Compress @{ files = $files; encrypted = ($policy.NtfsEncryptPagingFile -eq 1) }`;

async function readWindowsSwap(run: RunProgram): Promise<readonly SwapArea[] | null> {
  const said = await runPowerShell(run, WINDOWS_SCRIPT);
  if (typeof said !== 'object' || said === null || !('files' in said) || !Array.isArray(said.files)) return null;
  const kind = 'encrypted' in said && said.encrypted === true ? 'encrypted' : 'unknown';
  return said.files.map((name) => ({ name: String(name), kind }));
}
