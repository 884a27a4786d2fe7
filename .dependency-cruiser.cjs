// Which way imports run. Checked by `npm run check:imports`; each rule says what it keeps apart, and why.
const TESTS = '[.](spec|contract|program)[.]ts$|/contract/';
const DOMAIN = '^libs/jobs/src/(job|schedule|policy|import|run|store)/';
const STORED_FORMS = '^libs/jobs/src/store/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'libraries-know-no-app',
      comment: 'apps -> libs, never back.',
      severity: 'error',
      from: { path: '^libs/', pathNot: TESTS },
      to: { path: '^(apps|test|packages)/' },
    },
    {
      name: 'tests-of-libraries-know-no-app',
      comment: 'A test of a library may lean on test/support, and on nothing else outside.',
      severity: 'error',
      from: { path: '^libs/.*([.](spec|contract|program)[.]ts$|/contract/)' },
      to: { path: '^(apps|packages)/' },
    },
    {
      name: 'apps-know-no-tests',
      comment: 'What ships does not depend on test support.',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: TESTS },
      to: { path: '^test/' },
    },
    {
      name: 'apps-stand-alone',
      comment: 'Each app starts on its own; only standalone puts two together.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/standalone/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'nobody-builds-on-standalone',
      comment: 'standalone is a composition, not a library.',
      severity: 'error',
      from: { pathNot: '^(apps/standalone|test)/' },
      to: { path: '^apps/standalone/' },
    },
    {
      name: 'platform-is-the-ground',
      comment: 'libs/platform has no domain words, so it imports no other library.',
      severity: 'error',
      from: { path: '^libs/platform/' },
      to: { path: '^libs/(?!platform/)' },
    },
    {
      name: 'coordination-knows-only-the-platform',
      comment: 'The coordination port knows keys and revisions, not jobs.',
      severity: 'error',
      from: { path: '^libs/etcd/' },
      to: { path: '^libs/(?!etcd/|platform/)' },
    },
    {
      name: 'jobs-know-no-history',
      comment: 'libs/logs -> libs/jobs for its types, never back.',
      severity: 'error',
      from: { path: '^libs/jobs/' },
      to: { path: '^libs/logs/' },
    },
    {
      name: 'history-knows-no-coordination',
      comment: 'The history goes on with the coordination store away, and the other way round.',
      severity: 'error',
      from: { path: '^libs/logs/' },
      to: { path: '^libs/etcd/' },
    },
    {
      name: 'library-by-its-index',
      comment: 'What a library offers stands in its index.ts.',
      severity: 'error',
      from: { path: '^(?:libs|apps|packages)/([^/]+)/', pathNot: TESTS },
      to: { path: '^libs/[^/]+/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index[.]ts$'] },
    },
    {
      name: 'domain-is-pure',
      comment: 'Rules know the language, zod, the cron parser and its words, digests, each other and the platform.',
      severity: 'error',
      from: { path: DOMAIN, pathNot: [TESTS, STORED_FORMS] },
      to: {
        pathNot: [
          DOMAIN,
          '^libs/platform/src/index[.]ts$',
          '^node_modules/(zod|cronstrue|cron-parser)/',
          '^(node:)?crypto$',
        ],
      },
    },
    {
      name: 'stored-forms-are-pure',
      comment: 'What lies under which key, and how it is written: besides the domain, the key rules of libs/etcd.',
      severity: 'error',
      from: { path: STORED_FORMS, pathNot: TESTS },
      to: { pathNot: [DOMAIN, '^libs/(platform|etcd)/src/index[.]ts$'] },
    },
    {
      name: 'only-the-adapter-speaks-etcd',
      severity: 'error',
      from: { path: '^(apps|libs|packages)/', pathNot: [TESTS, '^libs/etcd/src/etcd/'] },
      to: { path: '^node_modules/etcd3/' },
    },
    {
      name: 'only-the-adapter-speaks-mongodb',
      severity: 'error',
      from: { path: '^(apps|libs|packages)/', pathNot: [TESTS, '^libs/logs/src/mongo/'] },
      to: { path: '^node_modules/(mongoose|mongodb|bson)/' },
    },
    {
      name: 'supervisor-is-small',
      comment: 'One per worker, with a memory of its own: it loads Node, its neighbours, and what calls the C library.',
      severity: 'error',
      from: { path: '^apps/worker/src/running/supervisor/', pathNot: TESTS },
      to: { path: '^(libs|node_modules)/', pathNot: '^node_modules/koffi/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      comment: 'Types may refer to each other both ways: they are gone when the program runs.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'Types of express come from @types/express; the framework brings express itself.',
      severity: 'error',
      from: { path: '^(apps|libs|packages)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/(@types/)?express' },
    },
    {
      name: 'no-test-packages-in-the-product',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [TESTS, '^apps/console/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // Both what is imported for types and what remains when the program runs.
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|[.]cache)/|^packages/[^/]+/(dist|src/generated)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
