// The drawing in docs/architecture.md as rules: apps → client → core → openapi, and inside core
// gateway → jobs → scheduler → engines → catalog. An import against the arrows fails `pnpm check`.
const rooms = ['errors', 'catalog', 'engines', 'scheduler', 'jobs', 'gateway'];

/** Each room may import from the rooms before it, never from those after. */
const roomOrder = rooms.slice(0, -1).map((room, at) => ({
  name: `core-${room}-points-down`,
  severity: 'error',
  from: { path: `^packages/core/src/${room}/` },
  to: { path: `^packages/core/src/(${rooms.slice(at + 1).join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Types may know each other; code that runs may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'openapi-imports-nothing',
      severity: 'error',
      from: { path: '^openapi/' },
      to: { path: '^(packages|apps)/' },
    },
    {
      name: 'core-imports-only-openapi',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: '(\\.test\\.ts$|__fixtures__)' },
      to: { path: '^(packages/(client|fake-upstream)|apps)/' },
    },
    {
      name: 'client-imports-no-app',
      severity: 'error',
      from: { path: '^packages/client/src/' },
      to: { path: '^apps/' },
    },
    {
      name: 'server-does-not-import-client',
      severity: 'error',
      from: { path: '^apps/server/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages/client|apps/cli)/' },
    },
    {
      name: 'commands-only-talk-http',
      comment:
        'docs/decisions/0010: but for what is about the machine it runs on, a command is a client like any other.',
      severity: 'error',
      from: {
        path: '^apps/cli/src/',
        pathNot: [
          '^apps/cli/src/(commands/(serve|doctor|config|pull|remove|models-on-disk|search-documents)|command-lines/server|doctor/[^/]+)\\.ts$',
          '^apps/cli/src/(effective-config|server-flags|serve-banner|terminal/progress-text)\\.ts$',
          '(\\.test\\.ts$|__fixtures__)',
        ],
      },
      to: { path: '^(packages/(core|fake-upstream)|apps/server)/' },
    },
    {
      name: 'core-root-is-browser-safe',
      comment: 'The client ships what core’s root entry reaches.',
      severity: 'error',
      from: {
        path: '^packages/core/src/(index\\.ts|errors/|streams/|jobs/(job-(id|state)|poll-delay)\\.ts)',
        pathNot: '\\.test\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'one-place-names-concrete-classes',
      comment: 'Collaborators arrive as arguments; compose.ts alone chooses them.',
      severity: 'error',
      from: { path: '^apps/server/src/', pathNot: '((compose|open-providers)\\.ts|\\.test\\.ts)$' },
      to: { path: '^packages/core/(src|dist)/(stores/sqlite|engines/(llama|openai|diffusion|speech|comfyui))/' },
    },
    ...roomOrder,
  ],
  options: {
    doNotFollow: { path: '(^|/)(node_modules|dist)/' },
    exclude: { path: '(^|/)(generated|tools)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};
