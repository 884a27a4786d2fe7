import { hash, verify } from '@node-rs/argon2';
import { type FieldError, InvalidInput } from '../errors.js';
import { newSecret } from './secrets.js';

/** Shortest password taken, in characters (NIST SP 800-63B). */
export const PASSWORD_MIN_LENGTH = 8;
/** Longest, so that hashing a megabyte cannot be asked for. */
const PASSWORD_MAX_LENGTH = 256;

/** What is wrong with a new password; undefined when it will do. */
function passwordProblem(password: string, path = 'password'): FieldError | undefined {
  const length = [...password].length;
  if (length < PASSWORD_MIN_LENGTH) {
    return { path, message: `must have at least ${PASSWORD_MIN_LENGTH} characters` };
  }
  if (length > PASSWORD_MAX_LENGTH) {
    return { path, message: `must have at most ${PASSWORD_MAX_LENGTH} characters` };
  }
  return undefined;
}

/** Argon2id in PHC form (19 MiB, two passes: the OWASP recommendation). Throws InvalidInput for a password that will not do. */
export async function hashPassword(password: string): Promise<string> {
  const problem = passwordProblem(password);
  if (problem) {
    throw new InvalidInput([problem]);
  }
  return hash(password.normalize('NFKC'));
}

/**
 * Whether the password is the one that was hashed. Without a hash (no such user) it does the same work against another
 * and says no, so that the time taken does not tell whether the user exists. A damaged hash is a no as well.
 */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const candidate = [...password].length > PASSWORD_MAX_LENGTH ? '' : password.normalize('NFKC');
  if (passwordHash === undefined) {
    await verify(await decoy(), candidate);
    return false;
  }
  try {
    return await verify(passwordHash, candidate);
  } catch {
    return false;
  }
}

let decoyHash: Promise<string> | undefined;

/** Hash of a password nobody has; made once. */
function decoy(): Promise<string> {
  decoyHash ??= hash(newSecret());
  return decoyHash;
}
