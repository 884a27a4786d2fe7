import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { findEtcd, HOW_TO_GET_ETCD, portNear, startEtcdAt } from './etcd-server.js';
import { findMongoServer, HOW_TO_GET_MONGO } from './mongo-server.js';

const FOLDER = resolve('.cache/services');
const ETCD_PORT = 2379;
const MONGO_PORT = 27_017;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Says what is missing and how to get it, and ends the program. */
function giveUp(what: string, howToGetOne: string): never {
  process.stderr.write(`There is no ${what}: ${howToGetOne}.\n`);
  process.exit(1);
}

if (findEtcd() === undefined) giveUp('etcd', HOW_TO_GET_ETCD);
mkdirSync(FOLDER, { recursive: true });
const mongo = await findMongoServer({ folder: `${FOLDER}/mongo`, port: await portNear(MONGO_PORT) });
if (mongo === undefined) giveUp('MongoDB', HOW_TO_GET_MONGO);
const etcd = await startEtcdAt({ folder: `${FOLDER}/etcd`, port: await portNear(ETCD_PORT) });

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    void Promise.all([etcd.stop(), mongo.stop()]).then(() => process.exit(0));
  });
}

say(`
${etcd.description} on ${etcd.host}, data in ${FOLDER}
${mongo.description}

In every terminal:

  export FLEETCRON_STORE=etcd://${etcd.host}/cron
  export FLEETCRON_HISTORY=${mongo.uri('fleetcron')}

Build once, then two masters and three workers, each in a terminal of its own:

  npm run build -- master worker
  FLEETCRON_HTTP_PORT=8080 FLEETCRON_ADMIN_PASSWORD='your password' npm run start:master
  FLEETCRON_HTTP_PORT=8081 npm run start:master
  FLEETCRON_DATA=data/worker-1 npm run start:worker
  FLEETCRON_DATA=data/worker-2 npm run start:worker
  FLEETCRON_DATA=data/worker-3 npm run start:worker

Ctrl-C ends etcd and MongoDB.`);
