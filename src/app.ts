/** The list of modules, and how a Farley is put together from them. */
import type { FastifyInstance } from 'fastify';
import { assemble } from './engine/assemble.ts';
import type { Database, Declared } from './engine/index.ts';
import { fieldTypes, systemFields } from './fields/index.ts';
import { activities } from './modules/activities/module.ts';
import { people } from './modules/people/module.ts';
import { sales } from './modules/sales/module.ts';
import { workspace } from './modules/workspace/module.ts';

/** What every workspace has. */
export const declared: Declared = {
  modules: [workspace, people, activities, sales],
  types: fieldTypes,
  system: systemFields,
};

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

export function createFarley(options: FarleyOptions): Promise<Farley> {
  return assemble(declared, options);
}
