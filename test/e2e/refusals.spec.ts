import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, Standalone } from './standalone.js';

describe('standalone refuses', () => {
  const folder = dataFolder();
  const other = dataFolder();
  let standalone: Standalone;

  beforeAll(async () => {
    standalone = await Standalone.start({ folder: folder.path });
  });

  afterAll(async () => {
    await standalone?.end();
    folder.remove();
    other.remove();
  });

  it('to work in a folder where another process does: one sentence, exit code 1, and the other goes on', async () => {
    const second = Standalone.spawn({ folder: folder.path });
    expect(await second.exit()).toBe(1);
    const lines = second.printed.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(folder.path);
    expect(lines[0]).toContain(String(standalone.pid));
    expect((await standalone.call('GET', '/jobs')).status).toBe(200);
  });

  it.each([
    ['FLEETCRON_SLOTS', 'many', /FLEETCRON_SLOTS.*1 to 10000/],
    ['FLEETCRON_STORE', 'redis://h:6379', /FLEETCRON_STORE.*embedded:/],
    ['FLEETCRON_HISTORY_DAYS', '0', /FLEETCRON_HISTORY_DAYS.*1 to 3650/],
    ['FLEETCRON_ADMIN_PASSWORD', 'short', /FLEETCRON_ADMIN_PASSWORD(?!.*short)/],
  ])('to start with a wrong setting, %s=%s: exit code 2, and the setting is named', async (name, value, named) => {
    const wrong = Standalone.spawn({ folder: other.path, env: { [name]: value } });
    expect(await wrong.exit()).toBe(2);
    expect(wrong.printed).toMatch(named);
    expect(wrong.printed).not.toMatch(/^\s+at /m);
  });

  it('to serve on a port that is taken: one sentence, exit code 1', async () => {
    const { port } = new URL(standalone.url);
    const late = Standalone.spawn({ folder: other.path, env: { FLEETCRON_HTTP_PORT: port } });
    expect(await late.exit()).toBe(1);
    expect(late.printed).toContain(port);
    expect(late.printed).not.toMatch(/^\s+at /m);
  });
});
