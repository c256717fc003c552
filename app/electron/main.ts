// Where the packaged app starts, as a window or as `coldroom <command>`. Electron starts Chromium when this module has been
// evaluated: what Chromium must find comes before the end of it, what needs Chromium waits for the app to be ready.
import { keepHeapOutOfCoreDumps } from '../../main/machine/index.ts';
import { setupCommand } from './command.ts';
import { setupFolders } from './folders.ts';
import { setupLaunch } from './launch.ts';
import { setupNavigation } from './navigation.ts';
import { setupWindow } from './open-window.ts';
import { setupPageScheme } from './page-protocol.ts';
import { setupSandbox } from './sandbox.ts';
import { setupSingleInstance } from './single-instance.ts';
import { setupSwitches } from './switches.ts';

// Whatever is made in here is the owner's alone, even where a mode was not written out.
process.umask(0o077);
// Before Chromium starts the processes of its pages: what people type is in their memory, too.
keepHeapOutOfCoreDumps();

const launch = setupLaunch();
if (launch.kind !== 'window') {
  await setupCommand(launch);
} else {
  setupFolders();
  if (setupSingleInstance()) {
    setupSandbox();
    setupSwitches();
    setupPageScheme();
    setupNavigation();
    setupWindow(launch.home);
  }
}
