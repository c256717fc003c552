import ts from 'typescript';
import { importedModule, lastName, memberName, type Rule } from './source.ts';

const ELECTRON = /^app\/electron\/(?!.*\.test\.ts$)/;
const OURS = /^(app|main|renderer)\/(?!.*\.(test|fixture)\.tsx?$)/;
const PAGE = /^(renderer|app\/electron\/preload\.ts)(?!.*\.test\.tsx?$)/;

/** Preferences, privileges and switches under which Electron's guide says that an app is not safe, by the value that makes it so. */
const UNSAFE_MEMBERS: Readonly<Record<string, boolean | 'any'>> = {
  nodeIntegration: true,
  nodeIntegrationInWorker: true,
  nodeIntegrationInSubFrames: true,
  contextIsolation: false,
  sandbox: false,
  webSecurity: false,
  allowRunningInsecureContent: true,
  experimentalFeatures: true,
  enableBlinkFeatures: 'any',
  webviewTag: true,
  plugins: true,
  navigateOnDragDrop: true,
  enableWebSQL: true,
  bypassCSP: true,
  allowServiceWorkers: true,
  corsEnabled: true,
};

const UNSAFE_SWITCHES =
  /^(no-sandbox|disable-web-security|disable-site-isolation|remote-debugging|ignore-certificate-errors|allow-running-insecure|js-flags|inspect|load-extension|unsafely-treat)/;

const calls = (node: ts.Node, names: readonly string[]): string | null => {
  if (!ts.isCallExpression(node)) return null;
  const name = lastName(node.expression);
  return name !== null && names.includes(name) ? `calls ${name}` : null;
};

/** Our own, in the place of a checker for Electron that nobody has kept up: each line of Electron's security guide that a source can break. */
export const ELECTRON_RULES: readonly Rule[] = [
  {
    id: 'unsafe-preference',
    why: 'Electron’s guide, 2 to 11: a page that was taken over gets Node, another origin, or a policy less',
    where: ELECTRON,
    finds: (node) => {
      const name = memberName(node);
      const unsafe = name !== null && Object.hasOwn(UNSAFE_MEMBERS, name) ? UNSAFE_MEMBERS[name] : undefined;
      if (name === null || unsafe === undefined) return null;
      // What is not written out as the safe value could be the other one.
      const value = ts.isPropertyAssignment(node) ? node.initializer.getText() : null;
      const safe = unsafe === 'any' ? "''" : (!unsafe).toString();
      return value === safe ? null : `sets ${name}`;
    },
  },
  {
    id: 'unsafe-switch',
    why: 'what Chromium is told on its command line holds for every page and nobody sees it',
    where: ELECTRON,
    finds: (node) => {
      if (!ts.isCallExpression(node) || !['appendSwitch', 'appendArgument'].includes(lastName(node.expression) ?? '')) return null;
      const [name] = node.arguments;
      if (name === undefined || !ts.isStringLiteralLike(name)) return 'sets a switch whose name is not written out';
      return UNSAFE_SWITCHES.test(name.text) ? `sets the switch ${name.text}` : null;
    },
  },
  {
    id: 'outside-programs',
    why: 'guide, 15: what the system opens is chosen by whoever wrote the link',
    where: ELECTRON,
    finds: (node) => calls(node, ['openExternal', 'openPath', 'showItemInFolder']),
  },
  {
    id: 'code-into-the-page',
    why: 'a text that is run in the page passes its content security policy by',
    where: ELECTRON,
    finds: (node) => calls(node, ['executeJavaScript', 'executeJavaScriptInIsolatedWorld', 'insertCSS', 'exposeInIsolatedWorld']),
  },
  {
    id: 'channel-elsewhere',
    why: 'guide, 17: a channel without the check of its sender; there is one channel, in page-channel.ts',
    where: ELECTRON,
    finds: (node, { path }) => {
      if (path === 'app/electron/page-channel.ts' || path === 'app/electron/preload.ts') return null;
      return ts.isImportSpecifier(node) && ['ipcMain', 'ipcRenderer', 'contextBridge'].includes(node.name.text)
        ? `imports ${node.name.text}`
        : null;
    },
  },
  {
    id: 'certificates',
    why: 'guide, 1: a certificate that is waved through is none',
    where: ELECTRON,
    finds: (node) => {
      const verifier = calls(node, ['setCertificateVerifyProc', 'importCertificate']);
      if (verifier !== null) return verifier;
      return ts.isStringLiteralLike(node) && ['certificate-error', 'select-client-certificate', 'login'].includes(node.text)
        ? `hears ${node.text}`
        : null;
    },
  },
  {
    id: 'other-address',
    why: 'guide, 1 and 12: the window shows our page and no other',
    where: ELECTRON,
    finds: (node) => {
      if (!ts.isCallExpression(node) || !['loadURL', 'loadFile'].includes(lastName(node.expression) ?? '')) return null;
      const [address] = node.arguments;
      return address !== undefined && ts.isIdentifier(address) && address.text === 'PAGE_URL' ? null : 'loads what is not PAGE_URL';
    },
  },
  {
    id: 'remote-module',
    why: 'guide: @electron/remote gives the page all of main',
    where: ELECTRON,
    finds: (node) => (importedModule(node)?.startsWith('@electron/remote') === true ? 'imports @electron/remote' : null),
  },
  {
    id: 'crash-reports',
    why: 'a report of a crash holds the memory of the process, secrets among it',
    where: ELECTRON,
    finds: (node) =>
      ts.isCallExpression(node) && /\bcrashReporter\.start$/.test(node.expression.getText()) ? 'starts the crash reporter' : null,
  },
  {
    id: 'text-as-code',
    why: 'whoever writes the text runs in our process',
    where: OURS,
    finds: (node) => {
      if (importedModule(node) === 'node:vm') return 'imports node:vm';
      if (ts.isNewExpression(node) && lastName(node.expression) === 'Function') return 'makes a function of a text';
      if (!ts.isCallExpression(node)) return null;
      const name = lastName(node.expression);
      if (name === 'eval' || name === 'Function') return `calls ${name}`;
      const [first] = node.arguments;
      const isTimer = name === 'setTimeout' || name === 'setInterval';
      return isTimer && first !== undefined && ts.isStringLiteralLike(first) ? `calls ${name} with a text` : null;
    },
  },
  {
    id: 'text-as-page',
    why: 'a name in a document becomes part of the page that shows it',
    where: OURS,
    finds: (node) => {
      const member = memberName(node);
      if (member === 'dangerouslySetInnerHTML' || member === 'srcDoc') return `sets ${member}`;
      if (
        ts.isBinaryExpression(node) &&
        node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
        ['innerHTML', 'outerHTML', 'srcdoc'].includes(lastName(node.left) ?? '')
      )
        return `sets ${lastName(node.left) ?? ''}`;
      return calls(node, ['insertAdjacentHTML', 'createContextualFragment', 'setHTMLUnsafe', 'parseHTMLUnsafe']);
    },
  },
  {
    id: 'page-reaches-out',
    why: 'the page talks to main by one call and to nobody else',
    where: PAGE,
    finds: (node) => {
      const made = ts.isNewExpression(node) ? lastName(node.expression) : null;
      const sockets = [
        'XMLHttpRequest',
        'WebSocket',
        'EventSource',
        'WebTransport',
        'RTCPeerConnection',
        'BroadcastChannel',
        'SharedWorker',
      ];
      if (made !== null && sockets.includes(made)) return `makes a ${made}`;
      return calls(node, ['fetch', 'sendBeacon', 'postMessage']);
    },
  },
  {
    id: 'page-keeps-things',
    why: 'what the page keeps outlives the ceremony and lies on the disk; state lives in the ledger',
    where: PAGE,
    finds: (node) =>
      ts.isIdentifier(node) && ['localStorage', 'sessionStorage', 'indexedDB', 'caches'].includes(node.text) ? `uses ${node.text}` : null,
  },
  {
    id: 'network-elsewhere',
    why: 'all HTTP happens in coincover, which cold stations never load; the stand-in alone listens',
    where: OURS,
    finds: (node, { path }) => {
      const module = importedModule(node);
      const isNetwork = module !== null && /^(node:)?(https?|http2|net|tls|dgram|dns|dns\/promises)$|^undici/.test(module);
      return isNetwork && !/^main\/(coincover|rehearsal)\//.test(path) ? `imports ${module}` : null;
    },
  },
  {
    id: 'programs-elsewhere',
    why: 'each place that starts another program is known, and gives it no environment and no text of others',
    where: OURS,
    finds: (node, { path }) => {
      const starts = ['main/keychain/node-spawner.ts', 'main/machine/run-program.ts', 'app/chromium/browser.ts'];
      return importedModule(node) === 'node:child_process' && !starts.includes(path) ? 'imports node:child_process' : null;
    },
  },
];
