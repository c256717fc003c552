// Sets a checkout up and hands over. Runs on whatever Node the machine has (20 or later) with nothing installed, so it uses
// Node's own modules alone. `prepare` only sets up; the other tasks go on to what their names say.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './checks.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const windows = process.platform === 'win32';
const [task = 'start', ...rest] = process.argv.slice(2);
const say = (text) => process.stderr.write(`${text}\n`);

/** Debian packages by what shows that they are there. Only `prepare`'s are needed to run; tests want them all. */
const DEBIAN = {
  prepare: {
    'libsecret-1-dev': '/usr/include/libsecret-1/libsecret/secret.h',
    'g++': '/usr/bin/g++',
    make: '/usr/bin/make',
    python3: '/usr/bin/python3',
  },
  test: {
    openssl: '/usr/bin/openssl',
    dbus: '/usr/bin/dbus-run-session',
    'gnome-keyring': '/usr/bin/gnome-keyring-daemon',
    gnupg: '/usr/bin/gpg',
    'poppler-utils': '/usr/bin/pdftotext',
    'python3-cryptography': '/usr/lib/python3/dist-packages/cryptography',
  },
  /** What shows the window: for tests, pictures and timings, and for a start without Electron's binary. */
  window: { chromium: '/usr/bin/chromium' },
};

const NEEDS_WINDOW = ['test', 'start', 'shots', 'bench', 'proof'];
/** What runs other implementations and a keyring of its own beside Coldroom. */
const NEEDS_TOOLS = ['test', 'proof'];

installSystemPackages();
const node = installPackages();
run(node, ['build/bundle.mjs']);
if (task !== 'prepare') bundleWindow();
switch (task) {
  case 'start':
    run(node, ['build/start.mjs', ...rest]);
    break;
  case 'test':
    await test();
    break;
  case 'shots':
    run(node, ['test/window/shots.ts', ...rest]);
    break;
  case 'bench':
    run(node, ['test/bench/bench.ts', ...rest]);
    break;
  case 'proof':
    run(node, ['test/proof/proof.ts', ...rest]);
    break;
  case 'supply-chain':
    run(node, ['build/supply-chain/report.ts', ...rest]);
    break;
  case 'package-check':
    run(node, ['build/package-check.mjs', ...rest]);
    break;
}

/** The page, and Electron's side of the window. */
function bundleWindow() {
  run(node, ['node_modules/vite/bin/vite.js', 'build', '-c', 'build/vite.renderer.mjs', '--logLevel', 'warn']);
  run(node, ['build/bundle-electron.mjs']);
}

function installSystemPackages() {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return;
  const wanted = {
    ...DEBIAN.prepare,
    ...(NEEDS_TOOLS.includes(task) ? DEBIAN.test : {}),
    ...(NEEDS_WINDOW.includes(task) ? DEBIAN.window : {}),
  };
  const missing = Object.keys(wanted).filter((name) => !existsSync(wanted[name]));
  if (missing.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() === 0) {
    say(`installing ${missing.join(', ')}`);
    run('sh', ['-c', `apt-get update -qq && DEBIAN_FRONTEND=noninteractive ${install} >/dev/null`], { fatal: NEEDS_TOOLS.includes(task) });
    return;
  }
  say(`missing system packages; install them with:\n  sudo apt-get update && sudo ${install}`);
  if (NEEDS_TOOLS.includes(task)) process.exit(1);
  say('going on without: the OS keychain may not be available');
}

/** @returns the path of the Node to run everything with: 24 or later, which better-sqlite3 needs (under 20 it crashes). */
function installPackages() {
  const stampFile = join(root, 'node_modules', '.coldroom-set-up');
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.platform)
    .update(process.arch)
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return findNode();
  say('setting up: this takes a minute or two, once');
  // Scripts are off: npm would build better-sqlite3, which ships its binaries, and drop keytar for good if it fails.
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  npm(['rebuild', 'node']);
  const found = findNode();
  buildKeytar();
  writeFileSync(stampFile, stamp);
  return found;
}

function findNode() {
  const own = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
  const found = existsSync(own) ? own : process.execPath;
  const { stdout } = spawnSync(found, ['--version'], { encoding: 'utf8' });
  if (Number(/^v(\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= 24) return found;
  say('Node 24 or later is needed, and the npm package `node` has none for this platform: install it, then run this again');
  process.exit(1);
}

/** keytar is optional: without it the OS keychain is not available, and Coldroom says so where it matters. */
function buildKeytar() {
  if (!existsSync(join(root, 'node_modules', 'keytar'))) return;
  const headers = join(root, 'node_modules', 'node', 'node_modules', `node-${process.platform}-${process.arch}`);
  const built = npm(['rebuild', 'keytar'], { fatal: false, env: existsSync(headers) ? { npm_config_nodedir: headers } : {} });
  if (!built)
    say('keytar could not be built: this machine’s keychain is not available to Coldroom (`init --keychain file` works without it)');
}

/** Every check there is, and then the tests; the first that fails ends the run. */
async function test() {
  const code = await runChecks(node, root);
  if (code !== 0) process.exit(code);
  say('— tests');
  run(node, [join('node_modules', 'vitest/vitest.mjs'), 'run', ...rest]);
}

function npm(args, { fatal = true, env = {} } = {}) {
  return run(windows ? 'npm.cmd' : 'npm', args, { fatal, env, quiet: true });
}

function run(command, args, { fatal = true, env = {}, quiet = false } = {}) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: quiet ? ['ignore', 'ignore', fatal ? 2 : 'ignore'] : ['ignore', task === 'prepare' ? 2 : 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: windows && command.endsWith('.cmd'),
  });
  if (status !== 0 && fatal) process.exit(status ?? 1);
  return status === 0;
}
