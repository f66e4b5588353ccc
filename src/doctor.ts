/** `farley doctor`: what this installation consists of and whether it works. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findPlace } from './engine/db/place.ts';
import { readSettings, version, withFarley } from './server.ts';

/** Prints one fact per line; throws what is wrong. */
export async function doctor(): Promise<void> {
  const settings = readSettings();
  const web = existsSync(resolve(import.meta.dirname, '../dist/web/index.html'));
  say('Farley', version);
  say('Node', process.version);
  say('Address', settings.url);
  say('Web interface', web ? 'built' : 'not built; it is built by npm start');
  say('Data directory', settings.dataDir);
  if (!settings.databaseUrl) {
    const { base, account } = findPlace(settings.dataDir);
    say('Database', `embedded, in ${base}${account ? `, as the user ${account.name}` : ''}`);
    say('Database log', join(base, 'postgres.log'));
  } else say('Database', `external, ${new URL(settings.databaseUrl).host}`);
  await withFarley(async (_farley, { database }) => {
    const { rows } = await database.pool.query<{ version: string; size: string }>(
      `select current_setting('server_version') as version,
        pg_size_pretty(pg_database_size(current_database())) as size`,
    );
    say('PostgreSQL', `${rows[0]!.version}, ${rows[0]!.size}`);
  });
  console.log('Everything that was looked at works.');
}

function say(what: string, value: string): void {
  console.log(`${what.padEnd(15)} ${value}`);
}
