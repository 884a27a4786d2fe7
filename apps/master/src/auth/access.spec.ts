import { ManualClock } from '@app/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, HttpFace } from '../../../../test/support/http-face.js';

describe('access', () => {
  let face: HttpFace;
  const clock = new ManualClock();

  beforeAll(async () => {
    face = await HttpFace.start({ clock });
  });
  afterAll(() => face.close());

  it('knows the bootstrap token and nothing that looks like it', async () => {
    const me = await face.call('GET', '/api/v1/auth/me');
    expect(me.json).toEqual({ kind: 'token', name: 'bootstrap', role: 'admin' });
    for (const token of [`${ADMIN_TOKEN}x`, ADMIN_TOKEN.slice(1), 'nonsense', `${ADMIN_TOKEN} `.repeat(2)]) {
      expect((await face.call('GET', '/api/v1/auth/me', { token })).status).toBe(401);
    }
  });

  it('answers 401 as a problem that says how to get in', async () => {
    const answer = await face.call('GET', '/api/v1/auth/me', { token: null });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(answer.json).toMatchObject({ type: 'about:blank', status: 401, code: 'unauthenticated' });
    expect(answer.json.requestId).toBe(answer.headers.get('x-request-id'));
  });

  it('lets a user in and out again', async () => {
    const cookie = await face.signIn('ann', 'viewer');
    const headers = { Cookie: cookie };
    expect((await face.call('GET', '/api/v1/auth/me', { token: null, headers })).json).toMatchObject({ name: 'ann' });

    const out = await face.call('POST', '/api/v1/auth/logout', { token: null, headers });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await face.call('GET', '/api/v1/auth/me', { token: null, headers })).status).toBe(401);
  });

  it('gives out a cookie that scripts cannot read and other sites cannot send', async () => {
    await face.call('POST', '/api/v1/users', { body: { username: 'cleo', password: 'correct horse', role: 'viewer' } });
    const body = { username: 'Cleo ', password: 'correct horse' };
    const answer = await face.call('POST', '/api/v1/auth/login', { token: null, body });
    expect(answer.json).toEqual({ kind: 'user', name: 'cleo', role: 'viewer' });
    expect(answer.headers.get('set-cookie')).toMatch(/; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/);
  });

  it('ends a session after its time', async () => {
    const headers = { Cookie: await face.signIn('dora', 'viewer') };
    await clock.advanceAsync(7 * 86_400_000 - 1);
    expect((await face.call('GET', '/api/v1/auth/me', { token: null, headers })).status).toBe(200);
    await clock.advanceAsync(1);
    expect((await face.call('GET', '/api/v1/auth/me', { token: null, headers })).status).toBe(401);
  });

  it('ends the sessions of a user whose password changed, or who is deleted', async () => {
    const headers = { Cookie: await face.signIn('emil', 'viewer') };
    const change = { body: { password: 'another horse' } };
    expect((await face.call('PATCH', '/api/v1/users/emil', change)).status).toBe(200);
    expect((await face.call('GET', '/api/v1/auth/me', { token: null, headers })).status).toBe(401);

    const again = { Cookie: await face.signIn('emil', 'viewer', 'another horse') };
    expect((await face.call('DELETE', '/api/v1/users/emil')).status).toBe(204);
    expect((await face.call('GET', '/api/v1/auth/me', { token: null, headers: again })).status).toBe(401);
  });

  it('refuses a revoked token at once, and one that expired', async () => {
    const { json } = await face.call('POST', '/api/v1/tokens', { body: { name: 'ci', role: 'viewer' } });
    expect(json.token).toMatch(/^fct_[\w-]{43}$/);
    expect((await face.call('GET', '/api/v1/auth/me', { token: json.token })).json.name).toBe('ci');
    expect((await face.call('DELETE', `/api/v1/tokens/${json.id}`)).status).toBe(204);
    expect((await face.call('GET', '/api/v1/auth/me', { token: json.token })).status).toBe(401);
    expect((await face.call('DELETE', `/api/v1/tokens/${json.id}`)).status).toBe(404);

    const expiresAt = new Date(clock.now() + 1000).toISOString();
    const short = await face.call('POST', '/api/v1/tokens', { body: { name: 'short', role: 'viewer', expiresAt } });
    expect((await face.call('GET', '/api/v1/auth/me', { token: short.json.token })).status).toBe(200);
    await clock.advanceAsync(1000);
    expect((await face.call('GET', '/api/v1/auth/me', { token: short.json.token })).status).toBe(401);
  });

  it('never stores or lists a secret', async () => {
    const { json } = await face.call('POST', '/api/v1/tokens', { body: { name: 'secret', role: 'viewer' } });
    const cookie = await face.signIn('fred', 'viewer', 'a password of fred');
    const page = await face.parts.store.range('/cron/auth/');
    const stored = page.entries.map((entry) => entry.key + entry.value.toString()).join('\n');
    const listed = (await face.call('GET', '/api/v1/tokens')).text + (await face.call('GET', '/api/v1/users')).text;
    for (const secret of [json.token, cookie.split('=')[1] ?? '', 'a password of fred']) {
      expect(stored).not.toContain(secret);
      expect(listed).not.toContain(secret);
    }
    expect(listed).not.toContain('argon2');
  });

  it('keeps the last admin', async () => {
    await face.signIn('gina', 'admin');
    expect((await face.call('DELETE', '/api/v1/users/gina')).json.code).toBe('conflict');
    expect((await face.call('PATCH', '/api/v1/users/gina', { body: { role: 'viewer' } })).status).toBe(409);
    await face.signIn('hugo', 'admin');
    expect((await face.call('PATCH', '/api/v1/users/gina', { body: { role: 'viewer' } })).status).toBe(200);
  });

  it('lets only admins manage access', async () => {
    for (const role of ['viewer', 'operator', 'editor']) {
      const token = await face.token(role);
      expect((await face.call('GET', '/api/v1/users', { token })).status).toBe(403);
      const body = { name: 'more', role: 'admin' };
      expect((await face.call('POST', '/api/v1/tokens', { token, body })).json.code).toBe('forbidden');
    }
  });

  it('lets people change their own password', async () => {
    const headers = { Cookie: await face.signIn('ines', 'viewer'), Origin: face.url };
    const wrong = { currentPassword: 'wrong horse', newPassword: 'newer horse' };
    expect((await face.call('POST', '/api/v1/auth/password', { token: null, headers, body: wrong })).status).toBe(401);
    const right = { currentPassword: 'correct horse', newPassword: 'newer horse' };
    const changed = await face.call('POST', '/api/v1/auth/password', { token: null, headers, body: right });
    expect(changed.status).toBe(204);
    expect((await face.call('GET', '/api/v1/auth/me', { token: null, headers })).status).toBe(401);
    const renewed = { Cookie: (changed.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '' };
    expect((await face.call('GET', '/api/v1/auth/me', { token: null, headers: renewed })).status).toBe(200);
  });
});

describe('signing in', () => {
  let face: HttpFace;
  const clock = new ManualClock();
  const login = (username: string, password: string) =>
    face.call('POST', '/api/v1/auth/login', { token: null, body: { username, password } });

  beforeAll(async () => {
    face = await HttpFace.start({ clock, options: { adminPassword: 'the first admin' } });
  });
  afterAll(() => face.close());

  it('begins with the admin of the configuration', async () => {
    expect((await login('admin', 'the first admin')).status).toBe(200);
  });

  it('says the same of an unknown user as of a wrong password', async () => {
    const unknown = await login('nobody', 'the first admin');
    const wrong = await login('admin', 'the wrong admin');
    expect(unknown.status).toBe(401);
    expect({ ...unknown.json, requestId: '' }).toEqual({ ...wrong.json, requestId: '' });
    expect((await login('../users/admin', 'the first admin')).json.code).toBe('wrong_credentials');
  });

  it('slows a hundred wrong passwords, then takes the right one', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 100; i += 1) {
      statuses.push((await login('admin', `wrong password ${i}`)).status);
    }
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(80);
    const refused = await login('admin', 'the first admin');
    expect(refused.json.code).toBe('too_many_attempts');
    await clock.advanceAsync(Number(refused.headers.get('retry-after')) * 1000);
    expect((await login('admin', 'the first admin')).status).toBe(200);
  });
});

describe('the one-time link', () => {
  it('works once, for fifteen minutes, and only while there is no user', async () => {
    const clock = new ManualClock();
    const paths: string[] = [];
    const announceLink = (path: string) => paths.push(path);
    const face = await HttpFace.start({ clock, options: { announceLink } });
    try {
      const path = paths[0] ?? '';
      expect(path).toMatch(/^\/auth\/once\?token=[\w-]{43}$/);
      expect((await face.call('HEAD', path, { token: null })).status).toBe(200);

      const opened = await face.call('GET', path, { token: null });
      expect(opened.status).toBe(303);
      const headers = { Cookie: (opened.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '' };
      const me = await face.call('GET', '/api/v1/auth/me', { token: null, headers });
      expect(me.json).toEqual({ kind: 'setup', name: 'setup', role: 'admin' });
      const again = await face.call('GET', path, { token: null });
      expect(again.status).toBe(401);
      expect(again.text).toContain('no longer valid');
    } finally {
      await face.close();
    }
  });

  it('is not valid after its time', async () => {
    const clock = new ManualClock();
    const paths: string[] = [];
    const face = await HttpFace.start({ clock, options: { announceLink: (path) => paths.push(path) } });
    await clock.advanceAsync(15 * 60_000);
    expect((await face.call('GET', paths[0] ?? '', { token: null })).status).toBe(401);
    await face.close();
  });
});
