import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpFace } from '../../../../test/support/http-face.js';

describe('the console', () => {
  let face: HttpFace;
  // Below a folder that begins with a dot, as people's own programs often lie.
  const home = mkdtempSync(join(tmpdir(), 'console-'));
  const folder = join(home, '.local', 'console');
  const html = { token: null, headers: { Accept: 'text/html,*/*;q=0.8' } };

  beforeAll(async () => {
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<title>console</title>');
    writeFileSync(join(folder, 'assets', 'app-1a2b.js'), 'start()');
    writeFileSync(join(folder, '.secret'), 'hidden');
    face = await HttpFace.start({ options: { consoleDir: folder } });
  });
  afterAll(async () => {
    await face.close();
    rmSync(home, { recursive: true });
  });

  it('answers every address of its own with its page', async () => {
    for (const path of ['/', '/jobs', '/jobs/nightly.sh?status=failed&tab=1', '/jobs/%E6%97%A5%E7%BB%88']) {
      const answer = await face.call('GET', path, html);
      expect(answer.text).toContain('console');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('has its own page to sign in, where others lead to', async () => {
    const led = async (path: string) => {
      const { status, headers } = await face.call('GET', path, html);
      return `${status} ${headers.get('location')}`;
    };
    expect(await led('/auth/sign-in')).toBe('303 /sign-in');
    expect(await led('/auth/sign-in?next=%2Fjobs%3Fa%3D1%26b')).toBe('303 /sign-in?next=%2Fjobs%3Fa%3D1%26b');
    expect(await led('/auth/once?token=over')).toBe('303 /sign-in?link=over');
    expect(await led('/api/docs')).toBe('303 /auth/sign-in?next=%2Fapi%2Fdocs');
    expect((await face.call('GET', '/sign-in?next=%2Fjobs', html)).text).toContain('console');
  });

  it('keeps files with a digest for a year', async () => {
    const answer = await face.call('GET', '/assets/app-1a2b.js', { token: null });
    expect(answer.text).toBe('start()');
    expect(answer.headers.get('cache-control')).toContain('immutable');
  });

  it('sends them compressed', async () => {
    writeFileSync(join(folder, 'assets', 'big-3c4d.js'), 'start();'.repeat(1000));
    const headers = { 'Accept-Encoding': 'gzip' };
    const answer = await fetch(`${face.url}/assets/big-3c4d.js`, { headers });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.text()).toHaveLength(8000);
  });

  it('leaves the rest alone', async () => {
    expect((await face.call('GET', '/api/v1/nothing', html)).json.status).toBe(404);
    expect((await face.call('GET', '/assets/gone.js', html)).status).toBe(404);
    expect((await face.call('GET', '/.secret', { token: null })).status).toBe(404);
    expect((await face.call('POST', '/jobs', { token: null })).status).toBe(404);
    expect((await face.call('GET', '/jobs', { token: null, headers: { Accept: 'application/json' } })).status).toBe(
      404,
    );
  });
});
