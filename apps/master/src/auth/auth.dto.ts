import { ROLES } from '@app/platform';
import { z } from 'zod';
import { instant, instantInput } from '../api/fields.js';

const username = z.string().min(1).max(64).meta({ description: 'Name of the user, lower-case.', example: 'ann' });
const newPassword = z
  .string()
  .max(1000)
  .meta({ description: 'At least 8 characters.', example: 'correct horse battery', format: 'password' });
const role = z.enum(ROLES).meta({
  description: 'viewer sees; operator also runs, kills and pauses; editor also edits jobs; admin also manages access.',
  example: 'operator',
});
const tokenName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,63}$/u, 'must be 1 to 64 letters, digits, spaces or . _ -')
  .meta({ description: 'What the token is for.', example: 'ci' });

export const loginBody = z
  .strictObject({
    username: z.string().max(200).meta({ description: 'Name of the user.', example: 'admin' }),
    password: z
      .string()
      .max(1000)
      .meta({ description: 'The password.', example: 'correct horse battery', format: 'password' }),
  })
  .meta({ id: 'Login', description: 'User name and password.' });

export const passwordChangeBody = z
  .strictObject({
    currentPassword: z
      .string()
      .max(1000)
      .meta({ description: 'The password as it is now.', example: 'old horse battery' }),
    newPassword,
  })
  .meta({ id: 'PasswordChange', description: 'The old and the new password.' });

export const meDto = z
  .object({
    kind: z.enum(['user', 'token', 'setup']).meta({
      description: '`setup`: signed in by the one-time link of an installation without users.',
      example: 'user',
    }),
    name: z.string().meta({ description: 'Name of the user or of the token.', example: 'ann' }),
    role,
  })
  .meta({ id: 'Me', description: 'Who is asking.' });

export const userDto = z
  .object({
    username,
    role,
    createdAt: instant('When the account was made.'),
    updatedAt: instant('When its role or password last changed.'),
  })
  .meta({ id: 'User', description: 'A person who may sign in.' });

export const userListDto = z
  .object({ items: z.array(userDto).meta({ description: 'All users by name.' }) })
  .meta({ id: 'UserList', description: 'All users.' });

export const newUserBody = z
  .strictObject({ username, password: newPassword, role })
  .meta({ id: 'NewUser', description: 'An account to make.' });

export const userChangeBody = z
  .strictObject({ role: role.optional(), password: newPassword.optional() })
  .meta({ id: 'UserChange', description: 'What to change of an account; a new password ends its sessions.' });

export const tokenDto = z
  .object({
    id: z.string().meta({ description: 'Names the token; says nothing of its secret.', example: '9f86d081884c7d65' }),
    name: tokenName,
    role,
    createdBy: z.string().meta({ description: 'Who made it.', example: 'ann' }),
    createdAt: instant('When it was made.'),
    expiresAt: instant('From when on it is not valid; absent: until revoked.').optional(),
  })
  .meta({ id: 'Token', description: 'A token for programs, without its secret.' });

export const tokenListDto = z
  .object({ items: z.array(tokenDto).meta({ description: 'All tokens, newest first.' }) })
  .meta({ id: 'TokenList', description: 'All tokens.' });

export const newTokenBody = z
  .strictObject({
    name: tokenName,
    role,
    expiresAt: instantInput('From when on it is not valid; absent: until revoked.').optional(),
  })
  .meta({ id: 'NewToken', description: 'A token to make.' });

export const createdTokenDto = tokenDto
  .extend({
    token: z.string().meta({
      description: 'The secret. Shown this once; send it as `Authorization: Bearer ...`.',
      example: 'fct_hkVbm1J3l5XQ2W8n0c7dY4aZr6tUeOiPsGfK9vLx-_B',
    }),
  })
  .meta({ id: 'CreatedToken', description: 'A new token with its secret.' });
