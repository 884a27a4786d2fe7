import { getRunOutput, type Run } from '@fleetcron/sdk';
import { onScopeDispose, ref, shallowRef } from 'vue';
import { ask } from '../api/ask';
import type { ApiProblem } from '../api/problem';
import { signInAgain } from '../session/sign-in-again';
import { followStream } from './follow-stream';
import { LineAssembler } from './line-assembler';
import { LineStore } from './line-store';
import { type OutputPort, OutputSource, type SourceState } from './output-source';

/** An output is 64 MiB at most: asked for, all of it is kept. */
const ALL = Number.POSITIVE_INFINITY;

/**
 * The output of one run, for as long as the component stands. `version` rises, at most once a frame, when lines have
 * come. Following stops while the page is hidden, so that tabs do not use up the browser's connections, and goes on
 * where it was.
 */
export function useOutput(runId: string, onEnded: (run: Run) => void) {
  const store = shallowRef(new LineStore());
  const version = ref(0);
  const state = ref<SourceState>('waiting');
  const problem = shallowRef<ApiProblem>();
  let source = sourceInto(store.value);
  let isWanted = false;
  let frame = 0;

  function sourceInto(lines: LineStore): OutputSource {
    const assembler = new LineAssembler(lines);
    return new OutputSource(portOf(runId), {
      piece: (piece) => {
        assembler.add(piece);
        frame ||= requestAnimationFrame(show);
      },
      state: (now, why) => {
        state.value = now;
        problem.value = why;
        show();
      },
      ended: onEnded,
    });
  }

  function show(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    version.value += 1;
  }

  function start(): void {
    isWanted = true;
    if (document.visibilityState === 'visible') source.start();
  }

  function restart(budget?: number): void {
    source.stop();
    store.value = new LineStore(budget);
    source = sourceInto(store.value);
    start();
  }

  const seen = (): void => {
    if (document.visibilityState === 'hidden') source.stop();
    else if (isWanted) source.start();
  };
  document.addEventListener('visibilitychange', seen);
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', seen);
    source.stop();
    cancelAnimationFrame(frame);
  });

  return { store, version, state, problem, start, retry: () => restart(), loadAll: () => restart(ALL) };
}

function portOf(id: string): OutputPort {
  return {
    readPage: (fromSeq, limit, signal) => ask(() => getRunOutput({ path: { id }, query: { fromSeq, limit }, signal })),
    follow: (fromSeq, signal) => followStream(id, fromSeq, signal),
    signIn: signInAgain,
    pause: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}
