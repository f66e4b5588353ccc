/** The bare baseline: a minimal Fastify route with one hand-written prepared statement that answers the same JSON. No rights, no history, no search. */
import fastify from 'fastify';
import pg from 'pg';

export const listFields = [
  'name',
  'email',
  'phone',
  'jobTitle',
  'lifecycle',
  'doNotCall',
  'createdAt',
  'updatedAt',
];

const row = `json_build_object('id', id, 'version', version, 'name', json_build_object('full', name, 'given', name_given, 'family', name_family),
  'email', email, 'phone', phone, 'jobTitle', job_title, 'lifecycle', lifecycle, 'doNotCall', do_not_call,
  'createdAt', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'updatedAt', to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;

/** Serves on a free port; answers where, and how to stop. */
export async function serveBare(
  connectionString: string,
  schema: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const pool = new pg.Pool({ connectionString, max: 10 });
  const app = fastify();
  const json = { 'content-type': 'application/json; charset=utf-8' };
  app.get('/list', async (_request, reply) => {
    const { rows } = await pool.query({
      name: 'list',
      text: `select json_build_object('data', coalesce(json_agg(j), '[]'), 'next', null)::text as body from (select ${row} as j from ${schema}.person
        where deleted_at is null and lifecycle = $1 order by updated_at desc nulls last, id desc limit 60) p`,
      values: ['customer'],
    });
    return reply.headers(json).send(rows[0].body);
  });
  app.get('/read/:id', async (request, reply) => {
    const { rows } = await pool.query({
      name: 'read',
      text: `select ${row}::text as body from ${schema}.person where id = $1`,
      values: [(request.params as { id: string }).id],
    });
    return reply.headers(json).send(rows[0].body);
  });
  app.post('/create', async (request, reply) => {
    const { name, email } = request.body as { name: string; email: string };
    const { rows } = await pool.query({
      name: 'create',
      text: `insert into ${schema}.person (id, name, email, do_not_call, do_not_email) values (gen_random_uuid(), $1, $2, false, false) returning ${row}::text as body`,
      values: [name, email],
    });
    return reply.status(201).headers(json).send(rows[0].body);
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    stop: async () => {
      await app.close();
      await pool.end();
    },
  };
}
