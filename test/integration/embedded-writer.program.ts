import { EmbeddedStore, put, transaction } from '@app/etcd';
import { SystemClock, silentLog } from '@app/platform';

/**
 * Writes one key after the other into the embedded store of a folder, several at a time, and prints `ack N REVISION`
 * only after N was answered. Runs until it is killed.
 */
const [folder = '', start = '0'] = process.argv.slice(2);
const store = EmbeddedStore.open({ folder, clock: new SystemClock(), log: silentLog });
const lease = await store.grantLease(600);
await store.transactAll([transaction([], [put('/presence', String(process.pid), lease)])]);
process.stdout.write(`ready ${process.pid}\n`);

for (let next = Number(start); ; ) {
  const batch = Array.from({ length: 1 + (next % 7) }, () => next++);
  await Promise.all(
    batch.map(async (number) => {
      const [settled] = await store.transactAll([
        transaction([], [put(`/n/${number}`, 'x'.repeat(number % 5_000)), put('/last', String(number))]),
      ]);
      if (settled?.ok) process.stdout.write(`ack ${number} ${settled.result.revision}\n`);
    }),
  );
}
