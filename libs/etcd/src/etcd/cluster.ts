import { CallFailure, GrpcStatus, meaningOf } from './call-failure.js';
import { Connection, call, Endpoint, Service } from './endpoint.js';
import { EtcdStoreOptions } from './etcd-options.js';

/** The members we know, of which one is spoken to until it fails. */
export class Cluster {
  readonly endpoints: readonly Endpoint[];
  private current = 0;
  private isClosed = false;

  constructor(private readonly options: EtcdStoreOptions) {
    if (options.hosts.length === 0) throw new Error('An etcd cluster needs at least one host.');
    this.endpoints = options.hosts.map((host) => new Endpoint(host, options));
  }

  /**
   * Sends a request to the first member with which a connection stands, once: another member is tried only where nothing
   * was sent, or where the request was turned away for an expired sign-in. Throws CallFailure.
   */
  async call<Response>(service: Service, method: string, request: object, deadlineMs: number): Promise<Response> {
    const remaining = this.countdown(deadlineMs);
    for (let hasSignedInAnew = false; ; hasSignedInAnew = true) {
      const { endpoint, connection } = await this.connect(service, remaining());
      const leftMs = remaining();
      if (leftMs <= 0) throw new CallFailure(GrpcStatus.DEADLINE_EXCEEDED, 'no time was left to send it', false);
      try {
        return await call<Response>(connection, method, request, leftMs);
      } catch (error) {
        if (!(error instanceof CallFailure)) throw error;
        const meaning = meaningOf(error);
        if (meaning.kind === 'unavailable') this.turnFrom(endpoint, error);
        if (meaning.kind !== 'badToken' || hasSignedInAnew) throw error;
        endpoint.forgetToken();
      }
    }
  }

  /** A connection for a stream, with the member it is to. Throws CallFailure, always as not sent. */
  async connect(service: Service, withinMs: number): Promise<{ endpoint: Endpoint; connection: Connection }> {
    const remaining = this.countdown(withinMs);
    const first = this.current;
    let last: unknown;
    for (let offset = 0; offset < this.endpoints.length && !this.isClosed; offset++) {
      const index = (first + offset) % this.endpoints.length;
      const endpoint = this.endpoints[index]!;
      try {
        const connection = await endpoint.connect(service, remaining());
        if (!connection) continue;
        this.current = index;
        return { endpoint, connection };
      } catch (error) {
        last = error;
      }
    }
    if (last instanceof CallFailure) throw last;
    const hosts = this.options.hosts.join(', ');
    const why = this.isClosed ? 'the store is closed' : `no connection to ${hosts}`;
    throw new CallFailure(GrpcStatus.UNAVAILABLE, why, false);
  }

  /** After a failure that may be the member's: tries another first from now on. */
  turnFrom(endpoint: Endpoint, failure: CallFailure): void {
    if (!failure.wasSent) return;
    // The connection may be dead without a word, as behind a firewall that forgot it.
    if (failure.code === GrpcStatus.DEADLINE_EXCEEDED) endpoint.reset();
    if (this.endpoints[this.current] === endpoint) this.current = (this.current + 1) % this.endpoints.length;
  }

  close(): void {
    this.isClosed = true;
    for (const endpoint of this.endpoints) endpoint.reset();
  }

  private countdown(totalMs: number): () => number {
    const end = this.options.clock.monotonic() + totalMs;
    return () => end - this.options.clock.monotonic();
  }
}
