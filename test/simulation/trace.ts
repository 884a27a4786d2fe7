import type { CoordinationStore } from '@app/etcd';

/** Prints what is put under keys that hold the text, for looking into one seed. */
export function trace(store: CoordinationStore, text: string, now: () => number): void {
  store.watch('/cron/', 1, {
    events: (events) => {
      for (const event of events) {
        const key = event.kind === 'put' ? event.entry.key : event.key;
        if (!key.includes(text)) continue;
        const value = event.kind === 'put' ? event.entry.value.toString('utf8') : '(deleted)';
        process.stderr.write(`${now()} ${key} ${value}\n`);
      }
    },
    startOver: () => {},
  });
}
