/** Stand-in until the engine's parts are put together here: answers `/healthz` only. */
import fastify, { type FastifyInstance } from 'fastify';
import type { Database } from './engine/db/database.ts';

export interface Log {
  info(sentence: string): void;
  warn(sentence: string): void;
  error(sentence: string): void;
}

export interface FarleyOptions {
  database: Database;
  /** For signing sessions and links. */
  secret: string;
  /** Where users reach it, without a slash at the end. */
  url: string;
  dataDir: string;
  /** The built web interface; null where there is none. */
  webDir: string | null;
  log: Log;
}

/** A Farley whose database is up to date, not listening yet. */
export interface Farley {
  app: FastifyInstance;
  /** The one-time link with which the first administrator sets a password; null once that is done. */
  setupLink(): Promise<string | null>;
  /** Fills the workspace with sample records; does nothing the second time. */
  demo(): Promise<void>;
  /** Lets running requests and jobs finish. The database stays open. */
  stop(): Promise<void>;
}

export async function createFarley(_options: FarleyOptions): Promise<Farley> {
  const app = fastify({ forceCloseConnections: 'idle' });
  app.get('/healthz', () => ({ status: 'ok' }));
  return { app, setupLink: async () => null, demo: async () => {}, stop: () => app.close() };
}
