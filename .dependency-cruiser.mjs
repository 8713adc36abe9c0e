/** The import law: arrows only go down. Every rule is an error and there is no baseline. docs/architecture.md says it in words. */
import visitorModule from '@swc/core/Visitor.js';

// swc's own walk does not know `using` and throws, which would leave whole files unseen.
const { prototype } = visitorModule.Visitor;
const visitStatement = prototype.visitStatement;
prototype.visitStatement = function visitAnyStatement(statement) {
  if (statement.type !== 'UsingDeclaration') {
    return visitStatement.call(this, statement);
  }
  statement.decls = this.visitVariableDeclarators(statement.decls);
  return statement;
};

const NODE_MODULES = '(^|/)node_modules/';

/** `from` may import nothing of this project but `own` and what `may` names (regular expressions of paths). */
function only(name, from, may, options = {}) {
  return {
    name,
    severity: 'error',
    comment: `${from} may import: ${may.join(', ') || 'nothing'}`,
    from: { path: from, pathNot: ['\\.test\\.tsx?$', '/test/', ...(options.exceptFrom ?? [])] },
    to: { pathNot: may, dependencyTypesNot: options.typesNot ?? [] },
  };
}

const NPM = (...packages) => packages.map((name) => `node_modules/${name}(/|$)`);

const CORE = [
  'assert',
  'async_hooks',
  'buffer',
  'child_process',
  'crypto',
  'events',
  'fs',
  'http',
  'https',
  'module',
  'net',
  'os',
  'path',
  'process',
  'stream',
  'string_decoder',
  'timers',
  'tls',
  'url',
  'util',
  'worker_threads',
  'zlib',
  'sqlite',
  'perf_hooks',
].map((name) => `^(node:)?${name}(/|$)`);

const GAME = '^game/src/';
const CONTRACT = '^contract/src/';

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('game', '^game/src/', [GAME, ...NPM('@noble/hashes')]),
    only('contract', '^contract/src/', [CONTRACT, GAME, ...NPM('zod')]),
    only('media', '^media/src/', ['^media/src/', GAME, ...CORE]),
    only('analysis', '^analysis/src/', ['^analysis/src/', '^analysis/models/', GAME, ...NPM('@tensorflow/[^/]+', 'fft\\.js')], {
      exceptFrom: ['^analysis/src/node/'],
    }),
    only('analysis-node', '^analysis/src/node/', ['^analysis/src/', GAME, ...CORE, ...NPM('@tensorflow/[^/]+')]),
    only('flow', '^server/src/flow/', [
      '^server/src/flow/',
      '^server/src/store/',
      '^server/src/ports\\.ts$',
      GAME,
      '^contract/src/(problems|events)',
      ...CORE,
    ]),
    only('players', '^server/src/players/', [
      '^server/src/players/',
      '^server/src/flow/',
      '^server/src/store/',
      '^server/src/ports\\.ts$',
      GAME,
      CONTRACT,
      ...CORE,
      ...NPM('fast-jwt'),
    ]),
    only('demo', '^server/src/demo/', [
      '^server/src/demo/',
      '^server/src/flow/',
      '^server/src/store/',
      '^server/src/ports\\.ts$',
      '^contract/src/problems',
      GAME,
      ...CORE,
    ]),
    only('store', '^server/src/store/', ['^server/src/store/', '^server/src/ports\\.ts$', GAME, CONTRACT, ...NPM('kysely'), ...CORE]),
    only('routes', '^server/src/routes/', [
      '^server/src/routes/',
      '^server/src/flow/',
      '^server/src/players/',
      '^server/src/store/',
      '^server/src/ports\\.ts$',
      '^server/src/config\\.ts$',
      GAME,
      CONTRACT,
      ...CORE,
      ...NPM(
        'fastify',
        '@fastify/[^/]+',
        'fastify-[^/]+',
        '@scalar/[^/]+',
        '@tus/[^/]+',
        'zod',
        'prom-client',
        'pino',
        'openapi-types',
        'fast-json-stringify',
        '@resvg/[^/]+',
      ),
    ]),
    only('adapters', '^server/src/adapters/', [
      '^server/src/adapters/',
      '^server/src/ports\\.ts$',
      '^server/src/(config|secrets)\\.ts$',
      '^server/src/store/',
      '^contract/src/problems',
      GAME,
      '^(media|analysis)/src/',
      ...CORE,
      NODE_MODULES,
    ]),
    only('config', '^server/src/(config|settings|secrets)\\.ts$', ['^server/src/(settings|secrets)\\.ts$', ...NPM('zod'), ...CORE]),
    {
      name: 'config-is-a-type-in-routes',
      severity: 'error',
      comment: 'config.ts is read by start.ts; below, its types travel as arguments',
      from: { path: '^server/src/(routes|adapters)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^server/src/config\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'heavy-code-by-import-only',
      severity: 'error',
      from: { path: '^server/src/(main|start|routes|flow|players|store|demo)' },
      to: { path: '^(media|analysis)/src/' },
    },
    only('client-app', '^client/src/app/', ['^client/src/app/', '^client/src/features/', NODE_MODULES]),
    {
      name: 'features-stay-apart',
      severity: 'error',
      from: { path: '^client/src/features/([^/]+)/' },
      to: { path: '^client/src/features/([^/]+)/', pathNot: '^client/src/features/$1/' },
    },
    { name: 'client-is-no-server', severity: 'error', from: { path: '^client/' }, to: { path: '^(server|media)/' } },
    { name: 'features-do-not-climb', severity: 'error', from: { path: '^client/src/features/' }, to: { path: '^client/src/app/' } },
    {
      name: 'ui-and-lib-do-not-climb',
      severity: 'error',
      from: { path: '^client/src/(ui|lib)/' },
      to: { path: '^client/src/(features|app)/' },
    },
    { name: 'ui-is-plain', severity: 'error', from: { path: '^client/src/ui/', pathNot: '\\.test\\.tsx?$' }, to: { path: CONTRACT } },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { pathNot: '(\\.test\\.tsx?$|/test/|^e2e/)' },
      to: { path: '(\\.test\\.tsx?$|/test/)' },
    },
    { name: 'public-doors', severity: 'error', from: { path: '^e2e/' }, to: { path: '^(server|client)/src/' } },
  ],
  options: {
    doNotFollow: { path: NODE_MODULES },
    exclude: { path: '(^|/)(dist|coverage|\\.expo)/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.web.ts', '.web.tsx', '.native.ts', '.native.tsx', '.js', '.mjs', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
