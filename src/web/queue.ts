/**
 * Writes on their way to the server: one after another within a lane, so that two changes of a record never overtake each
 * other. What got lost on the way is sent again, with its key, for as long as the page is open; people see that, and may
 * give up.
 */

/** Where the writes stand, for the line that tells of it. */
export interface Trouble {
  /** Writes that wait, the one that does not get through among them. */
  waiting: number;
  /** `trying`: it has only just failed. `stuck`: it has failed for so long that people should know. */
  state: 'trying' | 'stuck';
}

export interface QueueOptions {
  /** Whether sending it again may help and can do no harm. */
  passing(error: unknown): boolean;
  /** What those get whose writes were given up. */
  givenUp(): Error;
  /** Milliseconds between attempts; the last one counts from then on. */
  pauses?: number[];
  /** Attempts in a row after which a write is stuck. */
  patience?: number;
}

export interface WriteOptions {
  /** Default: `changes`. Files have a lane of their own, so that a large one holds up nothing else. */
  lane?: string;
  /** Sent once only: the server would do it twice. */
  once?: boolean;
  /** What it changes is on the screen already: what is read meanwhile would take it back. */
  shown?: boolean;
  signal?: AbortSignal | undefined;
}

interface Waiting {
  /** Ends the pause before the next attempt. */
  wake(): void;
  reject(error: unknown): void;
}

/** Whoever writes without a pause is shown what was read all the same. */
const mostRounds = 5;
/** Milliseconds that reading waits for writes at most: nothing to see is worse than what will change in a moment. */
const longestRest = 5_000;

export class WriteQueue {
  private readonly options: Required<QueueOptions>;
  private readonly lanes = new Map<string, Promise<unknown>>();
  private readonly waiting = new Set<Waiting>();
  private readonly failing = new Map<Waiting, number>();
  private readonly listeners = new Set<() => void>();
  private readonly shown = new Set<Waiting>();
  private shownSoFar = 0;
  private resting: (() => void)[] = [];
  private now: Trouble | null = null;

  constructor(options: QueueOptions) {
    this.options = { pauses: [1_000, 2_000, 4_000, 8_000, 15_000], patience: 5, ...options };
  }

  /** Sends it when those before it in its lane are done; answers or fails as `send` does in the end. */
  add<T>(send: () => Promise<T>, options: WriteOptions = {}): Promise<T> {
    const { lane = 'changes', once = false, shown = false, signal } = options;
    return new Promise<T>((resolve, reject) => {
      const entry: Waiting = { wake: () => undefined, reject };
      this.waiting.add(entry);
      if (shown) {
        this.shown.add(entry);
        this.shownSoFar++;
      }
      this.publish();
      const left = () => {
        this.leave(entry);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', left, { once: true });
      const turn = async () => {
        try {
          if (this.waiting.has(entry)) resolve(await (once ? send() : this.insist(entry, send)));
        } catch (error) {
          reject(error);
        }
        signal?.removeEventListener('abort', left);
        this.leave(entry);
      };
      this.lanes.set(lane, (this.lanes.get(lane) ?? Promise.resolve()).then(turn));
    });
  }

  private async insist<T>(entry: Waiting, send: () => Promise<T>): Promise<T> {
    const { passing, pauses, givenUp } = this.options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await send();
      } catch (error) {
        if (!this.waiting.has(entry)) throw givenUp();
        if (!passing(error)) throw error;
      }
      const paused = this.pause(entry, pauses[Math.min(attempt, pauses.length) - 1] ?? 0);
      this.failing.set(entry, attempt);
      this.publish();
      await paused;
      if (!this.waiting.has(entry)) throw givenUp();
    }
  }

  private async pause(entry: Waiting, time: number) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>(resolve => {
      entry.wake = resolve;
      timer = setTimeout(resolve, time);
    });
    clearTimeout(timer);
  }

  private leave(entry: Waiting) {
    this.waiting.delete(entry);
    this.failing.delete(entry);
    this.shown.delete(entry);
    entry.wake();
    this.publish();
  }

  /**
   * Reads when nothing that the screen shows already is on its way, and again when something was sent meanwhile: what is
   * read is never older than what is shown. Does not wait for writes that do not get through.
   */
  async reading<T>(read: () => Promise<T>): Promise<T> {
    for (let round = 1; ; round++) {
      if (this.shown.size > 0) await this.calm();
      const before = this.shownSoFar;
      const answer = await read();
      if (this.shownSoFar === before || round === mostRounds) return answer;
    }
  }

  private async calm() {
    const until = Date.now() + longestRest;
    while (this.shown.size > 0 && !this.now && Date.now() < until)
      await new Promise<void>(resolve => {
        this.resting.push(resolve);
        setTimeout(resolve, until - Date.now());
      });
  }

  /** Tries what failed again, at once. */
  tryAgain = () => {
    for (const entry of this.failing.keys()) entry.wake();
  };

  /** Nothing that waits is sent any more; who waits for it is told. */
  giveUp = () => {
    for (const entry of [...this.waiting]) {
      entry.reject(this.options.givenUp());
      this.leave(entry);
    }
  };

  /** null while all goes well, however much is on its way. */
  trouble = (): Trouble | null => this.now;

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private publish() {
    for (const wake of this.resting.splice(0)) wake();
    const attempts = Math.max(0, ...this.failing.values());
    const state = attempts >= this.options.patience ? 'stuck' : 'trying';
    const next: Trouble | null = attempts > 0 ? { waiting: this.waiting.size, state } : null;
    if (next?.state === this.now?.state && next?.waiting === this.now?.waiting) return;
    this.now = next;
    for (const listener of this.listeners) listener();
  }
}
