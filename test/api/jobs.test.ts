/** Background work through the API: what was ordered is done, and what was done can be read, fetched and taken back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { declared } from '../../src/app.ts';
import { type Declared, defineJob, type Json as Value } from '../../src/engine/index.ts';
import { enqueue } from '../../src/engine/jobs/queue.ts';
import { inTransaction } from '../../src/engine/records/write.ts';
import { type Caller, type Json, type Server, startServer, until } from './server.ts';

/** What the jobs of these tests saw. */
const seen: { attempt: number; resumed: Value | null }[] = [];
let attempts = 0;

const jobs = [
  defineJob('fails', {
    label: 'Fails',
    run: async (_ctx, _payload, report) => {
      report.done(3);
      report.skipped('row 4', 'It was empty.');
      throw new Error('The printer is on fire.');
    },
  }),
  defineJob('recovers', {
    label: 'Recovers',
    run: async (_ctx, _payload, report, resumed) => {
      seen.push({ attempt: ++attempts, resumed });
      await report.checkpoint({ at: 2 });
      report.done(2);
      if (resumed === null) throw new Error('Not yet.');
      report.done(1);
      await report.result({ fine: true });
    },
  }),
  defineJob('whoAmI', {
    label: 'Who am I',
    run: async (ctx, _payload, report) => report.result({ actor: ctx.actor.userId, via: ctx.via }),
  }),
];
const withJobs: Declared = {
  ...declared,
  modules: [...declared.modules, { name: 'tests', objects: [], jobs }],
};

let server: Server;
beforeAll(async () => {
  server = await startServer('jobs', { declared: withJobs });
});
afterAll(() => server.close());

const csv = { 'content-type': 'text/csv' };
const job = async (who: Caller, id: string): Promise<Json> =>
  (await server.call(who, 'GET', `/api/jobs/${id}`)).body;
const ended = (who: Caller, id: string) =>
  until(async () => {
    const run = await job(who, id);
    return ['done', 'failed'].includes(run.state) && run;
  }, 20_000);

async function order(
  who: Caller,
  query: string,
  body: unknown = 'name\nA\n',
  headers: Record<string, string> = csv,
) {
  return server.call(who, 'POST', `/api/imports?${query}`, body, headers);
}

async function enqueueAs(who: Caller, task: string): Promise<string> {
  const ctx = { ...server.system, actor: { ...server.system.actor, userId: who.id } };
  const [id] = await inTransaction(ctx, (inside, tx) => enqueue(inside, tx, [{ task, payload: {} }]));
  return id!;
}

/** Waiting for the next attempt takes as long as the queue says; these tests have less time. */
const hurry = () =>
  server.db.pool.query('update farley_jobs._private_jobs set run_at = now() where locked_at is null');

test('an import is ordered, done, counted, and taken back as a whole', async () => {
  const rows = ['name,employees', ...Array.from({ length: 5_000 }, (_, index) => `Firm ${index},${index}`)];
  const ordered = await order(server.sina, 'object=company&name=firms.csv', rows.join('\n'));
  expect(ordered.status, ordered.text).toBe(202);
  const run = await ended(server.sina, ordered.body.id);
  expect(run).toMatchObject({
    job: 'import',
    label: 'Import of firms.csv',
    state: 'done',
    done: 5_000,
    total: 5_000,
    attempt: 1,
    error: null,
  });
  expect(run.result).toMatchObject({ created: 5_000, failed: 0, changeSet: ordered.body.changeSet });
  const count = async () =>
    (await server.call(server.sina, 'GET', '/api/companies?limit=1&count=exact')).body.count;
  expect(await count()).toBe(5_000);
  const undone = await server.call(server.sina, 'POST', `/api/undo/${ordered.body.changeSet}`);
  expect([undone.status, undone.body.undone]).toEqual([200, 5_000]);
  expect(await count()).toBe(0);
});

test('an import too large to be compared while it is written is followed by a scan for duplicates', async () => {
  const before = await server.call(server.ada, 'POST', '/api/people', {
    name: 'Twin',
    email: 'twin@example.com',
  });
  const rows = ['name,email', ...Array.from({ length: 1_200 }, (_, n) => `Guest ${n},guest${n}@example.com`)];
  const ordered = await order(
    server.ada,
    'object=person&name=guests.csv',
    [...rows, 'Twin,Twin@Example.com'].join('\n'),
  );
  expect((await ended(server.ada, ordered.body.id)).result).toMatchObject({ created: 1_201 });
  const pair = await until(async () => {
    const queue = await server.call(server.ada, 'GET', '/api/people/duplicates');
    return queue.body.data.find((each: Json) => [each.a.id, each.b.id].includes(before.body.id));
  }, 20_000);
  expect(JSON.stringify(pair.rules)).toContain('e-mail');
  const jobs = await server.call(server.ada, 'GET', '/api/jobs');
  expect(jobs.body.data.map((run: Json) => run.label)).toContain('Scan of people for duplicates');
  await server.call(server.ada, 'POST', `/api/undo/${ordered.body.changeSet}`);
});

test('rows that cannot be imported come back as they were, each with its reason', async () => {
  const text = 'name,website\nGood,https://good.example\n,no name\nBad,not a url\n';
  const { id } = (await order(server.sina, 'object=company', text)).body;
  const run = await ended(server.sina, id);
  expect(run.result).toMatchObject({ rows: 3, created: 1, failed: 2 });
  const file = await server.call(server.sina, 'GET', `/api/imports/${id}/failures`);
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(file.text.trim().split('\n')).toHaveLength(3);
  expect(file.text).toContain('Bad,not a url');
  expect((await server.call(server.max, 'GET', `/api/imports/${id}/failures`)).status).toBe(404);
  expect((await server.call(server.max, 'GET', `/api/jobs/${id}`)).status).toBe(404);
  expect((await server.call(server.ada, 'GET', `/api/imports/${id}/failures`)).status).toBe(200);
  expect((await server.call(server.ada, 'GET', '/api/imports/x/failures')).status).toBe(404);
});

test('a dry run tells what would happen and changes nothing', async () => {
  const { body } = await order(server.sina, 'object=company&dryRun=true', 'name\nOnly dreamt of\n');
  expect(body.changeSet).toBeNull();
  expect((await ended(server.sina, body.id)).result).toMatchObject({
    dryRun: true,
    created: 1,
    changeSet: null,
  });
  const found = await server.call(server.sina, 'GET', '/api/companies?filter[name]=Only dreamt of');
  expect(found.body.data).toEqual([]);
});

test.each<[string, string, unknown, Record<string, string>, number]>([
  ['no object', '', 'name\nA\n', csv, 422],
  ['an unknown object', 'object=nothing', 'name\nA\n', csv, 404],
  ['an empty file', 'object=company', '', csv, 422],
  ['a map that is no JSON', 'object=company&map={', 'name\nA\n', csv, 400],
  ['a map that is no map', 'object=company&map={"fields":7}', 'name\nA\n', csv, 422],
  ['a misspelt parameter', 'object=company&dryrun=true', 'name\nA\n', csv, 400],
  ['a plan without files', '', '{}', { 'content-type': 'application/json' }, 422],
])('%s is refused before anything is queued', async (_, query, body, headers, status) => {
  const reply = await order(server.sina, query, body, headers);
  expect(reply.status, reply.text).toBe(status);
});

test('who may not write at all is refused before the file is taken in', async () => {
  const reply = await order(server.rita, 'object=company');
  expect([reply.status, reply.body.code]).toEqual([403, 'forbidden']);
  expect(reply.body.detail).toMatch(/does not allow to create/);
});

test('a job that throws is tried again, and in the end shows as failed, with its error', async () => {
  const id = await enqueueAs(server.ada, 'fails');
  const waiting = await until(async () => {
    const run = await job(server.ada, id);
    return run.state === 'waiting' && run;
  });
  expect(waiting).toMatchObject({
    attempt: 1,
    error: 'The printer is on fire.',
    skipped: { count: 1, examples: [{ what: 'row 4', why: 'It was empty.' }] },
  });
  await until(async () => {
    await hurry();
    return (await job(server.ada, id)).state === 'failed';
  }, 25_000);
  expect(await job(server.ada, id)).toMatchObject({ attempt: 5, error: 'The printer is on fire.' });
  expect(server.log.some(line => line.includes('fails failed for good: The printer is on fire.'))).toBe(true);
});

test('a job resumes from its checkpoint', async () => {
  const id = await enqueueAs(server.ada, 'recovers');
  await until(async () => {
    await hurry();
    return (await job(server.ada, id)).state === 'done';
  }, 15_000);
  expect(seen.map(run => run.resumed)).toEqual([null, { at: 2 }]);
  expect(await job(server.ada, id)).toMatchObject({ result: { fine: true }, error: null });
});

test('a job runs with the rights of who ordered it, and not at all once they are gone', async () => {
  const id = await enqueueAs(server.sina, 'whoAmI');
  expect((await ended(server.sina, id)).result).toEqual({ actor: server.sina.id, via: 'job whoAmI' });
  const leaver = await server.hire('Leaver', 'member');
  await server.call(server.ada, 'PATCH', `/api/users/${leaver.id}`, { active: false });
  const run = await ended(server.ada, await enqueueAs(leaver, 'whoAmI'));
  expect([run.state, run.error]).toEqual(['failed', 'Whoever ordered this job no longer works here.']);
});

test('a job nobody knows fails and says so', async () => {
  const id = await enqueueAs(server.ada, 'unknown');
  await until(async () => (await job(server.ada, id)).error);
  expect((await job(server.ada, id)).error).toBe('There is no job called unknown.');
});

test('a job whose worker died goes on elsewhere', async () => {
  const id = await enqueueAs(server.sina, 'whoAmI');
  await ended(server.sina, id);
  // As a killed process leaves it: taken, running, and nobody there.
  await server.db.pool.query("update ws_main.job_run set state = 'running', result = null where id = $1", [
    id,
  ]);
  await server.db.pool.query(
    `insert into farley_jobs._private_jobs (task_id, payload, key, locked_at, locked_by, attempts, max_attempts)
     select id, json_build_object('workspace', 'main', 'run', $1::text), $1::text, now() - interval '2 minutes', 'worker-dead', 1, 5
     from farley_jobs._private_tasks where identifier = 'run'`,
    [id],
  );
  const other = await startServer('jobs', { beside: server, declared: withJobs });
  try {
    const run = await ended(server.sina, id);
    expect(run).toMatchObject({ state: 'done', attempt: 2, result: { actor: server.sina.id } });
  } finally {
    await other.close();
  }
});

test('files are kept as they came, handed out to who may see them, and never run in the page', async () => {
  const bytes = new Uint8Array([0, 1, 2, 255, 13, 10]);
  const type = { 'content-type': 'text/html' };
  const made = await server.call(
    server.sina,
    'POST',
    '/api/uploads?name=../Preis%20%C3%A4.html',
    bytes,
    type,
  );
  expect(made.status, made.text).toBe(201);
  expect(made.body).toMatchObject({ name: '../Preis ä.html', size: 6, mediaType: 'text/html' });
  const reply = await fetch(`${server.url}/api/files/${made.body.id}/content`, {
    headers: server.sina.headers(),
  });
  expect(new Uint8Array(await reply.arrayBuffer())).toEqual(bytes);
  expect(reply.headers.get('content-disposition')).toMatch(/^attachment;/);
  expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  const olga = await server.hire('Olga Petrenko', 'member', server.teams.support);
  expect((await server.call(olga, 'GET', `/api/files/${made.body.id}/content`)).status).toBe(404);
  const gone = await server.call(
    server.sina,
    'GET',
    '/api/files/01a00000-0000-7000-8000-000000000000/content',
  );
  expect(gone.status).toBe(404);
  const changed = await server.call(server.sina, 'PATCH', `/api/files/${made.body.id}`, { hash: 'x' });
  expect(changed.status).toBe(422);
});

test('plain text is a file like any other', async () => {
  const { call, ada } = server;
  const up = await call(ada, 'POST', '/api/uploads?name=notes.txt', 'two lines\nof text', {
    'content-type': 'text/plain',
  });
  expect([up.status, up.body.mediaType]).toEqual([201, 'text/plain']);
  expect((await call(ada, 'GET', `/api/files/${up.body.id}/content`)).text).toBe('two lines\nof text');
});

test('what a workspace starts with is not undone as a whole', async () => {
  const { call, ada } = server;
  const sets = (await call(ada, 'GET', '/api/change-sets')).body.data as { id: string; via: string }[];
  const seed = sets.find(set => set.via === 'seed')!;
  expect((await call(ada, 'POST', `/api/undo/${seed.id}`)).status).toBe(403);
});

test('an undo of many acts is a job, where that is asked for: what stands in its way is told, and then it is done', async () => {
  const { sina } = server;
  const made = await server.call(sina, 'POST', '/api/companies', { name: 'Many acts' });
  const changeSet = made.headers.get('farley-change-set');
  const at = `/api/undo/${changeSet}`;
  // Acts that it consists of, taken back already.
  await server.db.pool.query(
    `insert into ${server.system.schema}.change_set (id, at, actor_name, via, part_of, undone_by)
      select gen_random_uuid(), now(), 'Tests', 'test', $1::uuid, $1::uuid from generate_series(1, 201)`,
    [changeSet],
  );
  const later = await server.call(sina, 'PATCH', `/api/companies/${made.body.id}`, { name: 'Later' });
  const undo = async () => {
    const reply = await server.call(sina, 'POST', at, { background: true });
    expect([reply.status, Object.keys(reply.body)]).toEqual([202, ['job']]);
    return (await ended(sina, reply.body.job)).result;
  };
  expect(await undo()).toMatchObject({ problem: { code: 'undoConflict', details: { count: 1 } } });
  const direct = `/api/undo/${later.headers.get('farley-change-set')}`;
  expect((await server.call(sina, 'POST', direct, { background: true })).body).toMatchObject({ undone: 1 });
  expect(await undo()).toMatchObject({ undo: { undone: 1 } });
});
