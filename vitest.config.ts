import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    swc.vite({
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
      },
    }),
  ],
  oxc: false,
  resolve: {
    alias: [
      { find: /^@app\/(\w+)$/, replacement: `${import.meta.dirname}/libs/$1/src/index.ts` },
      { find: /^@\//, replacement: `${import.meta.dirname}/apps/console/src/` },
      { find: /^@fleetcron\/sdk$/, replacement: `${import.meta.dirname}/packages/sdk/src/index.ts` },
    ],
  },
  test: {
    include: ['libs/**/*.spec.ts', 'apps/*/src/**/*.spec.ts', 'test/**/*.spec.ts'],
    exclude: ['node_modules/**', 'dist/**', 'test/e2e/**', 'test/faults/{faults,clocks,crowd,no-space}.spec.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
