/**
 * Whether PostgreSQL answers. Looked at only when there is doubt: a connection could not be opened, or a statement takes
 * long. While it does not answer, requests are refused at once instead of waiting each for itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface Patience {
  /** Milliseconds that a statement runs before the database is looked at. Default 3,000. */
  doubt?: number;
  /** Milliseconds that the look itself may take. Default 5,000. */
  look?: number;
}

/** Milliseconds between two looks while the database is away. */
const lookAgain = 500;

export class Pulse {
  /** Whether the last look got no answer. */
  away = false;
  readonly #connectionString: string;
  readonly #within: number;
  readonly #onAway: () => void;
  #looking = false;
  #over = false;

  /** `onAway` is called after each look that got no answer. */
  constructor(connectionString: string, within: number, onAway: () => void) {
    this.#connectionString = connectionString;
    this.#within = within;
    this.#onAway = onAway;
  }

  /** Looks, and goes on looking until there is an answer. */
  doubt() {
    if (this.#looking || this.#over) return;
    this.#looking = true;
    void this.#look();
  }

  stop() {
    this.#over = true;
  }

  async #look() {
    while (!this.#over) {
      this.away = !(await answers(this.#connectionString, this.#within));
      if (!this.away) break;
      this.#onAway();
      await sleep(lookAgain, undefined, { ref: false });
    }
    this.#looking = false;
  }
}

/** A refusal is an answer too, such as too many connections; not so that it is only starting or stopping. */
async function answers(connectionString: string, within: number): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: within, query_timeout: within });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    return /^(53|28|3D|42)/.test((error as { code?: string }).code ?? '');
  } finally {
    // One that hangs would hang on here too.
    void client.end().catch(() => {});
  }
}
