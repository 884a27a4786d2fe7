import { CancelTimer } from '@app/platform';
import { IEvent, IWatchRequest, IWatchResponse } from 'etcd3';
import { Watch, WatchEvent, WatchListener } from '../port/coordination-store.js';
import { CallFailure } from './call-failure.js';
import { Cluster } from './cluster.js';
import { decodeEntry, isNameable, prefixRange } from './codec.js';
import { Endpoint } from './endpoint.js';
import { EtcdStoreOptions } from './etcd-options.js';

/** Looking for a connection to watch on takes no longer than this. */
const CONNECT_MS = 5_000;

const DEFAULT_SILENCE_MS = 30_000;

/**
 * One watch on one stream of its own. It never resumes: whatever ends it, or leaves it in doubt, is told as `startOver`,
 * and listing again is up to the caller. (etcd3's own watcher resumes from the revision of the last header, and loses
 * what lies between that and the last event.)
 *
 * States: connecting -> open -> ended, by `close` or by `startOver`.
 */
export class WatchStream implements Watch {
  private stream: RawWatch | undefined;
  private endpoint: Endpoint | undefined;
  private hasEnded = false;
  private isCreated = false;
  private heardAt = 0;
  private cancelTimer: CancelTimer = () => {};
  /** Events of a response that etcd sends in parts. */
  private parts: IEvent[] = [];

  constructor(
    private readonly cluster: Cluster,
    private readonly options: EtcdStoreOptions,
    private readonly prefix: string,
    private readonly fromRevision: number,
    private readonly listener: WatchListener,
    private readonly onEnd: (watch: WatchStream) => void,
  ) {}

  /** Opens the stream. Never throws: what goes wrong is told as `startOver`. */
  async open(): Promise<void> {
    try {
      const { endpoint, connection } = await this.cluster.connect('Watch', CONNECT_MS);
      if (this.hasEnded) return;
      this.endpoint = endpoint;
      this.stream = openRawWatch(connection);
    } catch (error) {
      this.startOver(`no watch could be opened: ${(error as Error).message}`);
      return;
    }
    this.listenTo(this.stream);
    this.heard();
    this.stream.write({
      create_request: {
        ...prefixRange(this.prefix),
        start_revision: this.fromRevision,
        progress_notify: true,
        fragment: true,
      },
    });
  }

  close(): void {
    this.end();
  }

  private listenTo(stream: RawWatch): void {
    stream.on('data', (response) => this.onResponse(response));
    // An error nobody listens for would end the process, also one that comes after the end.
    stream.on('error', (error) => this.onBroken(error as { code?: number; details?: string } & Error));
    stream.on('end', () => this.startOver('etcd ended the watch'));
  }

  private onResponse(response: IWatchResponse): void {
    if (this.hasEnded) return;
    this.heardAt = this.options.clock.monotonic();
    if (response.compact_revision !== '0') {
      this.startOver(`revision ${this.fromRevision} is compacted, up to ${response.compact_revision}`);
    } else if (response.canceled) {
      // Also how etcd answers to a sign-in that has expired.
      if (!this.isCreated) this.endpoint?.forgetToken();
      this.startOver(`etcd cancelled the watch: ${response.cancel_reason || 'no reason given'}`);
    } else if (response.created) {
      this.isCreated = true;
    } else if (response.events.length > 0) {
      this.parts.push(...response.events);
      if (!response.fragment) this.deliver();
    }
  }

  private deliver(): void {
    const events = this.parts.filter((event) => isNameable(event.kv)).map(decodeEvent);
    this.parts = [];
    if (events.length > 0) this.listener.events(events);
  }

  private onBroken(error: { code?: number; details?: string } & Error): void {
    if (this.hasEnded) return;
    this.cluster.turnFrom(this.endpoint!, new CallFailure(error.code ?? 2, error.details ?? error.message, true));
    this.startOver(`the connection of the watch broke: ${error.message}`);
  }

  /** Asks for a sign of life when nothing was heard for a while, and gives up when none comes. */
  private heard(): void {
    const silenceMs = this.options.watchSilenceMs ?? DEFAULT_SILENCE_MS;
    this.heardAt = this.options.clock.monotonic();
    const look = (): void => {
      const silentMs = this.options.clock.monotonic() - this.heardAt;
      if (silentMs >= silenceMs) {
        this.cluster.turnFrom(this.endpoint!, new CallFailure(4, 'the watch fell silent', true));
        this.startOver(`nothing was heard of the watch for ${Math.round(silentMs)} ms`);
        return;
      }
      if (silentMs >= silenceMs / 3) this.stream?.write({ progress_request: {} });
      this.cancelTimer = this.options.clock.timer(silenceMs / 3, look);
    };
    this.cancelTimer = this.options.clock.timer(silenceMs / 3, look);
  }

  private startOver(reason: string): void {
    if (this.hasEnded) return;
    this.end();
    this.listener.startOver(reason);
  }

  private end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.cancelTimer();
    this.stream?.cancel();
    this.onEnd(this);
  }
}

function decodeEvent({ type, kv }: IEvent): WatchEvent {
  if (type === 'Put') return { kind: 'put', entry: decodeEntry(kv) };
  return { kind: 'delete', key: kv.key.toString(), modRevision: Number(kv.mod_revision) };
}

interface RawWatch {
  write(request: IWatchRequest): void;
  cancel(): void;
  on(event: 'data', listener: (response: IWatchResponse) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'end', listener: () => void): void;
}

function openRawWatch({ client, metadata }: { client: object; metadata: object }): RawWatch {
  return (client as { watch(metadata: object): RawWatch }).watch(metadata);
}
