import { Menu, type MenuItemConstructorOptions } from 'electron';

const ZOOM: MenuItemConstructorOptions = {
  label: 'View',
  submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }],
};

/**
 * The least: zoom for people who need it, and on macOS what the system has in menus alone (copy and paste, quit).
 * SECURITY(REQ-PAGE-TYPED): no reload, no developer tools, no "Services" or "Speech", which hand text to other programs.
 */
export function setupMenu(platform: NodeJS.Platform = process.platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(platform === 'darwin' ? [...macMenus(), ZOOM] : [ZOOM]));
}

function macMenus(): MenuItemConstructorOptions[] {
  return [
    { label: 'Coldroom', submenu: [{ role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }, { type: 'separator' }, { role: 'quit' }] },
    {
      label: 'Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
  ];
}
