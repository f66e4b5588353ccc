/** The measured process: Farley or the bare baseline, apart from the load generator. Talks to its parent by messages. */
import { createFarley } from '../src/app.ts';
import { createAccount, createKey, openDatabase } from '../src/engine/index.ts';
import { serveBare } from './bare.ts';

const [what, connectionString, schema, dataDir] = process.argv.slice(2) as [string, string, string, string];
/** Farley as browsers see it: it needs to know its own address, and somebody who may sign in. */
const browsed = what === 'web' ? { port: Number(process.argv[6]), webDir: process.argv[7]! } : null;

async function serveFarley() {
  const database = openDatabase({ connectionString, connections: 10 });
  const silent = { info: () => {}, warn: () => {}, error: console.error };
  const farley = await createFarley({
    database,
    secret: 'bench'.repeat(8),
    url: `http://localhost:${browsed?.port ?? ''}`,
    dataDir,
    webDir: browsed?.webDir ?? null,
    log: silent,
    work: false,
  });
  const { key } = await createKey(
    await farley.system('bench'),
    farley.auth,
    `bench ${Date.now()}`,
    'administrator',
  );
  if (browsed) {
    const account = { name: 'Bench Reader', email: `${Date.now()}@bench.example`, password: key };
    await createAccount(await farley.system('bench'), farley.auth, account, 'administrator');
    await farley.app.listen({ host: '127.0.0.1', port: browsed.port });
    return { url: `http://localhost:${browsed.port}`, key, email: account.email };
  }
  return { url: await farley.app.listen({ host: '127.0.0.1', port: 0 }), key };
}

const served = what === 'bare' ? await serveBare(connectionString, schema) : await serveFarley();
const { url, key = null, email = null } = served as { url: string; key?: string; email?: string };
process.send!({ url, key, email });
process.on('message', () => process.send!({ rss: process.memoryUsage().rss }));
process.on('disconnect', () => process.exit());
