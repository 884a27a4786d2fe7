import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { HttpFace } from '../../../../test/support/http-face.js';
import { apiDocumentText } from './write.js';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly responses: Readonly<Record<string, unknown>>;
  readonly parameters?: readonly { name: string; in: string; description?: string }[];
}

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly example?: unknown;
  readonly enum?: readonly unknown[];
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

describe('the API document', () => {
  let text: string;
  let operations: Operation[];
  let schemas: Record<string, Schema>;

  beforeAll(async () => {
    text = await apiDocumentText();
    const document = JSON.parse(text);
    operations = Object.values(document.paths).flatMap((path) => Object.values(path as object));
    schemas = document.components.schemas;
  });

  it('is the one that is committed (npm run openapi)', () => {
    expect(text).toBe(readFileSync('docs/openapi.json', 'utf8'));
  });

  it('is made the same way twice', async () => {
    expect(await apiDocumentText()).toBe(text);
  });

  it('names every call once and shortly, for generated clients', () => {
    const ids = operations.map((operation) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['createJob', 'listRuns', 'explainJobFire', 'login']));
    for (const id of ids) {
      expect(id).toMatch(/^[a-z][A-Za-z]{2,24}$/);
    }
  });

  it('says what may go wrong with every call', () => {
    for (const { operationId, responses } of operations) {
      expect(Object.keys(responses), operationId).toEqual(expect.arrayContaining(['400', '401', '403', '503']));
    }
  });

  it('describes every parameter and every field, with an example', () => {
    const silent = operations.flatMap(({ operationId, parameters = [] }) =>
      parameters.filter((each) => !each.description).map((each) => `${operationId} ${each.name}`),
    );
    expect(silent).toEqual([]);
    const bare = Object.entries(schemas).flatMap(([name, schema]) => undescribed(schema, name));
    expect(bare).toEqual([]);
  });

  it('is for those who are signed in, as is Swagger UI, which needs nothing from elsewhere', async () => {
    const face = await HttpFace.start();
    expect((await face.call('GET', '/api/openapi.json', { token: null })).status).toBe(401);
    expect((await face.call('GET', '/api/docs', { token: null })).status).toBe(401);
    const browser = { token: null, headers: { Accept: 'text/html,*/*;q=0.8' } };
    const led = await face.call('GET', '/api/docs', browser);
    expect(led.status).toBe(303);
    expect(led.headers.get('location')).toBe('/auth/sign-in?next=%2Fapi%2Fdocs');
    expect((await face.call('GET', led.headers.get('location') ?? '', browser)).text).toContain('<form id="sign-in">');

    const slashed = await face.call('GET', '/api/docs/', browser);
    expect([slashed.status, slashed.headers.get('location')]).toEqual([308, '/api/docs']);
    const page = (await face.call('GET', '/api/docs')).text;
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files).toHaveLength(5);
    for (const file of files) {
      expect(file).toMatch(/^\/api\/docs\//);
      expect((await face.call('GET', file)).status, file).toBe(200);
    }
    expect(page).not.toMatch(/<script>|onclick|https?:/);
    expect((await face.call('GET', '/api/docs/package.json')).status).toBe(404);
    await face.close();
  });
});

/** Paths of fields without a description, or of plain values without an example. */
function undescribed(schema: Schema, path: string): string[] {
  const fields = Object.entries(schema.properties ?? {});
  return [
    ...fields.flatMap(([name, field]) => {
      const at = `${path}.${name}`;
      const isPlain = ['string', 'integer', 'number', 'boolean'].includes(field.type ?? '');
      const isBare = !field.$ref && !field.description;
      const lacksExample = isPlain && field.example === undefined && !field.enum;
      return [...(isBare ? [at] : []), ...(lacksExample ? [`${at} (example)`] : []), ...undescribed(field, at)];
    }),
    ...(schema.items ? undescribed(schema.items, `${path}[]`) : []),
  ];
}
