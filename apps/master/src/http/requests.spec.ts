import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpFace } from '../../../../test/support/http-face.js';

describe('a request', () => {
  let face: HttpFace;

  beforeAll(async () => {
    face = await HttpFace.start();
  });
  afterAll(() => face.close());

  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    face.call('POST', '/api/v1/jobs', { body: body as string, headers });

  it.each([
    ['no JSON', '{"name": '],
    ['a key given twice', '{"name": "a", "command": "x", "name": "b"}'],
    ['a key given twice in disguise', '{"name": "a", "n\\u0061me": "b"}'],
    ['a prototype', '{"name": "a", "__proto__": {}}'],
    ['ten thousand levels', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['a byte order mark', '\ufeff{"name": "a"}'],
    ['nothing but a space', ' '],
  ])('with %s answers 400', async (_what, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'malformed_request', type: 'about:blank' });
  });

  it('with bytes that are no UTF-8 answers 400', async () => {
    expect((await post(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).json.code).toBe('malformed_request');
  });

  it('with a body over 256 KiB answers 413, however it is sent', async () => {
    const big = JSON.stringify({ name: 'big', command: 'x'.repeat(300_000) });
    expect((await post(big)).json.code).toBe('body_too_large');
    const chunked = await fetch(`${face.url}/api/v1/jobs`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await face.token('editor')}`, 'Content-Type': 'application/json' },
      body: new Blob([big]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
  });

  it('with another media type answers 415, and compressed 400', async () => {
    expect((await post('{}', { 'Content-Type': 'text/plain' })).json.code).toBe('unsupported_media_type');
    expect((await post('{}', { 'Content-Encoding': 'gzip' })).status).toBe(400);
  });

  it.each([
    'limit=1e9',
    'limit=0',
    'limit=501',
    'limit=-1',
    'limit=',
    'limit=10&limit=20',
    'job[$ne]=x',
    'job%5B$ne%5D=x',
    'job.name=x',
    '__proto__=x',
    'unknown=1',
    'status=sleeping',
    'from=yesterday',
    'from=2026-01-01',
    'cursor=forged',
    'search=%ff',
    'search=',
  ])('with the query %j answers 400', async (query) => {
    const answer = await face.call('GET', `/api/v1/runs?${query}`);
    expect(answer.status).toBe(400);
    expect(['invalid_query', 'malformed_request']).toContain(answer.json.code);
  });

  it('names each parameter that is wrong', async () => {
    const { json } = await face.call('GET', '/api/v1/runs?limit=1e9&unknown=1');
    expect(json.errors).toMatchObject([
      { path: 'limit', message: 'must be a whole number from 1 to 500' },
      { path: 'unknown', message: 'is not a parameter of this call' },
    ]);
  });

  it('with parameters where none are taken answers 400', async () => {
    expect((await face.call('GET', '/api/v1/workers?limit=1')).json.code).toBe('invalid_query');
    expect((await face.call('GET', '/api/v1/auth/me?x=1')).status).toBe(400);
  });

  it('answers an unknown path and method with a problem', async () => {
    expect((await face.call('GET', '/api/v1/nothing')).json).toMatchObject({ status: 404, code: 'not_found' });
    expect((await face.call('DELETE', '/api/v1/jobs')).json).toMatchObject({ status: 404 });
  });

  it('keeps the id of a caller, unless it is one to be careful with', async () => {
    const answer = await face.call('GET', '/livez', { headers: { 'X-Request-Id': 'abc-123' } });
    expect(answer.headers.get('x-request-id')).toBe('abc-123');
    const odd = await face.call('GET', '/livez', { headers: { 'X-Request-Id': 'a"b<c>' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('says nothing to other sites and of the machinery', async () => {
    const { headers } = await face.call('GET', '/livez', { headers: { Origin: 'https://evil.example' } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(
      (await face.call('OPTIONS', '/api/v1/jobs', { token: null })).headers.get('access-control-allow-methods'),
    ).toBeNull();
  });

  it('keeps what went wrong inside to itself', async () => {
    const broken = await HttpFace.start({
      cluster: { read: () => Promise.reject(new Error('secret of the machine')) },
    });
    const answer = await broken.call('GET', '/api/v1/cluster');
    expect(answer.json).toMatchObject({ status: 500, code: 'internal_error' });
    expect(answer.text).not.toContain('secret');
    await broken.close();
  });
});

describe('a write with a cookie', () => {
  let face: HttpFace;
  let cookie: string;
  const document = { name: 'job', command: 'true' };

  beforeAll(async () => {
    face = await HttpFace.start();
    cookie = await face.signIn('ed', 'editor');
  });
  afterAll(() => face.close());

  const write = (headers: Record<string, string>) =>
    face.call('PUT', '/api/v1/jobs/job', { token: null, body: document, headers: { Cookie: cookie, ...headers } });

  it.each([
    ['nothing that says where it comes from', {}],
    ['another origin', { Origin: 'https://evil.example' }],
    ['the origin null', { Origin: 'null' }],
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a neighbour', { 'Sec-Fetch-Site': 'same-site' }],
    ['another site that claims a header', { 'Sec-Fetch-Site': 'cross-site', 'X-Fleetcron-Request': '1' }],
  ])('from %s is refused', async (_where, headers) => {
    const answer = await write(headers);
    expect(answer.json).toMatchObject({ status: 403, code: 'cross_site' });
  });

  it('is taken from our own pages, or with our header', async () => {
    expect((await write({ Origin: face.url })).status).toBe(201);
    expect((await write({ 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
    expect((await write({ 'X-Fleetcron-Request': '1' })).status).toBe(200);
  });

  it('needs none of this for reading, nor with a token', async () => {
    const headers = { Cookie: cookie, Origin: 'https://evil.example' };
    expect((await face.call('GET', '/api/v1/jobs', { token: null, headers })).status).toBe(200);
    expect((await face.call('PUT', '/api/v1/jobs/job', { body: document, headers })).status).toBe(200);
  });

  it('cannot be tricked into signing somebody in', async () => {
    const body = { username: 'ed', password: 'correct horse' };
    const headers = { Origin: 'https://evil.example' };
    expect((await face.call('POST', '/api/v1/auth/login', { token: null, body, headers })).json.code).toBe(
      'cross_site',
    );
  });
});

describe('behind https', () => {
  it('the cookie is Secure and the browser is told to stay', async () => {
    const face = await HttpFace.start({ options: { publicUrl: 'https://cron.example' } });
    await face.call('POST', '/api/v1/users', { body: { username: 'ann', password: 'correct horse', role: 'viewer' } });
    const body = { username: 'ann', password: 'correct horse' };
    const answer = await face.call('POST', '/api/v1/auth/login', { token: null, body });
    expect(answer.headers.get('set-cookie')).toContain('; Secure');
    expect(answer.headers.get('strict-transport-security')).toContain('max-age=');
    await face.close();
  });
});
