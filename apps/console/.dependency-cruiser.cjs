// Which way the console's imports run: pages -> what pages share -> the ground. Checked by `npm run check:imports`.
const TESTS = '[.]spec[.]ts$';
const GROUND = '^apps/console/src/(api|format|i18n|live|session|theme|ui)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'console-knows-the-api-only',
      comment: 'Whatever the console knows of the engine comes through the generated client.',
      severity: 'error',
      from: { path: '^apps/console/', pathNot: TESTS },
      to: { path: '^(apps|libs|test|packages)/', pathNot: ['^apps/console/', '^packages/sdk/src/'] },
    },
    {
      name: 'ground-knows-no-page',
      severity: 'error',
      from: { path: GROUND, pathNot: TESTS },
      to: { path: '^apps/console/src/', pathNot: GROUND },
    },
    {
      name: 'pages-stand-alone',
      comment: 'What two pages share moves out of pages/. First steps are shown wherever there is nothing yet.',
      severity: 'error',
      from: { path: '^apps/console/src/pages/([^/]+)/' },
      to: {
        path: '^apps/console/src/pages/',
        pathNot: ['^apps/console/src/pages/$1/', '^apps/console/src/pages/first-run/'],
      },
    },
    {
      name: 'shared-rooms-know-no-page',
      severity: 'error',
      from: { path: '^apps/console/src/(?!pages/)[^/]+/' },
      to: { path: '^apps/console/src/pages/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    webpackConfig: { fileName: 'apps/console/.aliases.cjs' },
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/sdk/src/generated/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.vue', '.js', '.mjs', '.json', '.css'],
    },
  },
};
