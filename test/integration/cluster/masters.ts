import { expect, it } from 'vitest';
import { Stage } from '../../accounting/stage.js';
import { Program } from '../../support/cluster/program.js';
import { until } from '../../support/until.js';

const WITHOUT_MASTER_MS = 10_000;

/** Any master may die at any moment; the workers need none. */
export function masters(stage: () => Stage): void {
  it('shows on either master at once what was written on the other', async () => {
    const { cluster } = stage();
    for (let turn = 0; turn < 10; turn++) {
      const [here, there] = turn % 2 === 0 ? cluster.masters : [...cluster.masters].reverse();
      const name = `written-${turn}`;
      const written = await cluster.api(here).post('/jobs', { name, command: `echo ${turn}` });
      const read = await cluster.api(there).get(`/jobs/${name}`);
      expect(read).toMatchObject({ status: 200, json: { command: `echo ${turn}`, revision: written.json.revision } });

      const { json } = await cluster.api(here).post(`/jobs/${name}/run`);
      expect(await cluster.api(there).get(`/runs/${json.runId}`)).toMatchObject({ status: 200 });
      for (const path of [`/runs/${json.runId}`, `/runs?job=${name}`, `/jobs/${name}`]) {
        await until(`both show the same at ${path}`, async () => {
          const [a, b] = await Promise.all([cluster.api(here).get(path), cluster.api(there).get(path)]);
          return a.status === 200 && JSON.stringify(a.json) === JSON.stringify(b.json);
        });
      }
    }
    const lists = await Promise.all(cluster.masters.map((master) => namesOn(stage(), master)));
    expect(lists[0]).toEqual(lists[1]);
  }, 60_000);

  it('has another leader when the leader is killed', async () => {
    const leader = await leaderOf(stage());
    const other = stage().cluster.masters.find((master) => master !== leader)!;
    const killedAt = Date.now();
    await leader.kill();
    await until('the other leads', async () => (await leaderOf(stage()).catch(() => undefined)) === other, 25_000);
    stage().figures.push(`kill -9 of the leader: the other leads after ${Date.now() - killedAt} ms`);
  }, 60_000);

  it('goes on without any master, and shows everything when one is back', async () => {
    const { cluster } = stage();
    const before = await namesOn(stage(), cluster.masters.find(({ isUp }) => isUp)!);
    await Promise.all(cluster.masters.map((master) => master.kill()));
    const from = Date.now();
    await stage().untilAllTick(from + WITHOUT_MASTER_MS, WITHOUT_MASTER_MS + 10_000);
    const late = stage().lateness(stage().free, from, from + WITHOUT_MASTER_MS);
    expect(late.length).toBe(stage().free.length * (WITHOUT_MASTER_MS / 1000));
    await cluster.startAll();
    for (const master of cluster.masters) expect(await namesOn(stage(), master)).toEqual(before);
    expect(await stage().discrepancies(Date.now())).toEqual([]);
  }, 90_000);
}

async function namesOn(stage: Stage, master: Program): Promise<string[]> {
  const { json } = await stage.cluster.api(master).get('/jobs?limit=500&recentRuns=0');
  return json.items.map(({ name }: { name: string }) => name);
}

/** Throws while nobody leads. */
async function leaderOf(stage: Stage): Promise<Program> {
  const { json } = await stage.cluster.api().get('/cluster');
  const leader = json.masters.find(({ isLeader }: { isLeader: boolean }) => isLeader);
  const found = stage.cluster.masters.find(({ isUp, pid }) => isUp && pid === leader?.pid);
  if (!found) throw new Error(`nobody leads: ${JSON.stringify(json.masters)}`);
  return found;
}
