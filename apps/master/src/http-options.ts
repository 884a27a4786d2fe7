import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MasterConfig } from '@app/platform';
import type { HttpOptions } from './master-parts.js';

/** The HTTP face's settings out of the configuration. `announceLink` prints the one-time sign-in link, where wanted. */
export function httpOptionsOf(
  config: Pick<MasterConfig, 'adminPassword' | 'bootstrapToken' | 'publicUrl' | 'trustProxy' | 'metricsPublic'>,
  announceLink?: (path: string) => void,
): HttpOptions {
  const { adminPassword, bootstrapToken, publicUrl, trustProxy, metricsPublic } = config;
  const consoleDir = builtConsole();
  return {
    trustedProxies: trustProxy,
    isMetricsPublic: metricsPublic,
    ...(adminPassword === undefined ? {} : { adminPassword: adminPassword.reveal() }),
    ...(bootstrapToken === undefined ? {} : { bootstrapToken: bootstrapToken.reveal() }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(announceLink === undefined ? {} : { announceLink }),
    ...(consoleDir === undefined ? {} : { consoleDir }),
  };
}

/** The console as it was built beside the program; undefined where it was not. */
function builtConsole(): string | undefined {
  const folder = join(import.meta.dirname, '../../../../console');
  return existsSync(join(folder, 'index.html')) ? folder : undefined;
}
