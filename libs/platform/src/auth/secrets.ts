import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new secret nobody can guess: 256 random bits as 43 characters of base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What is stored instead of a secret: sha256, 64 hex digits. Fast on purpose: it is for random secrets of 256 bits only,
 * never for passwords that people choose.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** Whether two secrets are equal, in a time that tells nothing of where they differ nor of their lengths. */
export function secretsEqual(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value, 'utf8').digest();
}
