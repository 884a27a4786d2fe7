import { getPriority, setPriority } from 'node:os';
import { Journal } from '../journal/journal.js';
import { JournalFolder } from '../journal/journal-files.js';
import { readBootId, readProcess } from '../processes/process-table.js';
import { ownMeans } from '../processes/spawn-plan.js';
import { Sweeper } from '../processes/sweeper.js';
import { SystemUsers } from '../processes/system-user.js';
import type { SupervisorConfig, ToSupervisor } from '../wire/messages.js';
import { systemClocks } from './clocks.js';
import { speakLastWords } from './last-words.js';
import { Link } from './link.js';
import { PosixSpawn } from './posix-spawn.js';
import { Spawner } from './spawner.js';
import { Supervisor } from './supervisor.js';

// The supervisor's program. It is small on purpose: where processes are started by fork, what one costs grows with the
// memory of this one, so nothing of the worker is loaded here. It ends when its link to the worker does, and by nothing
// milder than SIGKILL before that: whoever signals the whole service must not take the runs' guardian first.
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => {});
process.stderr.on('error', () => {});
// The worker's precedence is over the commands, and those have this program's.
if (getPriority() < 0) setPriority(0);

const config = JSON.parse(process.argv[2] ?? '') as SupervisorConfig;
const { pid } = process;
const journal = await Journal.open(new JournalFolder(config.journalFolder), {
  boot: readBootId(),
  pid,
  ticks: readProcess(pid)?.startTicks,
  worker: config.workerId,
}).catch((error: Error) => {
  console.error(`The journal in ${config.journalFolder} cannot be read: ${error.message}`);
  process.exit(1);
});
const spawner = new Spawner(await PosixSpawn.load((reason) => console.error(`Starting processes by fork: ${reason}`)));
let isClosed = false;
const link = Link.ofThisProcess({
  message: (message) => (message.t === 'close' ? void close(message) : supervisor.handle(message)),
  closed: () => void afterTheWorker(),
});
const supervisor = new Supervisor({
  workerId: config.workerId,
  earlierSessions: config.earlierSessions,
  journal,
  worker: link,
  sweeper: new Sweeper(),
  users: new SystemUsers(),
  means: ownMeans(),
  spawner,
  clocks: systemClocks,
});
link.tell({ t: 'ready' });

async function close({ graceMs }: Extract<ToSupervisor, { t: 'close' }>): Promise<void> {
  await supervisor.close(graceMs);
  isClosed = true;
  await link.end();
  process.exit(0);
}

async function afterTheWorker(): Promise<void> {
  if (isClosed) return;
  const words = await supervisor.bury();
  // Without a session there is no claim anybody could wait for.
  if (config.lastWords && words.session !== '' && !(await speakLastWords(config.lastWords, words))) {
    console.error(
      'The last words of a dead worker could not be spoken; its runs are declared lost when their time is over.',
    );
  }
  process.exit(0);
}
