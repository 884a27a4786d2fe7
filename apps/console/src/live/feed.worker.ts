import { EventFeed } from './event-feed';

// One connection for all tabs: a browser gives a server six over HTTP/1.1, and each stream keeps one for itself.
declare const self: SharedWorkerGlobalScope;

const feed = new EventFeed('/api/v1/events');
/** A tab that says nothing for this long is gone: ports have no end of their own. */
const GONE_MS = 90_000;

self.onconnect = ({ ports }) => {
  const [port] = ports;
  if (!port) {
    return;
  }
  const leave = feed.listen((message) => port.postMessage(message));
  let gone = setTimeout(leave, GONE_MS);
  port.onmessage = ({ data }) => {
    clearTimeout(gone);
    if (data === 'leave') {
      leave();
      return;
    }
    gone = setTimeout(leave, GONE_MS);
    if (data === 'wake') {
      feed.wake();
    }
  };
};
