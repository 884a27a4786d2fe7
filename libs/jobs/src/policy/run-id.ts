import { createHash } from 'node:crypto';

/** What makes a fire this fire. */
export interface FireIdentity {
  readonly jobName: string;
  /** create_revision of the job. */
  readonly generation: number;
  readonly scheduledTime: number;
  /** How often the cursor was set back by hand. */
  readonly resets: number;
  /** Shard number or broadcast target; undefined for a plain fire. */
  readonly target?: string;
}

/** Id of the run of a fire: the same on every worker, so that a claim sent twice is one claim. 26 letters and digits. */
export function fireRunId(fire: FireIdentity, attempt = 1): string {
  const text = `${fire.jobName}\n${fire.generation}\n${fire.scheduledTime}\n${fire.resets}\n${fire.target ?? ''}`;
  const digest = createHash('sha256').update(text).digest();
  return `${base32(digest)}.${attempt}`;
}

/** Id of a later attempt of the same run. */
export function attemptRunId(runId: string, attempt: number): string {
  return `${runId.replace(/\.\d+$/, '')}.${attempt}`;
}

/** Crockford's alphabet, lower case: no letter that is taken for a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function base32(digest: Buffer): string {
  let text = '';
  for (let index = 0; index < 26; index++) text += ALPHABET[(digest[index] ?? 0) & 31];
  return text;
}

/** The restore counter as it stands under `epoch`; 0 where none was ever set. */
export function readEpoch(value: Buffer | undefined): number {
  return Number(value?.toString('utf8') ?? '0') || 0;
}

/** Fencing token: fixed width, so that a later claim is also later in the order of texts. */
export function fenceOf(epoch: number, createRevision: number): string {
  return `${String(epoch).padStart(4, '0')}-${String(createRevision).padStart(16, '0')}`;
}
