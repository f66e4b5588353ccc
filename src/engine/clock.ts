/** The one source of "now", so that tests can stand still. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands at `at` until moved. */
export function stoppedClock(at: string): Clock & { move(to: string): void } {
  let now = new Date(at);
  return {
    now: () => new Date(now),
    move: to => {
      now = new Date(to);
    },
  };
}
