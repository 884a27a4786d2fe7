import { EventFeed } from './event-feed';
import { Tab } from './tab';

// One connection for all tabs: a browser gives a server six over HTTP/1.1, and each stream keeps one for itself.
declare const self: SharedWorkerGlobalScope;

const feed = new EventFeed('/api/v1/events');

self.onconnect = ({ ports: [port] }) => {
  if (!port) return;
  const tab = new Tab(feed, (message) => port.postMessage(message));
  port.onmessage = ({ data }) => tab.said(data);
};
