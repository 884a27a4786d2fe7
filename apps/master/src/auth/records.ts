import { Entry } from '@app/etcd';
import { ROLES } from '@app/platform';
import { z } from 'zod';

const instant = z.number().int().nonnegative();
const role = z.enum(ROLES);

/** A person who may sign in. */
export const userRecord = z.object({
  v: z.literal(1),
  name: z.string(),
  role,
  /** Argon2id, PHC form. */
  passwordHash: z.string(),
  /** Differs after each change of the password, and for a new user of an old name: earlier sessions have ended. */
  credential: z.number().int(),
  createdAt: instant,
  updatedAt: instant,
});
export type UserRecord = z.infer<typeof userRecord>;

/** A token for programs. Its secret is not in it. */
export const tokenRecord = z.object({
  v: z.literal(1),
  name: z.string(),
  role,
  createdBy: z.string(),
  createdAt: instant,
  /** No longer valid from this instant on; absent: valid until revoked. */
  expiresAt: instant.optional(),
});
export type TokenRecord = z.infer<typeof tokenRecord>;

/** One signed-in browser. */
export const sessionRecord = z.object({
  v: z.literal(1),
  /** Absent: signed in by a one-time link while there was no user. */
  user: z.string().optional(),
  credential: z.number().int(),
  createdAt: instant,
  expiresAt: instant,
});
export type SessionRecord = z.infer<typeof sessionRecord>;

/** A one-time sign-in link that was not used yet. */
export const linkRecord = z.object({ v: z.literal(1), expiresAt: instant });

/** The record in an entry; undefined where there is none or another client put something else there. */
export function readRecord<T>(schema: z.ZodType<T>, entry: Entry | undefined): T | undefined {
  if (!entry) {
    return undefined;
  }
  try {
    return schema.safeParse(JSON.parse(entry.value.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
