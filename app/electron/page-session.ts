import { app, session, type Session } from 'electron';
import { shutAppNetwork, shutSessionNetwork } from './network.ts';
import { servePage } from './page-protocol.ts';
import { setupPermissions, type CameraSwitch } from './permissions.ts';

// SECURITY(REQ-PAGE-STORAGE): without `persist:` it lives in memory. The page leaves no cookie, storage or cache on the disk.
const PARTITION = 'coldroom';

/**
 * Makes the session that the window lives in, and shuts the default one, which nothing should use.
 * @param camera turned on while the page may use the camera.
 */
export async function setupPageSession(pageFolder: string, camera: CameraSwitch): Promise<Session> {
  const page = session.fromPartition(PARTITION, { cache: false });
  const devTools = !app.isPackaged;
  await shutAppNetwork();
  for (const one of [page, session.defaultSession]) {
    setupPermissions(one, one === page ? camera : undefined);
    await shutSessionNetwork(one, devTools);
  }
  servePage(page, pageFolder);
  return page;
}
