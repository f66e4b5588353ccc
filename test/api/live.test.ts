/** Hearing of changes: as they happen, and as a feed that misses nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Caller, type Json, type Server, startServer, until, welcome } from './server.ts';

let server: Server;
let second: Server;
beforeAll(async () => {
  server = await startServer('live');
  second = await startServer('live', { beside: server });
});
afterAll(async () => {
  await second.close();
  await server.close();
});

interface Stream {
  events: Json[];
  ended: boolean;
  stop(): void;
}

/** Listens as a browser's EventSource does. */
async function listen(at: Server, who: Caller, met: Json[] = [], asked = ''): Promise<Stream> {
  const abort = new AbortController();
  const reply = await fetch(`${at.url}/api/live${asked}`, { headers: who.headers(), signal: abort.signal });
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  const stream: Stream = { events: [], ended: false, stop: () => abort.abort() };
  const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader.read();
  expect(first.value).toContain(': listening');
  (async () => {
    for (let { value, done } = first, rest = ''; !done; { value, done } = await reader.read()) {
      const parts = (rest + value).split('\n\n');
      rest = parts.pop()!;
      for (const part of parts) {
        const data = /^event: change\ndata: (.*)$/.exec(part)?.[1];
        if (data) stream.events.push(JSON.parse(data));
        const others = /^event: presence\ndata: (.*)$/.exec(part)?.[1];
        if (others) met.push(JSON.parse(others));
      }
    }
  })()
    .catch(() => {})
    .finally(() => {
      stream.ended = true;
    });
  return stream;
}

const make = (who: Caller, name: string, at = server) => at.call(who, 'POST', '/api/companies', { name });
const heard = (stream: Stream, id: string) =>
  until(async () => stream.events.find(event => event.id === id), 5_000);

test('a change by someone else arrives, named but without its values', async () => {
  const stream = await listen(server, server.rita);
  const { body, headers } = await make(server.ada, 'Hotel Sacher');
  expect(await heard(stream, body.id)).toEqual({
    object: 'company',
    id: body.id,
    kind: 'created',
    version: 1,
    changeSet: headers.get('farley-change-set'),
    actor: server.ada.id,
  });
  stream.stop();
});

test('what changed while a page was loading is told at the beginning', async () => {
  const { body: before } = await make(server.ada, 'Pension Nossek');
  const stream = await listen(server, server.rita, [], '?ago=60000');
  expect(await heard(stream, before.id)).toMatchObject({ object: 'company', kind: 'created' });
  // The first words of a page that asks for nothing of the past are those that come.
  const other = await listen(server, server.rita);
  const { body: after } = await make(server.ada, 'Pension Suzanne');
  await heard(other, after.id);
  expect(other.events.map(event => event.id)).toEqual([after.id]);
  stream.stop();
  other.stop();
  for (const ago of ['-1', '60001', '1.5', 'long'])
    expect((await server.call(server.rita, 'GET', `/api/live?ago=${ago}`)).body).toMatchObject({
      status: 400,
      errors: [{ pointer: '/ago' }],
    });
});

test('a change in another process arrives too', async () => {
  const stream = await listen(second, server.rita);
  const { body } = await make(server.ada, 'Hotel Imperial');
  await heard(stream, body.id);
  const back = await listen(server, server.rita);
  const other = await make(server.ada, 'Hotel Bristol', second);
  await heard(back, other.body.id);
  stream.stop();
  back.stop();
});

test('a change out of reach is not told, were it but an id', async () => {
  const olga = await server.hire('Olga Petrenko', 'member', server.teams.support);
  const [mine, all] = [await listen(server, olga), await listen(server, server.ada)];
  const foreign = (await make(server.sina, 'Sina’s')).body.id;
  const own = (await make(olga, 'Olga’s')).body.id;
  await heard(mine, own);
  await heard(all, foreign);
  expect(mine.events.map(event => event.id)).toEqual([own]);
  const feed = await server.call(olga, 'GET', '/api/changes?limit=1000');
  expect(feed.text).toContain(own);
  expect(feed.text).not.toContain(foreign);
  mine.stop();
  all.stop();
});

test('who looks at a record sees who else does, in any process, and no one who may not', async () => {
  const { body } = await make(server.ada, 'Hotel Regina');
  const look = (who: Caller, at = server, more: Json = {}) =>
    at.call(who, 'POST', `/api/companies/${body.id}/presence`, { tab: `window-${who.id}`, ...more });
  const met: Json[] = [];
  const stream = await listen(second, server.rita, met);
  expect((await look(server.rita, second)).body).toEqual({ data: [] });
  const ada = { id: server.ada.id, title: 'Ada Baumann' };
  await look(server.ada, server, { field: 'phone' });
  await until(async () => met.some(event => event.id === body.id) || undefined, 5_000);
  expect((await look(server.rita, second)).body).toEqual({ data: [{ user: ada, field: 'phone' }] });
  // It is not of Sina's team: for her there is no such record, and nobody sees her there.
  expect((await look(server.sina)).status).toBe(404);
  expect((await look(server.ada)).body.data.map((each: Json) => each.user.id)).toEqual([server.rita.id]);
  await look(server.ada, server, { left: true });
  await until(async () => (await look(server.rita, second)).body.data.length === 0 || undefined, 5_000);
  expect((await look(server.rita, second, { tab: 'x' })).status).toBe(422);
  stream.stop();
});

test('many who begin to listen at once all hear', async () => {
  const streams = await Promise.all(Array.from({ length: 8 }, () => listen(server, server.rita)));
  const { body } = await make(server.ada, 'Heard by all');
  await Promise.all(streams.map(stream => heard(stream, body.id)));
  for (const stream of streams) stream.stop();
});

test('rights taken away narrow the stream with the next change', async () => {
  const roles = (await server.call(server.ada, 'GET', '/api/roles?fields=name')).body.data;
  const role = (name: string) => roles.find((each: Json) => each.name === name).id;
  const who = await server.hire('Narrowed', 'reader');
  const stream = await listen(server, who);
  await heard(stream, (await make(server.ada, 'Seen')).body.id);
  await server.call(server.ada, 'PATCH', `/api/users/${who.id}`, { role: role('member') });
  const hidden = (await make(server.ada, 'Not seen')).body.id;
  const own = (await make(who, 'Own')).body.id;
  await heard(stream, own);
  expect(stream.events.map(event => event.id)).not.toContain(hidden);
  stream.stop();
});

test('the stream of someone deactivated ends with the next change', async () => {
  const who = await server.hire('Leaver', 'reader');
  const stream = await listen(server, who);
  await server.call(server.ada, 'PATCH', `/api/users/${who.id}`, { active: false });
  const hidden = (await make(server.ada, 'After')).body.id;
  await until(async () => stream.ended, 5_000);
  expect(stream.events.map(event => event.id)).not.toContain(hidden);
});

test('the stream of someone who signed out ends within seconds, without another word', async () => {
  const who = await welcome(server, 'Sara Roth', 'reader');
  const stream = await listen(server, who);
  await server.call(who, 'POST', '/api/auth/sign-out', {});
  await sleep(2_100);
  const hidden = (await make(server.ada, 'After sign-out')).body.id;
  await until(async () => stream.ended, 5_000);
  expect(stream.events.map(event => event.id)).not.toContain(hidden);
});

test('the feed is complete and in order while many write, and goes on where it stopped', async () => {
  const begin = (await server.call(server.ada, 'GET', '/api/changes?limit=1000')).body;
  let position = begin.next;
  while ((await server.call(server.ada, 'GET', `/api/changes?limit=1000&after=${position}`)).body.more)
    position = (await server.call(server.ada, 'GET', `/api/changes?limit=1000&after=${position}`)).body.next;
  const written: string[] = [];
  let writing = true;
  const writers = Array.from({ length: 6 }, async (_, writer) => {
    for (let round = 0; round < 12; round++) {
      const at = writer % 2 ? server : second;
      const operations = Array.from({ length: 1 + (round % 4) }, (_, index) => ({
        op: 'create',
        values: { name: `W${writer}-${round}-${index}` },
      }));
      const { body } = await at.call(server.ada, 'POST', '/api/companies/batch', { operations });
      written.push(...body.results.map((result: Json) => result.id));
    }
  });
  const read: Json[] = [];
  const reader = (async () => {
    for (;;) {
      const last = !writing;
      const { body } = await second.call(server.ada, 'GET', `/api/changes?limit=7&after=${position}`);
      read.push(...body.data);
      position = body.next;
      if (last && body.data.length === 0) return;
    }
  })();
  await Promise.all(writers);
  writing = false;
  await reader;
  expect(read.map(change => change.id).sort()).toEqual(written.sort());
  const again = await server.call(server.ada, 'GET', `/api/changes?limit=1000&after=${begin.next}`);
  expect(again.body.data.map((change: Json) => change.id).sort()).toEqual(written.sort());
});

test('a position that no feed gave is refused', async () => {
  for (const after of [
    'x',
    '1:1',
    '5:3:',
    "1:1:' or 1=1",
    '1:9:4,4,,',
    '1:1:-1:1:',
    '0:0:0',
    '1:1:-5:3:-1',
  ]) {
    const reply = await server.call(server.ada, 'GET', `/api/changes?after=${encodeURIComponent(after)}`);
    expect([reply.status, reply.body.code], after).toEqual([400, 'invalidCursor']);
  }
});

test('stopping Farley ends the streams that are open', async () => {
  const third = await startServer('live', { beside: server });
  const stream = await listen(third, server.rita);
  await third.close();
  await until(async () => stream.ended, 2_000);
});

test('a client that stops reading an export is cut off, and Farley goes on', async () => {
  const impatient = await startServer('live', { beside: server, idleTimeout: 500 });
  try {
    const operations = Array.from({ length: 1_000 }, (_, index) => ({
      op: 'create',
      values: { name: `Bulk ${index}`, description: 'x'.repeat(20_000) },
    }));
    for (let part = 0; part < 1_000; part += 250)
      await server.call(server.ada, 'POST', '/api/companies/batch', {
        operations: operations.slice(part, part + 250),
      });
    const { connect } = await import('node:net');
    const { port } = new URL(impatient.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      `GET /api/exports/companies?format=ndjson HTTP/1.1\r\nhost: x\r\nauthorization: ${server.ada.headers().authorization}\r\n\r\n`,
    );
    await new Promise(resolve => socket.once('readable', resolve));
    // Nothing is read from here on.
    await until(
      async () =>
        new Promise<boolean>(resolve =>
          impatient.farley.app.server.getConnections((_, count) => resolve(count <= 1)),
        ),
      10_000,
    );
    socket.destroy();
    expect((await impatient.call(server.ada, 'GET', '/api/companies?limit=1')).status).toBe(200);
    expect(impatient.log).toEqual([]);
  } finally {
    await impatient.close();
  }
});
