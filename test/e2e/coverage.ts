/** A record as the API gives it, as far as fires are concerned. */
export interface FireRecord {
  readonly id: string;
  readonly status: string;
  readonly trigger: string;
  readonly attempt: number;
  readonly scheduledTime?: string;
  readonly untilTime?: string;
}

/** A stretch of time: `from` exclusive, `to` inclusive, epoch milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Where the records of a job that fires every `everyMs` do not cover each scheduled time of a stretch exactly once. Empty:
 * nothing is missing and nothing is there twice.
 */
export function uncovered(records: readonly FireRecord[], everyMs: number, { from, to }: Stretch): string[] {
  const spans = records
    .filter(({ trigger, attempt }) => (trigger === 'schedule' || trigger === 'catchUp') && attempt === 1)
    .map(({ id, status, scheduledTime = '', untilTime = scheduledTime }) => {
      return { what: `${id} ${status}`, from: Date.parse(scheduledTime), to: Date.parse(untilTime) };
    });
  const wrong: string[] = [];
  for (let time = Math.floor(from / everyMs) * everyMs + everyMs; time <= to; time += everyMs) {
    const covering = spans.filter((span) => span.from <= time && time <= span.to);
    if (covering.length === 1) continue;
    wrong.push(`${new Date(time).toISOString()}: ${covering.map(({ what }) => what).join(' and ') || 'no record'}`);
  }
  return wrong;
}
