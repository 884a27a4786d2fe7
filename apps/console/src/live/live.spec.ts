import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangeBatch } from './batch';
import type { FeedMessage, RunChange } from './changes';
import { EventFeed } from './event-feed';
import { Pace } from './pace';
import { Tab } from './tab';

function run(id: string, status: RunChange['status'], revision = 1): RunChange {
  return { kind: 'run', id, jobName: 'job', status, scheduledTime: '2026-11-21T01:00:00.000Z', attempt: 1, revision };
}

describe('ChangeBatch', () => {
  it('keeps the latest of each thing, in the order of the last change', () => {
    const batch = new ChangeBatch();
    batch.add(run('a', 'queued'));
    batch.add(run('b', 'running'));
    batch.add(run('a', 'running'));
    expect(batch.take()).toEqual([run('b', 'running'), run('a', 'running')]);
    expect(batch.isEmpty).toBe(true);
  });

  it('gives up telling each beyond its bound, and begins anew', () => {
    const batch = new ChangeBatch();
    for (let n = 0; n < 5_000; n += 1) batch.add(run(`r${n}`, 'running'));
    expect(batch.take()).toBe('reset');
    batch.add(run('a', 'running'));
    expect(batch.take()).toHaveLength(1);
  });
});

describe('Pace', () => {
  const sent: FeedMessage[] = [];
  const told = (...changes: RunChange[]): FeedMessage => ({ type: 'changes', changes });
  let pace: Pace;

  beforeEach(() => {
    sent.length = 0;
    pace = new Pace((message) => void sent.push(message));
  });

  it('tells a page nothing more until it has heard, then the latest of each thing at once', () => {
    pace.tell(told(run('a', 'queued')));
    pace.tell(told(run('b', 'queued'), run('a', 'running')));
    pace.tell(told(run('b', 'succeeded')));
    expect(sent).toEqual([told(run('a', 'queued'))]);
    pace.heard();
    expect(sent.slice(1)).toEqual([told(run('a', 'running'), run('b', 'succeeded'))]);
    pace.heard();
    expect(sent).toHaveLength(2);
    pace.tell(told(run('c', 'queued')));
    expect(sent).toHaveLength(3);
  });

  it('has a page that is far behind read again, and tells at once how the connection stands', () => {
    pace.tell(told(run('a', 'queued')));
    for (let n = 0; n < 5_000; n += 1) pace.tell(told(run(`r${n}`, 'running')));
    pace.tell({ type: 'state', state: 'lost' });
    expect(sent.at(-1)).toEqual({ type: 'state', state: 'lost' });
    pace.tell({ type: 'reset' });
    pace.heard();
    expect(sent.slice(2)).toEqual([{ type: 'reset' }]);
  });
});

describe('EventFeed', () => {
  let streams: ReadableStreamDefaultController<Uint8Array>[];
  let asked: Headers[];
  let answer: () => Response;
  const heard: FeedMessage[] = [];
  let leave: (() => void) | undefined;

  beforeEach(() => {
    streams = [];
    asked = [];
    heard.length = 0;
    answer = () =>
      new Response(new ReadableStream<Uint8Array>({ start: (controller) => void streams.push(controller) }));
    vi.stubGlobal('fetch', async (_address: string, init: RequestInit) => {
      asked.push(new Headers(init.headers));
      return answer();
    });
  });
  afterEach(() => {
    leave?.();
    vi.unstubAllGlobals();
  });

  const send = (text: string) => streams.at(-1)?.enqueue(new TextEncoder().encode(text));
  const states = () => heard.flatMap((each) => (each.type === 'state' ? [each.state] : []));
  const listen = (feed = new EventFeed('/events')) => {
    leave = feed.listen((message) => void heard.push(message));
    return feed;
  };

  it('tells changes in batches', async () => {
    listen();
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    send('event: ready\nid: 7\ndata: {}\n\n');
    send('event: run\nid: 8\ndata: {"id":"r1","jobName":"job","status":"running"}\n\n');
    send('event: run\nid: 9\ndata: {"id":"r1","jobName":"job","status":"failed"}\n\n');
    await vi.waitFor(() => expect(heard.at(-1)?.type).toBe('changes'));
    expect(heard.at(-1)).toMatchObject({ changes: [{ kind: 'run', id: 'r1', status: 'failed' }] });
    expect(states()).toEqual(['connecting', 'open']);
  });

  it('resumes after the last id when the connection is lost', async () => {
    listen();
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    expect(asked[0]?.get('last-event-id')).toBeNull();
    send('event: ready\nid: 7\ndata: {}\n\nevent: job\nid: 12\ndata: {"name":"a","change":"changed"}\n\n');
    await vi.waitFor(() => expect(states()).toContain('open'));
    streams[0]?.error(new Error('gone'));
    await vi.waitFor(() => expect(states().at(-1)).toBe('lost'));
    await vi.waitFor(() => expect(asked[1]?.get('last-event-id')).toBe('12'));
    send('event: ready\nid: 12\ndata: {}\n\n');
    await vi.waitFor(() => expect(states().at(-1)).toBe('open'));
  });

  it('says so when the server forgot what was missed', async () => {
    listen();
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    send('event: reset\nid: 99\ndata: {}\n\n');
    await vi.waitFor(() => expect(heard.at(-1)).toEqual({ type: 'reset' }));
  });

  it('asks for a sign-in, and goes on when woken', async () => {
    answer = () => new Response('', { status: 401 });
    const feed = listen();
    await vi.waitFor(() => expect(states().at(-1)).toBe('signedOut'));
    answer = () => new Response(new ReadableStream<Uint8Array>({ start: (each) => void streams.push(each) }));
    feed.wake();
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    send('event: ready\nid: 7\ndata: {}\n\n');
    await vi.waitFor(() => expect(states().at(-1)).toBe('open'));
  });

  it('has everything read again where nobody knows what changed before it was first followed', async () => {
    answer = () => new Response('', { status: 503 });
    const feed = listen();
    await vi.waitFor(() => expect(states().at(-1)).toBe('lost'));
    answer = () => new Response(new ReadableStream<Uint8Array>({ start: (each) => void streams.push(each) }));
    feed.wake();
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    send('event: ready\nid: 7\ndata: {}\n\n');
    await vi.waitFor(() => expect(heard.at(-1)).toEqual({ type: 'reset' }));
    streams[0]?.error(new Error('gone'));
    await vi.waitFor(() => expect(streams).toHaveLength(2));
    expect(asked.at(-1)?.get('last-event-id')).toBe('7');
    heard.length = 0;
    send('event: ready\nid: 7\ndata: {}\n\nevent: job\nid: 8\ndata: {"name":"a","change":"changed"}\n\n');
    await vi.waitFor(() => expect(heard.at(-1)?.type).toBe('changes'));
    expect(heard.filter(({ type }) => type === 'reset')).toEqual([]);
  });

  it('tries at once for somebody who comes after a sign-in', async () => {
    answer = () => new Response('', { status: 401 });
    const feed = listen();
    const leaveFirst = leave;
    await vi.waitFor(() => expect(states().at(-1)).toBe('signedOut'));
    answer = () => new Response(new ReadableStream<Uint8Array>({ start: (each) => void streams.push(each) }));
    const told: FeedMessage[] = [];
    leave = feed.listen((message) => void told.push(message));
    leaveFirst?.();
    expect(told).toEqual([{ type: 'state', state: 'connecting' }]);
    await vi.waitFor(() => expect(streams).toHaveLength(1));
  });

  it('ends its connection with its last listener', async () => {
    let isAborted = false;
    vi.stubGlobal('fetch', async (_address: string, { signal }: RequestInit) => {
      signal?.addEventListener('abort', () => {
        isAborted = true;
      });
      return answer();
    });
    listen();
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    leave?.();
    expect(isAborted).toBe(true);
  });
});

describe('Tab', () => {
  const sent: FeedMessage[] = [];
  let listener: ((message: FeedMessage) => void) | undefined;
  let tab: Tab;

  beforeEach(() => {
    vi.useFakeTimers();
    sent.length = 0;
    const feed = {
      listen: (each: (message: FeedMessage) => void) => {
        listener = each;
        each({ type: 'state', state: 'open' });
        return () => {
          listener = undefined;
        };
      },
    };
    tab = new Tab(feed as unknown as EventFeed, (message) => void sent.push(message));
  });
  afterEach(() => vi.useRealTimers());

  it('listens for as long as the tab says that it is there', () => {
    for (let minute = 0; minute < 5; minute += 1) {
      vi.advanceTimersByTime(60_000);
      tab.said('here');
    }
    expect(listener).toBeDefined();
    vi.advanceTimersByTime(100_000);
    expect(listener).toBeUndefined();
  });

  it('has one that was only asleep read again what it shows, and goes on telling it', () => {
    vi.advanceTimersByTime(100_000);
    sent.length = 0;
    tab.said('here');
    expect(sent).toEqual([{ type: 'state', state: 'open' }, { type: 'reset' }]);
    tab.said('heard');
    listener?.({ type: 'changes', changes: [run('a', 'running')] });
    expect(sent.at(-1)).toEqual({ type: 'changes', changes: [run('a', 'running')] });
    vi.advanceTimersByTime(100_000);
    expect(listener).toBeUndefined();
  });

  it('is left alone once it leaves', () => {
    tab.said('leave');
    expect(listener).toBeUndefined();
    vi.advanceTimersByTime(1_000_000);
    expect(sent).toEqual([{ type: 'state', state: 'open' }]);
  });
});
