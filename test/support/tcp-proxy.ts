import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Which way bytes go. */
export type Direction = 'toServer' | 'toClient';

/** One client's connection through the proxy. */
export interface ProxiedConnection {
  /** Bytes that have been passed on so far. */
  readonly passed: Readonly<Record<Direction, number>>;
  /** Keeps bytes back until `heal`, as a network does that is parted and comes together again. */
  hold(...directions: readonly Direction[]): void;
  /** Loses bytes from now on. They never come again, so the connection is of no more use than to be cut. */
  drop(...directions: readonly Direction[]): void;
  /** Passes each piece on so much later, ms. */
  delay(ms: number): void;
  /** Ends the connection with a reset once so many more bytes went that way. */
  cutAfter(direction: Direction, bytes: number): void;
  heal(): void;
  /** Ends the connection with a reset, both ways. */
  cut(): void;
  readonly isOpen: boolean;
}

/**
 * A TCP proxy on loopback that misbehaves on demand. What is said to the proxy is said to every connection, those to come
 * included, until `heal`.
 */
export interface TcpProxy extends Omit<ProxiedConnection, 'passed' | 'isOpen' | 'cutAfter'> {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Every connection there was, in the order they came. */
  readonly connections: readonly ProxiedConnection[];
  /** Told of every new connection before any byte has passed. */
  onConnection: (connection: ProxiedConnection) => void;
  /** Whether new connections are reset at once. */
  isRefusing: boolean;
  close(): Promise<void>;
}

/** Starts a proxy to `127.0.0.1:port`. The caller closes it. */
export async function startTcpProxy(port: number): Promise<TcpProxy> {
  const connections: Connection[] = [];
  const fault: Fault = { toServer: 'pass', toClient: 'pass', delayMs: 0 };
  const open = (): Connection[] => connections.filter((connection) => connection.isOpen);
  const server = createServer((client) => {
    if (proxy.isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const connection = new Connection(client, connect(port, '127.0.0.1'), { ...fault });
    connections.push(connection);
    proxy.onConnection(connection);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const proxy: TcpProxy = {
    host: `127.0.0.1:${(server.address() as { port: number }).port}`,
    connections,
    onConnection: () => {},
    isRefusing: false,
    hold: (...directions) => {
      for (const direction of directions) fault[direction] = 'hold';
      for (const connection of open()) connection.hold(...directions);
    },
    drop: (...directions) => {
      for (const direction of directions) fault[direction] = 'drop';
      for (const connection of open()) connection.drop(...directions);
    },
    delay: (ms) => {
      fault.delayMs = ms;
      for (const connection of open()) connection.delay(ms);
    },
    heal: () => {
      Object.assign(fault, { toServer: 'pass', toClient: 'pass', delayMs: 0 });
      for (const connection of open()) connection.heal();
    },
    cut: () => {
      for (const connection of open()) connection.cut();
    },
    close: async () => {
      proxy.cut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

interface Fault {
  toServer: 'pass' | 'hold' | 'drop';
  toClient: 'pass' | 'hold' | 'drop';
  delayMs: number;
}

class Connection implements ProxiedConnection {
  readonly passed = { toServer: 0, toClient: 0 };
  isOpen = true;
  private readonly delayed = { toServer: 0, toClient: 0 };
  private readonly tail: Record<Direction, Promise<void>> = {
    toServer: Promise.resolve(),
    toClient: Promise.resolve(),
  };
  private readonly held: Record<Direction, Buffer[]> = { toServer: [], toClient: [] };
  private readonly budget: Record<Direction, number> = { toServer: Infinity, toClient: Infinity };

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly fault: Fault,
  ) {
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.on('data', (bytes) => this.onBytes('toServer', bytes));
    server.on('data', (bytes) => this.onBytes('toClient', bytes));
    for (const socket of [client, server]) {
      socket.on('error', () => this.cut());
      socket.on('close', () => this.cut());
    }
  }

  hold(...directions: readonly Direction[]): void {
    for (const direction of directions) this.fault[direction] = 'hold';
  }

  drop(...directions: readonly Direction[]): void {
    for (const direction of directions) this.fault[direction] = 'drop';
  }

  delay(ms: number): void {
    this.fault.delayMs = ms;
  }

  cutAfter(direction: Direction, bytes: number): void {
    this.budget[direction] = bytes;
  }

  heal(): void {
    Object.assign(this.fault, { toServer: 'pass', toClient: 'pass', delayMs: 0 });
    for (const direction of ['toServer', 'toClient'] as const) {
      for (const bytes of this.held[direction].splice(0)) this.pass(direction, bytes);
    }
  }

  cut(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  private onBytes(direction: Direction, bytes: Buffer): void {
    switch (this.fault[direction]) {
      case 'drop':
        return;
      case 'hold':
        this.held[direction].push(bytes);
        return;
      case 'pass':
        this.passLater(direction, bytes);
    }
  }

  /** What came first is passed on first, also when the delay gets shorter meanwhile. */
  private passLater(direction: Direction, bytes: Buffer): void {
    const { delayMs } = this.fault;
    if (delayMs === 0 && this.delayed[direction] === 0) {
      this.pass(direction, bytes);
      return;
    }
    this.delayed[direction]++;
    const due = delay(delayMs);
    this.tail[direction] = this.tail[direction]
      .then(() => due)
      .then(() => {
        this.delayed[direction]--;
        this.pass(direction, bytes);
      });
  }

  private pass(direction: Direction, bytes: Buffer): void {
    if (!this.isOpen) return;
    const target = direction === 'toServer' ? this.server : this.client;
    const allowed = bytes.subarray(0, this.budget[direction]);
    this.budget[direction] -= bytes.length;
    this.passed[direction] += allowed.length;
    // What was allowed is to arrive before the reset, which would overtake it.
    target.write(allowed, () => {
      if (this.budget[direction] <= 0) setTimeout(() => this.cut(), 20);
    });
  }
}
