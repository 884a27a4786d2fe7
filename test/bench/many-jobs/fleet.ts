import { Etcd3 } from 'etcd3';

const JOBS = '/cron/jobs/';
const CURSORS = '/cron/cursors/';
const PUTS_PER_TRANSACTION = 100;
const TRANSACTIONS_AT_ONCE = 4;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Shanghai', 'Asia/Kolkata'];
const TEAMS = ['billing', 'search', 'infra', 'data'];

/** What is put under the name of a job. */
export interface WrittenJob {
  readonly name: string;
  readonly value: string;
  /** Whether it is a job at all. */
  readonly isValid: boolean;
}

/**
 * Jobs of about 150 bytes as a fleet has them: five zones, seven thousand different schedules, one in a hundred paused,
 * one in ten thousand no job at all. None of them is due within the next months.
 */
export function* quietJobs(count: number): Generator<WrittenJob> {
  const month = ((new Date().getUTCMonth() + 6) % 12) + 1;
  for (let i = 0; i < count; i++) {
    const name = `job-${String(i).padStart(7, '0')}`;
    if (i % 10_000 === 77) {
      yield { name, value: `{"name":"${name}","command":`, isValid: false };
      continue;
    }
    const time = i % 2 === 0 ? 'H H' : `${(i * 7) % 60} ${Math.floor(i / 60) % 24}`;
    const document = {
      name,
      command: `/usr/local/bin/sync-tenant --id ${i}`,
      cronExpr: `${time} 1 ${month} *`,
      timezone: ZONES[i % ZONES.length],
      labels: { team: TEAMS[Math.floor(i / 5) % TEAMS.length] },
      ...(i % 100 === 50 ? { paused: true } : {}),
    };
    yield { name, value: JSON.stringify(document), isValid: true };
  }
}

/** Jobs that run a command every second, spread among those of `quietJobs` by their names. They may overlap. */
export function busyJobs(count: number, from: number, among: number, command: string): WrittenJob[] {
  return Array.from({ length: count }, (_, i) => {
    const name = `job-${String(Math.floor(((i + 0.5) / count) * among)).padStart(7, '0')}-busy-${from + i}`;
    const document = { name, command, cronExpr: '* * * * * *', concurrencyPolicy: 'allow' };
    return { name, value: JSON.stringify(document), isValid: true };
  });
}

/** Puts jobs as a script of an operator would, without asking the product; resolves with their number. */
export async function putJobs(etcd: Etcd3, jobs: Iterable<WrittenJob>): Promise<number> {
  const iterator = jobs[Symbol.iterator]();
  let put = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      const success = [];
      while (success.length < PUTS_PER_TRANSACTION) {
        const { value: job, done } = iterator.next();
        if (done) break;
        success.push({ request_put: { key: Buffer.from(JOBS + job.name), value: Buffer.from(job.value) } });
      }
      if (success.length === 0) return;
      await etcd.kv.txn({ compare: [], success, failure: [] });
      put += success.length;
    }
  };
  await Promise.all(Array.from({ length: TRANSACTIONS_AT_ONCE }, work));
  return put;
}

/** How many jobs a worker has taken up so far. */
export function countCursors(etcd: Etcd3): Promise<number> {
  return etcd.getAll().prefix(CURSORS).count();
}

/** What nobody who starts can do without: every job and cursor read once, five thousand to a page. */
export async function readEverything(etcd: Etcd3): Promise<{ keys: number; bytes: number; ms: number }> {
  const since = performance.now();
  let keys = 0;
  let bytes = 0;
  for (const prefix of [JOBS, CURSORS]) {
    const end = Buffer.from(prefix);
    end[end.length - 1]! += 1;
    for (let key = Buffer.from(prefix), more = true; more; ) {
      const page = await etcd.kv.range({ key, range_end: end, limit: 5_000 });
      for (const { value } of page.kvs) bytes += value.length;
      keys += page.kvs.length;
      more = page.more;
      if (more) key = Buffer.concat([page.kvs.at(-1)!.key, Buffer.from([0])]);
    }
  }
  return { keys, bytes, ms: Math.round(performance.now() - since) };
}
