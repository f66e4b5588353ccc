/** Settings of the workspace: read by all, changed by administrators, effective at once, checked, and in the log. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, startServer } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer('settings');
});
afterAll(() => server.close());

test('a changed currency is that of the next amount written without one', async () => {
  const { call, ada } = server;
  const changed = await call(ada, 'PATCH', '/api/workspace', {
    label: 'Kaffeehaus',
    currency: 'CHF',
    timeZone: 'Europe/Zurich',
  });
  expect(changed.status).toBe(200);
  expect((await call(ada, 'GET', '/api/workspace')).body).toMatchObject({
    name: 'main',
    label: 'Kaffeehaus',
    currency: 'CHF',
  });
  const product = await call(ada, 'POST', '/api/products', { name: 'Grinder', price: { amount: '12' } });
  expect(product.body.price).toMatchObject({ currency: 'CHF' });
  const { body } = await call(ada, 'GET', '/api/change-sets');
  expect(body.data).toContainEqual(
    expect.objectContaining({ label: 'Workspace settings', actor: expect.objectContaining({ id: ada.id }) }),
  );
});

test('what cannot be is refused with the field', async () => {
  const { call, ada } = server;
  for (const [field, value] of [
    ['timeZone', 'Vienna'],
    ['currency', 'EURO'],
    ['country', 'Austria'],
    ['locale', 'en_US!'],
  ] as const) {
    const { status, body } = await call(ada, 'PATCH', '/api/workspace', { [field]: value });
    expect([status, body.errors[0].pointer]).toEqual([422, `/${field}`]);
  }
  expect((await call(ada, 'PATCH', '/api/workspace', { name: 'other' })).status).toBe(422);
});

test('only administrators change them', async () => {
  expect((await server.call(server.sina, 'PATCH', '/api/workspace', { label: 'Mine' })).status).toBe(403);
  expect((await server.call(server.sina, 'GET', '/api/workspace')).status).toBe(200);
});
