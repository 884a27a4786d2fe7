import { Client, createClient, createConfig } from './generated/client/index.js';

/** Where a master serves, and who is calling. */
export interface Connection {
  /** Like `http://127.0.0.1:8080`, without the path of the API. */
  readonly url: string;
  /** A token made under /api/v1/tokens, or the master's FLEETCRON_BOOTSTRAP_TOKEN. */
  readonly token: string;
}

/**
 * A client to be given to each call: `listJobs({ client })`. A call resolves with `{ data }` or `{ error }`, where the
 * error is a problem with a stable `code`; with `throwOnError: true` it throws the problem instead.
 */
export function connect({ url, token }: Connection): Client {
  return createClient(createConfig({ baseUrl: url, auth: token }));
}
