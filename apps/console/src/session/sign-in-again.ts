import { ref } from 'vue';

/** Whether the person must sign in before anything goes on; the sign-in dialog stands over the page then. */
export const isSignedOut = ref(false);

let waiting: PromiseWithResolvers | undefined;

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** Asks for a new sign-in and resolves when it is there; all that wait share one. */
export function signInAgain(): Promise<void> {
  if (!waiting) {
    let resolve: () => void = () => undefined;
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    waiting = { promise, resolve };
    isSignedOut.value = true;
  }
  return waiting.promise;
}

/** The person is back: all that waited goes on. */
export function signedIn(): void {
  isSignedOut.value = false;
  waiting?.resolve();
  waiting = undefined;
}
