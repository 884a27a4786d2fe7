import { client } from '@fleetcron/sdk';
import { signInAgain } from '../session/sign-in-again';
import { ApiProblem, problemOf } from './problem';

/** How long an answer is waited for. */
const ANSWER_MS = 30_000;

/** Sets the generated client up: same origin, the session cookie, and an end to all waiting. Called once at start. */
export function setUpClient(): void {
  client.setConfig({
    baseUrl: location.origin,
    fetch: (input: RequestInfo | URL, init?: RequestInit) => {
      const given = input instanceof Request ? input.signal : init?.signal;
      const limits = [AbortSignal.timeout(ANSWER_MS), ...(given ? [given] : [])];
      return fetch(input, { ...init, signal: AbortSignal.any(limits) });
    },
  });
}

/** What a generated call resolves with. */
interface Answer<T> {
  data?: T;
  error?: unknown;
  response?: Response;
}

/** An answer and its headers, such as the ETag. */
export interface Told<T> {
  readonly data: T;
  readonly headers: Headers;
}

/**
 * Makes a call of the generated client and gives its data: `ask(() => getJob({ path: { name } }))`. Throws ApiProblem.
 *
 * Where the session has ended, the person is asked to sign in over the page and the call is made again: nothing that
 * was typed is lost. A call that was refused for want of a session did nothing, so making it again is safe.
 */
export async function ask<T>(call: () => Promise<Answer<T>>): Promise<T> {
  return (await askFully(call)).data;
}

/** As `ask`, with the headers of the answer. */
export async function askFully<T>(call: () => Promise<Answer<T>>): Promise<Told<T>> {
  for (;;) {
    const { data, error, response } = await call().catch((thrown: unknown) => {
      throw problemOf(thrown);
    });
    if (!response) {
      throw problemOf(error);
    }
    if (response.ok) {
      return { data: data as T, headers: response.headers };
    }
    if (response.status !== 401) {
      throw ApiProblem.of(error, response);
    }
    await signInAgain();
  }
}
