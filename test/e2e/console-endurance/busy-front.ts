import { once } from 'node:events';
import { request as ask, createServer, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';

/** How busy the cluster pretends to be. */
export interface Volume {
  /** Runs that begin each second; each tells of its beginning and of its end. */
  readonly runsPerSecond: number;
  readonly jobNames: readonly string[];
}

/** A server before a master that tells its listeners of far more changes than there are. */
export interface BusyFront {
  readonly url: string;
  /** Changes told so far, to all listeners together. */
  readonly told: number;
  close(): Promise<void>;
}

const TICK_MS = 50;

/** Passes everything on to a master but its events: those are made up, at a volume nobody could make for real here. */
export async function startBusyFront(master: string, volume: Volume): Promise<BusyFront> {
  const target = new URL(master);
  const listeners = new Set<ServerResponse>();
  let runs = 0;
  let told = 0;
  const server = createServer((incoming, outgoing) => {
    if (incoming.url?.startsWith('/api/v1/events')) {
      outgoing.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      outgoing.write(`event: ready\nid: ${runs}\ndata: {"revision":${runs}}\n\n`);
      listeners.add(outgoing);
      outgoing.on('close', () => listeners.delete(outgoing));
      return;
    }
    const { method, headers, url: path } = incoming;
    const onward = ask({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const timer = setInterval(() => {
    const text = Array.from({ length: Math.round((volume.runsPerSecond * TICK_MS) / 1000) }, () =>
      changesOfRun(runs++),
    ).join('');
    for (const listener of listeners) {
      // A reader that cannot keep up is left out, as the master itself does.
      if (listener.writableLength < 1_000_000) {
        listener.write(text);
        told += text.split('\n\n').length - 1;
      }
    }
  }, TICK_MS);

  function changesOfRun(n: number): string {
    const jobName = volume.jobNames[n % volume.jobNames.length];
    const facts = {
      id: `busy-${n}`,
      jobName,
      scheduledTime: new Date().toISOString(),
      worker: 'worker-1',
      attempt: 1,
      revision: n,
    };
    const line = (status: string): string => `event: run\nid: ${n}\ndata: ${JSON.stringify({ ...facts, status })}\n\n`;
    const ofJob =
      n % 50 === 0
        ? `event: job\nid: ${n}\ndata: ${JSON.stringify({ name: jobName, change: 'changed', revision: n })}\n\n`
        : '';
    return line('running') + line('succeeded') + ofJob;
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get told() {
      return told;
    },
    close: async () => {
      clearInterval(timer);
      server.closeAllConnections();
      server.close();
    },
  };
}
