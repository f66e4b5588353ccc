/** Leaving whole and going back over HTTP: archives, exports in each format, records as they were. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isArchive, verifyArchive } from '../../src/engine/index.ts';
import { type Server, startServer, until } from './server.ts';

let server: Server;
const folder = mkdtempSync(join(tmpdir(), 'farley-leaving-'));
beforeAll(async () => {
  server = await startServer('leaving');
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('an administrator orders an archive and fetches it whole, without accounts; nobody else does', async () => {
  expect((await server.call(server.max, 'POST', '/api/archive', {})).status).toBe(403);
  const ordered = await server.call(server.ada, 'POST', '/api/archive', {});
  expect(ordered.status).toBe(202);
  const fetched = await until(async () => {
    const reply = await fetch(`${server.url}/api/archive/${ordered.body.id}`, {
      headers: server.ada.headers(),
    });
    return reply.status === 200 && Buffer.from(await reply.arrayBuffer());
  }, 30_000);
  const path = join(folder, 'main.tar.gz');
  writeFileSync(path, fetched);
  expect(await isArchive(path)).toBe(true);
  const { rows } = await verifyArchive(path);
  expect(rows['workspaces/main/user']).toBeGreaterThan(3);
  expect(Object.keys(rows)).not.toContain('installation/account');
  expect((await server.call(server.max, 'GET', `/api/archive/${ordered.body.id}`)).status).toBe(403);
});

test('lists leave in each format, and only in those there are', async () => {
  await server.call(server.ada, 'POST', '/api/people', { name: 'Anna Bell', email: 'anna@example.com' });
  const get = (format: string) =>
    server.call(server.ada, 'GET', `/api/exports/people?format=${format}&fields=name,email`);
  expect((await get('xlsx')).headers.get('content-disposition')).toContain('people.xlsx');
  expect((await get('vcard')).text).toContain('EMAIL:anna@example.com');
  expect((await get('csv')).text).toContain('Anna Bell,anna@example.com');
  expect((await get('pdf')).status).toBe(400);
  expect((await server.call(server.ada, 'GET', '/api/exports/tags?format=vcard')).status).toBe(400);
});

test('a record goes back at once, a whole object as a job', async () => {
  const { body } = await server.call(server.ada, 'POST', '/api/companies', { name: 'As it was' });
  const at = body.createdAt as string;
  await new Promise(resolve => setTimeout(resolve, 5));
  const address = `/api/companies/${body.id}`;
  await server.call(server.ada, 'PATCH', address, { name: 'As it is' });
  expect((await server.call(server.rita, 'POST', `${address}/restore-to`, { at })).status).not.toBe(200);
  expect((await server.call(server.ada, 'POST', `${address}/restore-to`, { at })).body.records).toBe(1);
  expect((await server.call(server.ada, 'GET', address)).body.name).toBe('As it was');
  await server.call(server.ada, 'PATCH', address, { name: 'As it is again' });
  expect((await server.call(server.max, 'POST', '/api/companies/restore-to', { at })).status).toBe(403);
  const ordered = await server.call(server.ada, 'POST', '/api/companies/restore-to', { at });
  expect(ordered.status).toBe(202);
  await until(async () => (await server.call(server.ada, 'GET', address)).body.name === 'As it was', 30_000);
});
