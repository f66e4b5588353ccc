/** What Farley makes of a file, asked over HTTP; nothing is written. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, startServer } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer('import_proposal');
});
afterAll(() => server.close());

test('a HubSpot file as the body is proposed as people with their companies', async () => {
  const csv =
    'Record ID,First Name,Last Name,Email,Associated Company,Create Date\n1,Anna,Bell,anna@bell.example,Bell Ltd,2026-01-02 10:30\n';
  const { status, body } = await server.call(
    server.sina,
    'POST',
    '/api/imports/proposal?name=hubspot-crm-exports-all-contacts-2026-03-01.csv',
    csv,
    { 'content-type': 'text/csv' },
  );
  expect(status).toBe(200);
  expect(body.system).toEqual({ name: 'hubspot', label: 'HubSpot' });
  expect(body.tables).toHaveLength(1);
  expect(body.tables[0]).toMatchObject({
    object: 'person',
    map: {
      externalId: { source: 'hubspot', column: 'Record ID' },
      fields: {
        email: { column: 'Email' },
        company: { column: 'Associated Company', link: { create: true } },
      },
    },
  });
});

test('uploaded files are proposed together, companies before their deals', async () => {
  const upload = async (name: string, text: string) =>
    (
      await server.call(server.sina, 'POST', `/api/uploads?name=${name}`, text, {
        'content-type': 'text/csv',
      })
    ).body.id as string;
  const files = [
    await upload(
      'deals.csv',
      'Deal - ID,Deal - Title,Deal - Organization ID,Deal - Value\n3,Machines,7,12000\n',
    ),
    await upload('organizations.csv', 'Organization - ID,Organization - Name\n7,Bell Ltd\n'),
  ];
  const { status, body } = await server.call(server.sina, 'POST', '/api/imports/proposal', { files });
  expect(status).toBe(200);
  expect(body.tables.map((table: { object: string }) => table.object)).toEqual(['company', 'deal']);
  expect(body.tables[1].map.fields.company).toMatchObject({
    column: 'Deal - Organization ID',
    link: { by: 'externalId', source: 'pipedrive' },
  });
});

test('a file out of reach or without an id is refused', async () => {
  const files = ['00000000-0000-7000-8000-000000000000'];
  expect((await server.call(server.sina, 'POST', '/api/imports/proposal', { files })).status).toBe(404);
  expect((await server.call(server.sina, 'POST', '/api/imports/proposal', {})).status).toBe(422);
});
