import { writeFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { createHttpApp } from '../http/create-http-app.js';
import { MasterHttpModule } from '../master-http.module.js';
import { MasterParts } from '../master-parts.js';
import { buildDocument } from './document.js';

/**
 * The API document as it is committed: JSON with two spaces and a newline. Made from the controllers alone: nothing is
 * started, no store is opened.
 */
export async function apiDocumentText(): Promise<string> {
  // Constructors only assign, so the parts may be absent as long as nothing is started.
  const options = { trustedProxies: 0, isMetricsPublic: false };
  const parts = { options, metrics: new Registry() } as MasterParts;
  const app = await createHttpApp(MasterHttpModule.forRoot(parts));
  return `${JSON.stringify(buildDocument(app), null, 2)}\n`;
}

/** Run as a program: writes the document to the file that is named. */
if (process.argv[1] === import.meta.filename) {
  const file = process.argv[2] ?? 'docs/openapi.json';
  writeFileSync(file, await apiDocumentText());
}
