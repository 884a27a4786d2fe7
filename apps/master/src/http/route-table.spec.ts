import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpFace } from '../../../../test/support/http-face.js';

/** Open to everybody, each for a reason that stands at its handler. */
const PUBLIC = new Set([
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/logout',
  'GET /auth/once',
  'HEAD /auth/once',
  'GET /auth/sign-in',
  'GET /auth/sign-in.js',
  'GET /auth/sign-in.css',
  'GET /livez',
  'GET /readyz',
]);

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

describe('the route table', () => {
  let face: HttpFace;
  let routes: string[];

  beforeAll(async () => {
    face = await HttpFace.start();
    const stack = face.app.getHttpAdapter().getInstance().router.stack as readonly Layer[];
    routes = stack.flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : [],
    );
  });
  afterAll(() => face.close());

  it('is the whole surface', () => {
    expect(routes.length).toBeGreaterThan(50);
    expect([...PUBLIC].filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('answers 401 on every route that is not meant for everybody', async () => {
    for (const route of routes.filter((each) => !PUBLIC.has(each))) {
      const [method = '', path = ''] = route.split(' ');
      const answer = await face.call(method, path.replace(/:\w+/g, 'x'), { token: null });
      expect(`${answer.status} ${route}`).toBe(`401 ${route}`);
    }
  });

  it('answers 403 to a viewer on every write', async () => {
    const token = await face.token('viewer');
    const own = ['POST /api/v1/auth/password', 'POST /api/v1/schedules/preview', 'POST /api/v1/jobs/validate'];
    for (const route of routes.filter(
      (each) => !PUBLIC.has(each) && !/^(GET|HEAD) /.test(each) && !own.includes(each),
    )) {
      const [method = '', path = ''] = route.split(' ');
      const answer = await face.call(method, path.replace(/:\w+/g, 'x'), { token });
      expect(`${answer.status} ${route}`).toBe(`403 ${route}`);
    }
  });

  it.each([
    '/API/v1/jobs',
    '/api/V1/jobs',
    '/api/v1/Jobs',
    '/api/v1/jobs/',
    '//api/v1/jobs',
    '/api//v1/jobs',
    '/api/v1//jobs',
    '/api/v1/jobs;x',
    '/api/v1;x/jobs',
    '/api/v1/jobs;jsessionid=1/x',
    '/%61pi/v1/jobs',
    '/api/v1/%6aobs',
    '/api%2fv1/jobs',
    '/api/v1/jobs%2fx',
    '/api/v1%5cjobs',
    '/api\\v1\\jobs',
    '/livez/../api/v1/jobs',
    '/livez/%2e%2e/api/v1/jobs',
    '/api/v1/jobs%00',
    '/api/v1/jobs/%ff',
    '/api/v1/jobs/%',
    '/auth/once/../../api/v1/jobs',
    '/metrics/',
    '/LIVEZ',
  ])('lets %j get nowhere', async (path) => {
    const status = await rawGet(face.url, path);
    expect([400, 401, 404]).toContain(status);
    const known = ['/api/v1/jobs', '/metrics'];
    if (!known.includes(path)) {
      expect(status).not.toBe(401);
    }
  });

  it('keeps names of any script reachable', async () => {
    const name = 'ночной-отчёт';
    await face.call('POST', '/api/v1/jobs', { body: { name, command: 'true' } });
    expect((await face.call('GET', `/api/v1/jobs/${encodeURIComponent(name)}`)).json.name).toBe(name);
  });
});

/** A request whose path no client library may tidy. */
async function rawGet(url: string, path: string): Promise<number> {
  const { connect } = await import('node:net');
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`);
    });
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('end', () => resolve(Number(text.split(' ')[1])));
    socket.on('error', reject);
  });
}
