/** The measured process: Farley or the bare baseline, apart from the load generator. Talks to its parent by messages. */
import { createFarley } from '../src/app.ts';
import { createKey, openDatabase } from '../src/engine/index.ts';
import { serveBare } from './bare.ts';

const [what, connectionString, schema, dataDir] = process.argv.slice(2) as [string, string, string, string];

async function serveFarley() {
  const database = openDatabase({ connectionString, connections: 10 });
  const silent = { info: () => {}, warn: () => {}, error: console.error };
  const farley = await createFarley({
    database,
    secret: 'bench'.repeat(8),
    url: 'http://127.0.0.1',
    dataDir,
    webDir: null,
    log: silent,
    work: false,
  });
  const { key } = await createKey(
    await farley.system('bench'),
    farley.auth,
    `bench ${Date.now()}`,
    'administrator',
  );
  return { url: await farley.app.listen({ host: '127.0.0.1', port: 0 }), key };
}

const served = what === 'bare' ? await serveBare(connectionString, schema) : await serveFarley();
process.send!({ url: served.url, key: 'key' in served ? served.key : null });
process.on('message', () => process.send!({ rss: process.memoryUsage().rss }));
process.on('disconnect', () => process.exit());
