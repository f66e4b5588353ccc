/** What holds for every object, declared or added later: each test is made from the model, none names an object. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { declared } from '../../src/app.ts';
import type { Field, ObjectModel } from '../../src/engine/index.ts';
import { type Json, type Reply, type Server, startServer, until } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer('objects');
});
afterAll(() => server.close());

const names = declared.modules.flatMap(module => module.objects).map(object => object.name);
const model = (name: string): ObjectModel => server.system.model.objects.get(name)!;
const call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Reply> => server.call(server.ada, method, path, body, headers);

let made = 0;

/** The least that makes a record, and a value for its title: as their types' samples have it. */
async function minimal(object: ObjectModel): Promise<Record<string, Json>> {
  const values: Record<string, Json> = {};
  for (const field of object.fields.values()) {
    const { options, type } = field;
    const open =
      options.default === undefined && !options.defaultFirst && !options.readOnly && !type.generated;
    const titled = field === object.title && type.storage.kind !== 'computed';
    if (field.system || !((options.required && open) || titled)) continue;
    values[field.name] = await sampleOf(field);
  }
  return values;
}

async function sampleOf(field: Field): Promise<Json> {
  const relation = field.type.relation?.(field);
  if (relation && relation.to !== '*') {
    const target = model(relation.to);
    return (await call('POST', `/api/${target.path}`, await minimal(target))).body.id;
  }
  if (relation && field.options.required)
    return {
      object: 'company',
      id: (await call('POST', '/api/companies', await minimal(model('company')))).body.id,
    };
  if (field.object === 'role' && field.name === 'grants') return { objects: {} };
  if (field.object === 'view' && field.name === 'object') return 'company';
  // There is one for each object.
  if (field.object === 'layout' && field.name === 'object') return names[++made % names.length]!;
  // One that is over is ended by a watch while we compare.
  if (field.object === 'challenge' && field.name === 'to') return '2099-12-31';
  const choices = field.options.choices as (string | { value: string })[] | undefined;
  if (choices && (field === model(field.object).title || field.options.required)) {
    const choice = choices[++made % choices.length]!;
    return typeof choice === 'string' ? choice : choice.value;
  }
  const sample = field.type.samples[0]!.input as Json;
  // Titles have to differ where they are unique, and so that an import finds the right one.
  return typeof sample === 'string' && field.type.searchText ? `Sample ${++made}` : sample;
}

async function createOne(object: ObjectModel): Promise<{ body: Json; reply: Reply; values: Json }> {
  const values = await minimal(object);
  const reply = await call('POST', `/api/${object.path}`, values);
  expect(reply.status, reply.text).toBe(201);
  return { body: reply.body, reply, values };
}

describe.each(names)('%s', name => {
  test('is created, listed, found by words, counted', async () => {
    const object = model(name);
    const { body, reply } = await createOne(object);
    expect(reply.headers.get('location')).toBe(`/api/${object.path}/${body.id}`);
    expect(reply.headers.get('etag')).toBe('"1"');
    const list = await call('GET', `/api/${object.path}?limit=1000&count=exact`);
    expect(list.body.data.map((row: Json) => row.id)).toContain(body.id);
    expect(list.body.count).toBe(list.body.data.length);
    const search = await call('POST', `/api/${object.path}/search`, {
      filter: { field: 'id', op: 'is', value: body.id },
    });
    expect(search.body).toMatchObject({ data: [{ id: body.id }], next: null });
    const counted = await call('POST', `/api/${object.path}/aggregate`, { values: [{ op: 'count' }] });
    expect(counted.status, counted.text).toBe(200);
    expect(JSON.stringify(counted.body)).toContain(String(list.body.count));
  });

  test('reads back as it was created, and can be written back as it was read', async () => {
    const object = model(name);
    const { body } = await createOne(object);
    const read = await call('GET', `/api/${object.path}/${body.id}`);
    expect(read.body).toEqual(body);
    const etag = read.headers.get('etag')!;
    const same = await call('PATCH', `/api/${object.path}/${body.id}`, read.body, { 'if-match': etag });
    expect(same.status, same.text).toBe(200);
    expect(same.body.version).toBe(1);
  });

  test('is changed, deleted and restored, and its history tells all of it', async () => {
    const object = model(name);
    const { body } = await createOne(object);
    const title = object.title;
    const values = { [title.name]: await sampleOf(title) };
    const changed = await call('PATCH', `/api/${object.path}/${body.id}`, values);
    expect(changed.status, changed.text).toBe(200);
    const gone = await call('DELETE', `/api/${object.path}/${body.id}`);
    expect(gone.status, gone.text).toBe(204);
    const left = await call('POST', `/api/${object.path}/search`, {
      filter: { field: 'id', op: 'is', value: body.id },
    });
    expect(left.body.data).toEqual([]);
    const trash = await call('POST', `/api/${object.path}/search`, {
      filter: { field: 'id', op: 'is', value: body.id },
      trash: 'only',
    });
    expect(trash.body.data).toHaveLength(1);
    const back = await call('POST', `/api/${object.path}/${body.id}/restore`);
    expect([back.status, back.body.deletedAt], back.text).toEqual([200, null]);
    const history = await call('GET', `/api/${object.path}/${body.id}/history`);
    const kinds = history.body.data.map((entry: Json) => entry.kind);
    expect(kinds.filter((kind: string) => kind !== 'updated')).toEqual(['restored', 'deleted', 'created']);
    const timeline = await call('GET', `/api/${object.path}/${body.id}/timeline`);
    expect(timeline.status, timeline.text).toBe(200);
    expect(timeline.body.data.length).toBeGreaterThan(0);
  });

  test('explains its rights, and is described in the metadata and in OpenAPI', async () => {
    const object = model(name);
    const { body } = await createOne(object);
    const why = await call('GET', `/api/${object.path}/${body.id}/explain?user=${server.rita.id}`);
    // What is personal is hers who made it, whatever the role of others.
    expect(why.body.actions.read.allowed).toBe(object.spec.personal === undefined);
    expect(why.body.actions.edit.allowed).toBe(false);
    const meta = await call('GET', '/api/objects');
    const described = meta.body.objects.find((each: Json) => each.name === name);
    expect(described.fields.map((field: Json) => field.name)).toEqual([...object.fields.keys()]);
    const api = await call('GET', '/api/openapi.json');
    expect(Object.keys(api.body.components.schemas)).toContain(name);
    expect(Object.keys(api.body.paths)).toContain(`/api/${object.path}/{id}`);
  });

  test('exports as NDJSON what a list answers', async () => {
    const object = model(name);
    await createOne(object);
    const list = await call('GET', `/api/${object.path}?limit=1000`);
    const file = await call('GET', `/api/exports/${object.path}?format=ndjson`);
    const rows = file.text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(rows.map(row => row.id)).toEqual(list.body.data.map((row: Json) => row.id));
  });

  test('exports itself as CSV, and that file imported again changes nothing', async () => {
    const object = model(name);
    await createOne(object);
    // What jobs work out anew may be another by then.
    const stated = async () => {
      const { body } = await call('GET', `/api/${object.path}?limit=1000`);
      const kept = (row: Json) =>
        Object.fromEntries(
          Object.entries(row).filter(([field]) => !object.fields.get(field)?.options.measured),
        );
      return body.data.map(kept);
    };
    const before = await stated();
    const file = await call('POST', '/api/exports', { object: name });
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="${object.path}.csv"`);
    const done = await importOf(name, 'id', file.text);
    expect(done.result, JSON.stringify(done)).toMatchObject({ created: 0, updated: 0, failed: 0 });
    expect(done.result.rows).toBe(before.length);
    expect(await stated()).toEqual(before);
  });
});

async function importOf(object: string, match: string, text: string): Promise<Json> {
  const address = `/api/imports?object=${object}&match=${match}&name=again.csv`;
  const ordered = await call('POST', address, text, { 'content-type': 'text/csv' });
  expect(ordered.status, ordered.text).toBe(202);
  return until(async () => {
    const { body } = await call('GET', `/api/jobs/${ordered.body.id}`);
    return ['done', 'failed'].includes(body.state) || body.error ? body : null;
  });
}
