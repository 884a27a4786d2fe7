/** What a person or a token may do, each including the one before: see, run, edit, administer. */
export const ROLES = ['viewer', 'operator', 'editor', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** True where somebody holding `held` may do what asks for `needed`. */
export function roleAllows(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed);
}
