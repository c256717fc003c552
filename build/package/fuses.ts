import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** What each of Electron's switches in the binary must be, see electron-builder.yml. */
const WANTED: Readonly<Record<string, boolean>> = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
};

/**
 * Reads the fuses back from a packed executable.
 * @param executable its path, of macOS's app folder there.
 * @returns what is wrong, in words.
 */
export async function checkFuses(executable: string): Promise<string[]> {
  const wire = (await getCurrentFuseWire(executable)) as unknown as Readonly<Record<number, FuseState>>;
  return Object.entries(WANTED).flatMap(([name, on]) => {
    const state = wire[FuseV1Options[name as keyof typeof FuseV1Options]];
    return state === (on ? FuseState.ENABLE : FuseState.DISABLE) ? [] : [`the fuse ${name} is not ${on ? 'on' : 'off'}`];
  });
}
