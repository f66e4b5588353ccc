/** What is accepted can be read again, and read in time: values nested to the limit, and patterns in expressions. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Json, type Server, startServer } from '../api/server.ts';
import { patience } from './send.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer('stored');
  const made = await server.call(server.ada, 'POST', '/api/objects', {
    name: 'deep',
    label: 'Deep',
    plural: 'Deeps',
    fields: [
      { name: 'name', type: 'text', options: { required: true } },
      { name: 'data', type: 'json' },
      { name: 'notes', type: 'longText' },
    ],
  });
  if (made.status !== 201) throw new Error(made.text);
});
afterAll(() => server.close());

const call = (method: string, path: string, body?: unknown) =>
  server.call(server.ada, method, path, body, { 'content-type': 'application/json' });

test.each([100, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000, 5_000, 6_000, 7_000, 10_000])(
  'a value nested %i levels is refused, or can be read, listed, changed, undone, and read as of then',
  async levels => {
    const body = `{"name":"Deep","data":${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}}`;
    const made = await call('POST', '/api/deeps', body);
    expect([201, 422], made.text.slice(0, 300)).toContain(made.status);
    for (const path of ['/api/deeps', '/api/changes?limit=1000', '/api/exports/deeps', '/api/search?q=deep'])
      expect((await call('GET', path)).status, path).toBe(200);
    if (made.status !== 201) return;
    const { id } = made.body;
    expect((await call('GET', `/api/deeps/${id}/history`)).status).toBe(200);
    const moment = new Date().toISOString();
    const changed = await call('PATCH', `/api/deeps/${id}`, '{"data":1}');
    expect(changed.status, changed.text.slice(0, 300)).toBe(200);
    const then = await call('GET', `/api/deeps/${id}?asOf=${moment}`);
    expect(then.status, then.text.slice(0, 300)).toBe(200);
    const undone = await call('POST', `/api/undo/${changed.headers.get('farley-change-set')}`, {});
    expect(undone.status, undone.text.slice(0, 300)).toBe(200);
  },
);

const patterns = [
  '(a+)+$',
  '(a|a)*$',
  '(a|aa)+$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  'a*a*a*a*a*a*a*a*a*a*b',
  '(.*)(.*)(.*)(.*)(.*)(.*)x$',
  '(a{1,255}){1,255}',
  'a{255}{255}',
  '(a?){255}a{255}',
  '((a{0,255}){0,255}){0,255}',
  '\\\\1+',
  '(?=a)*',
  '[a-',
  '',
];

test.each(patterns)('the pattern %s is refused, or read in time', async pattern => {
  const notes = `${'a'.repeat(100_000)}!`;
  await call('POST', '/api/deeps', { name: 'Text', notes });
  const name = `says${patterns.indexOf(pattern)}`;
  const field = {
    name,
    type: 'formula',
    options: { expression: `notes.matches('${pattern}')`, result: 'boolean' },
  };
  for (const [method, path, body] of [
    ['POST', '/api/objects/deep/fields', field],
    ['GET', '/api/deeps?limit=1000', undefined],
    [
      'POST',
      '/api/deeps/search',
      { filter: { field: 'name', op: 'is', value: 'Text' }, sort: ['-createdAt'] },
    ],
  ] as [string, string, Json][]) {
    const begun = performance.now();
    const reply = await call(method, path, body);
    expect([200, 201, 422], `${method} ${path} ${reply.text.slice(0, 300)}`).toContain(reply.status);
    expect(performance.now() - begun, `${method} ${path}`).toBeLessThan(patience);
  }
});
