/** One server-sent event as a client sees it. */
export interface SeenEvent {
  readonly event: string;
  readonly id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any event.
  readonly data: any;
}

/** Reads a stream of server-sent events, one at a time, as a browser would. */
export class SseClient {
  private text = '';
  private readonly reader: ReadableStreamDefaultReader<string>;

  private constructor(
    readonly response: Response,
    private readonly abort: AbortController,
  ) {
    if (!response.body) throw new Error('no stream');
    this.reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async open(url: string, headers: Record<string, string>): Promise<SseClient> {
    const abort = new AbortController();
    return new SseClient(await fetch(url, { headers, signal: abort.signal }), abort);
  }

  /** The next event; undefined when the server has ended the stream. */
  async next(): Promise<SeenEvent | undefined> {
    for (;;) {
      const end = this.text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.text.slice(0, end);
        this.text = this.text.slice(end + 2);
        if (!block.startsWith(':')) return parse(block);
        continue;
      }
      const { done, value } = await this.reader.read();
      if (done) return undefined;
      this.text += value;
    }
  }

  /** The next event of this kind; those before it are dropped. Throws when the stream ends without it. */
  async until(event: string): Promise<SeenEvent> {
    for (;;) {
      const seen = await this.next();
      if (!seen) throw new Error(`the stream ended without "${event}"`);
      if (seen.event === event) return seen;
    }
  }

  /** All events up to the end of the stream. */
  async rest(): Promise<SeenEvent[]> {
    const all: SeenEvent[] = [];
    for (let seen = await this.next(); seen; seen = await this.next()) all.push(seen);
    return all;
  }

  close(): void {
    this.abort.abort();
    this.reader.cancel().catch(() => {});
  }
}

function parse(block: string): SeenEvent {
  const field = (name: string): string | undefined =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const id = field('id');
  return {
    event: field('event') ?? 'message',
    ...(id !== undefined && { id }),
    data: JSON.parse(field('data') ?? 'null'),
  };
}
