const { resolve } = require('node:path');

// The aliases of tsconfig.json and vite.config.ts, for the check of imports.
module.exports = {
  resolve: {
    alias: { '@': resolve(__dirname, 'src'), '@fleetcron/sdk': resolve(__dirname, '../../packages/sdk/src/index.ts') },
  },
};
