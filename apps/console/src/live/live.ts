import { onScopeDispose, readonly, ref } from 'vue';
import type { Change, FeedMessage, FeedState } from './changes';
import { EventFeed } from './event-feed';
import type { TabWord } from './tab';

/** Who wants to hear of changes. */
export interface LiveListener {
  /** The latest changes, each thing at most once per call; about four calls a second at most. */
  changed?(changes: readonly Change[]): void;
  /** Changes may have been lost: read again what is shown. */
  reset?(): void;
}

const STILL_HERE_MS = 30_000;
const state = ref<FeedState>('connecting');
const listeners = new Set<LiveListener>();
let wakeFeed: (() => void) | undefined;

/** How the connection stands; the frame says so when it is lost. */
export const connection = readonly(state);

/** Starts to follow changes. Called once, when somebody is signed in; tabs of one browser share a connection. */
export function startLive(): void {
  if (wakeFeed) {
    wakeFeed();
    return;
  }
  wakeFeed = 'SharedWorker' in window ? followTogether() : followAlone();
  addEventListener('online', () => wakeFeed?.());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && wakeFeed?.());
}

/** Hears changes for as long as the component stands. */
export function useLive(listener: LiveListener): void {
  listeners.add(listener);
  onScopeDispose(() => listeners.delete(listener));
}

function followTogether(): () => void {
  const worker = new SharedWorker(new URL('./feed.worker.ts', import.meta.url), { type: 'module', name: 'fleetcron' });
  const say = (word: TabWord): void => worker.port.postMessage(word);
  worker.port.onmessage = ({ data }: MessageEvent<FeedMessage>) => {
    try {
      hear(data);
    } finally {
      // Once what it changed is drawn, and whatever the page was busy with is done.
      if (data.type !== 'state') setTimeout(() => say('heard'));
    }
  };
  setInterval(() => say('here'), STILL_HERE_MS);
  addEventListener('pagehide', () => say('leave'));
  // Back from the browser's memory of pages: the port has left, so the page begins anew.
  addEventListener('pageshow', (event) => (event as PageTransitionEvent).persisted && location.reload());
  let wake = (): void => say('wake');
  // Its script is not there any more: another version was put in place since the page was loaded.
  worker.onerror = () => {
    wake = followAlone();
  };
  return () => wake();
}

function followAlone(): () => void {
  const feed = new EventFeed('/api/v1/events');
  feed.listen(hear);
  return () => feed.wake();
}

function hear(message: FeedMessage): void {
  if (message.type === 'state') {
    state.value = message.state;
  } else if (message.type === 'reset') {
    for (const listener of [...listeners]) listener.reset?.();
  } else {
    for (const listener of [...listeners]) listener.changed?.(message.changes);
  }
}
