import type { Replacement } from './bundle.js';

/** A bug planted in the product's code, which the simulation must see. */
export interface Mutant {
  readonly name: string;
  readonly plants: readonly Replacement[];
  /** What its violations say: one of them must match. */
  readonly expect: RegExp;
}

const DECISION = 'libs/jobs/src/claiming/decision.ts';
const SCHEDULER = 'libs/jobs/src/scheduling/scheduler.ts';

/** Every one of them is a mistake that somebody made, here or elsewhere, and that reads well. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a claim does not compare the cursor',
    plants: [
      {
        file: DECISION,
        find: "    { key: keys.cursor(jobName), field: 'modRevision', equals: decision.known.revision },\n",
        replace: '',
      },
    ],
    expect: /duplicate|cursor of .* went back|accounted twice/,
  },
  {
    name: 'the lock dies with the session, and not with the run',
    plants: [
      {
        file: DECISION,
        find: 'then.push(keys.jobLocks.take(keys.lock(jobName, lock.slot), writeLockHolder(holder)));',
        replace: `const taken = keys.jobLocks.take(keys.lock(jobName, lock.slot), writeLockHolder(holder));
    then.push({ ...taken, lease: session.session } as Operation);`,
      },
    ],
    expect: /overlap/,
  },
  {
    name: 'refused means refused, though the reply to an earlier copy was lost',
    plants: [
      {
        file: DECISION,
        find: 'if (mine && runEntry && isSameSession(mine, decision.session)) {',
        replace: 'if (mine && runEntry && isSameSession(mine, decision.session) && decision.known.revision < 0) {',
      },
    ],
    expect: /silent miss|no record/,
  },
  {
    name: 'the gap is written once the claim is acknowledged, and not with it',
    plants: [
      {
        file: DECISION,
        find: 'value: writeRunEntry(entry) });\n    otherwise',
        replace: "value: writeRunEntry(entry.state === 'claimed' ? { ...entry, gap: [] } : entry) });\n    otherwise",
      },
    ],
    expect: /silent miss/,
  },
  {
    name: 'a fire counts as decided because the worker before us is there',
    plants: [
      {
        file: SCHEDULER,
        find: '    if (delay === undefined) return;\n',
        replace: `    if (delay === undefined) return;
    if (rank > 0 && track.known?.cursor) {
      track.learn({ cursor: { ...track.known.cursor, at: fire }, revision: track.known.revision });
      return;
    }
`,
      },
    ],
    expect: /silent miss/,
  },
  {
    name: 'a deleted job takes its cursor along',
    plants: [
      {
        file: 'libs/jobs/src/control/edit-plan.ts',
        find: `{ kind: 'put', key: keys.cursor(name), value: writeCursor(next) },
      ...decisions(keys, undecided(read, editor, 'deleted'))`,
        replace: `{ kind: 'delete', key: keys.cursor(name) },
      ...decisions(keys, undecided(read, editor, 'deleted'))`,
      },
    ],
    expect: /cursor of .* went back|duplicate/,
  },
  {
    name: 'a worker has one ownership deadline for all its sessions',
    plants: [
      {
        file: 'apps/worker/src/running/supervisor/session-deadlines.ts',
        find: 'this.bySession.set(session, bootMs);',
        replace: 'for (const each of [...this.bySession.keys(), session]) this.bySession.set(each, bootMs);',
      },
    ],
    expect: /overlap/,
  },
  {
    name: 'the audit takes up a run whose claim is still on its way',
    plants: [
      {
        file: 'libs/jobs/src/recovery/auditor.ts',
        find: '      if (this.around.isInFlight(entry)) continue;\n',
        replace: '',
      },
    ],
    expect: /duplicate|lying record/,
  },
  {
    name: 'a reading of the cursor is believed though it is older than what is known',
    plants: [
      {
        file: 'libs/jobs/src/scheduling/job-track.ts',
        find: '    if (this.newest && known.revision < this.newest.revision) return;\n',
        replace: '',
      },
    ],
    expect: /duplicate|accounted twice|lying record|went back/,
  },
  {
    name: 'an accepted end of a request is taken for the end, though it was its earlier claim that was accepted',
    plants: [
      {
        file: 'libs/jobs/src/requests/request-desk.ts',
        find: '    this.conclude(pending, this.around.definition(request.jobName), answer);\n',
        replace: `    if (answer.kind === 'accepted') this.around.decided(answer.entry, answer.modRevision);
    else this.conclude(pending, this.around.definition(request.jobName), answer);
`,
      },
    ],
    expect: /forgotten before it had ended|never ended|lying record|left behind/,
  },
];
