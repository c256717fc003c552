// The arrows of the house plan. `values` is the ground that every room stands on; `files` reads and writes for those that may,
// `machine` asks the operating system for them.
const ROOMS = [
  'attestation',
  'ceremony',
  'coincover',
  'content',
  'files',
  'keychain',
  'ledger',
  'machine',
  'operations',
  'plan',
  'recovery',
  'rehearsal',
  'report',
  'sealing',
  'self-check',
  'transfer',
  'values',
];

/** What each room may import of the others. */
const ALLOWED = {
  values: [],
  ledger: ['values'],
  sealing: ['values'],
  content: ['values'],
  files: ['values'],
  machine: ['values'],
  report: ['values'],
  'self-check': ['values', 'machine'],
  plan: ['values', 'content'],
  coincover: ['values'],
  transfer: ['values', 'files', 'machine'],
  rehearsal: ['values', 'files', 'machine'],
  attestation: ['values', 'sealing'],
  keychain: ['values', 'files', 'sealing'],
  recovery: ['values', 'machine', 'sealing', 'transfer'],
  ceremony: ['values', 'ledger', 'machine'],
  operations: ROOMS.filter((room) => room !== 'operations'),
};

const roomRules = Object.entries(ALLOWED).map(([room, allowed]) => ({
  name: `${room}-imports`,
  severity: 'error',
  from: { path: `^main/${room}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^(main|app|renderer|test|build)/', pathNot: [`^main/(${[room, ...allowed].join('|')})/`, '^package\\.json$'] },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'every-room-has-a-rule',
      severity: 'error',
      from: { path: '^main/', pathNot: `^main/(${Object.keys(ALLOWED).join('|')})/` },
      to: {},
    },
    {
      name: 'rooms-are-entered-by-their-index',
      severity: 'error',
      from: { path: '^main/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^main/([^/]+)/', pathNot: ['^main/$1/', '^main/[^/]+/index\\.ts$'] },
    },
    {
      name: 'shells-enter-main-by-an-index',
      severity: 'error',
      from: { path: '^(app|renderer)/' },
      to: { path: '^main/', pathNot: '^main/[^/]+/index\\.ts$' },
    },
    {
      name: 'the-page-knows-main-by-types-alone',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(main|app|test|build)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-page-knows-operations-alone',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '\\.(test|fixture)\\.tsx?$' },
      to: { path: '^(main|app|test|build)/', pathNot: '^main/operations/index\\.ts$' },
    },
    { name: 'main-knows-no-shell', severity: 'error', from: { path: '^main/' }, to: { path: '^(app|renderer)/' } },
    {
      name: 'main-knows-neither-electron-nor-react',
      severity: 'error',
      from: { path: '^main/' },
      to: { path: 'node_modules/(electron|react|react-dom)/' },
    },
    { name: 'electron-in-its-shell-alone', severity: 'error', from: { pathNot: '^app/electron/' }, to: { path: 'node_modules/electron/' } },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'product-imports-no-test-or-dev-package',
      severity: 'error',
      from: { path: '^(main|app|renderer)/', pathNot: '\\.(test|fixture)\\.tsx?$' },
      // Electron is what the package runs on; nothing of its npm package is shipped.
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/electron/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
