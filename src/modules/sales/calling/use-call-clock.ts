/** How long one speaks: the clock starts as a number is pressed, or by hand, and stands still once the call is over. */
import { useEffect, useState } from 'react';

export function useCallClock() {
  const [from, setFrom] = useState<number | null>(null);
  const [to, setTo] = useState<number | null>(null);
  const [now, setNow] = useState(() => Date.now());
  const runs = from !== null && to === null;
  useEffect(() => {
    if (!runs) return;
    const each = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(each);
  }, [runs]);
  const start = () => {
    setNow(Date.now());
    setFrom(Date.now());
    setTo(null);
  };
  const stop = () => setTo(before => before ?? Date.now());
  const iso = (time: number) => new Date(time).toISOString();
  return {
    runs,
    start,
    stop,
    turn: () => (runs ? stop() : start()),
    /** Seconds so far; null where it has not been started. */
    seconds: from === null ? null : Math.max(0, Math.floor(((to ?? now) - from) / 1_000)),
    /** As the verb takes them. */
    times: () =>
      from === null ? {} : { startedAt: iso(from), ...(to === null ? {} : { endedAt: iso(to) }) },
  };
}

export type CallClock = ReturnType<typeof useCallClock>;
