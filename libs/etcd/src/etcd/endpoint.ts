import { Etcd3 } from 'etcd3';
import { CallFailure, GrpcStatus, meaningOf } from './call-failure.js';
import { EtcdStoreOptions } from './etcd-options.js';

/** etcd's gRPC services that we call. */
export type Service = 'KV' | 'Lease' | 'Watch' | 'Maintenance' | 'Cluster' | 'Auth';

/** A connected raw client of etcd3, with the metadata a call needs. */
export type Connection = Awaited<ReturnType<RawEtcd['connection']>>;

/** Looking for a connection never takes longer than this, however long the call's deadline: others may have one. */
const DIAL_MS = 2_000;

const CHANNEL_OPTIONS = {
  // A black-holed connection is found out and ended within 15 s, even where nobody waits for an answer.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  // Pages of a thousand keys pass the default of 4 MiB.
  'grpc.max_receive_message_length': 64 * 1024 * 1024,
  'grpc.max_send_message_length': -1,
  // A request goes out once.
  'grpc.enable_retries': 0,
  // Default is up to two minutes, for which the fleet would stand still after etcd came back.
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.min_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // The store is a neighbour: the machine's way to the web is not the way to it.
  'grpc.enable_http_proxy': 0,
  // Connections of our own: one given up is really replaced, and a long replay of a watch delays no keep-alive.
  'grpc.use_local_subchannel_pool': 1,
};

/** etcd3 would retry, and stop calling a host for a while: both are the caller's business here. */
const PLAIN_POLICY = { execute: async <T>(work: (context: object) => T) => work({}) };

/** grpc-js's `connectivityState`. */
const READY = 2;
const TRANSIENT_FAILURE = 3;
const SHUTDOWN = 4;

/** One member of the cluster, spoken to through etcd3's raw clients: each request is sent once, or not at all. */
export class Endpoint {
  private client: RawEtcd | undefined;
  private token: Promise<string> | undefined;

  constructor(
    readonly host: string,
    private readonly options: EtcdStoreOptions,
  ) {}

  /**
   * A connected client of a service, signed in; undefined when no connection is to be had within the time. Throws
   * CallFailure when the sign-in is refused.
   */
  async connect(service: Service, withinMs: number): Promise<Connection | undefined> {
    this.client ??= this.createClient();
    const connection = await this.client.connection(service);
    if (!(await isReady(connection.client, Math.min(withinMs, DIAL_MS)))) return undefined;
    // Without it a member cut off from its cluster would keep us waiting, and its watches would stay silent.
    connection.metadata.set('hasleader', 'true');
    if (this.options.username !== undefined && service !== 'Auth') {
      connection.metadata.set('token', await this.signIn(withinMs));
    }
    return connection;
  }

  /** Forgets the sign-in, so that the next call signs in anew. */
  forgetToken(): void {
    this.token = undefined;
  }

  /** Gives up the connections, which may be dead without a word: the next call makes new ones. Calls on their way go on. */
  reset(): void {
    this.client?.close();
    this.client = undefined;
    this.token = undefined;
  }

  private async signIn(withinMs: number): Promise<string> {
    this.token ??= this.authenticate(withinMs);
    try {
      return await this.token;
    } catch (error) {
      this.token = undefined;
      throw error;
    }
  }

  private async authenticate(withinMs: number): Promise<string> {
    const { username: name, password } = this.options;
    const connection = await this.connect('Auth', withinMs);
    if (!connection) throw new CallFailure(GrpcStatus.UNAVAILABLE, 'no connection to sign in', false);
    try {
      return (await call<{ token: string }>(connection, 'authenticate', { name, password }, withinMs)).token;
    } catch (error) {
      // Whatever happened to the sign-in, the request it was for was not sent.
      if (!(error instanceof CallFailure)) throw error;
      const isAway = meaningOf(error).kind === 'unavailable';
      throw new CallFailure(isAway ? error.code : GrpcStatus.PERMISSION_DENIED, error.details, !isAway);
    }
  }

  private createClient(): RawEtcd {
    const { tls } = this.options;
    const policy = PLAIN_POLICY as never;
    return new RawEtcd({
      hosts: [tls ? `https://${this.host}` : `http://${this.host}`],
      ...(typeof tls === 'object' ? { credentials: tls } : {}),
      grpcOptions: CHANNEL_OPTIONS,
      faultHandling: { global: policy, host: () => policy },
    });
  }
}

/** Sends one request, once. Throws CallFailure. */
export function call<Response>(
  { client, metadata }: Connection,
  method: string,
  request: object,
  deadlineMs: number,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const methods = client as unknown as Record<string, UnaryMethod<Response>>;
    // grpc-js wants an instant of the wall clock, and turns it into a timer at once.
    const options = { deadline: Date.now() + deadlineMs };
    try {
      methods[method]!.call(client, request, metadata, options, (error, response) => {
        if (error) reject(new CallFailure(error.code, error.details, true));
        else resolve(response!);
      });
    } catch (error) {
      // Another call that had waited too long closed this client meanwhile.
      reject(new CallFailure(GrpcStatus.UNAVAILABLE, (error as Error).message, false));
    }
  });
}

type UnaryMethod<Response> = (
  request: object,
  metadata: object,
  options: { deadline: number },
  answer: (error: { code: number; details: string } | null, response?: Response) => void,
) => unknown;

/** etcd3, opened up: it offers its raw clients only wrapped in its own fault handling. */
class RawEtcd extends Etcd3 {
  connection(service: Service) {
    return this.pool.withConnection(service, ({ client, metadata }) => ({ client, metadata }));
  }
}

/** Whether a channel is connected, or becomes so within the time; says no at once when it just failed. */
async function isReady(client: Connection['client'], withinMs: number): Promise<boolean> {
  const channel = client.getChannel();
  const deadline = Date.now() + withinMs;
  for (;;) {
    // Asked to connect, a channel that was closed meanwhile would: to nobody's use, and for good.
    if (channel.getConnectivityState(false) === SHUTDOWN) return false;
    const state = channel.getConnectivityState(true);
    if (state === READY) return true;
    if (state === TRANSIENT_FAILURE) return false;
    const isLate = await new Promise<boolean>((resolve) =>
      channel.watchConnectivityState(state, deadline, (error) => resolve(error !== undefined)),
    );
    if (isLate) return false;
  }
}
