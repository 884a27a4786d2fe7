import { defineConfig } from '@hey-api/openapi-ts';

/** The API client of packages/sdk, from the committed document: `npm run client`. */
export default defineConfig({
  input: './docs/openapi.json',
  output: { path: 'packages/sdk/src/generated', importFileExtension: '.js' },
  logs: { file: false },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
});
