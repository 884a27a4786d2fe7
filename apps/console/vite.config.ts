import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const here = import.meta.dirname;
/** A running master for `npm run console`. */
const master = process.env.FLEETCRON_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: here,
  plugins: [vue()],
  resolve: {
    alias: [
      { find: /^@\//, replacement: `${here}/src/` },
      { find: /^@fleetcron\/sdk$/, replacement: `${here}/../../packages/sdk/src/index.ts` },
    ],
  },
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false, __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false },
  build: {
    outDir: `${here}/../../dist/console`,
    emptyOutDir: true,
    target: 'es2022',
    // A data: address would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(['/api', '/auth', '/readyz', '/livez', '/metrics'].map((path) => [path, master])),
  },
});
