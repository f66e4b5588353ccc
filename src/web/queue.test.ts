import { expect, test, vi } from 'vitest';
import { ApiError, upload, write, writes } from './api.ts';
import { WriteQueue } from './queue.ts';

const lost = () => new Error('lost');
const queueOf = (more: object = {}) =>
  new WriteQueue({
    passing: error => (error as Error).message === 'lost',
    givenUp: () => new Error('given up'),
    pauses: [0],
    ...more,
  });

/** Fails `times` times, then answers. */
function shaky(times: number, answer: string) {
  const attempts: string[] = [];
  const send = async () => {
    attempts.push(answer);
    if (attempts.length <= times) throw lost();
    return answer;
  };
  return { attempts, send };
}

test('what got lost is sent again, and nothing overtakes it', async () => {
  const queue = queueOf();
  const order: string[] = [];
  const first = shaky(3, 'first');
  const done = ['first', 'second'].map(name =>
    queue.add(name === 'first' ? first.send : async () => name).then(answer => order.push(answer)),
  );
  await Promise.all(done);
  expect(order).toEqual(['first', 'second']);
  expect(first.attempts).toHaveLength(4);
  expect(queue.trouble()).toBeNull();
});

test('a refusal is an answer: it is not sent again, and what follows is', async () => {
  const queue = queueOf();
  const send = vi.fn(async () => {
    throw new Error('refused');
  });
  const refused = queue.add(send);
  await expect(refused).rejects.toThrow('refused');
  expect(await queue.add(async () => 'next')).toBe('next');
  expect(send).toHaveBeenCalledTimes(1);
});

test('what the server would do twice is sent once', async () => {
  const { send, attempts } = shaky(1, 'letter');
  await expect(queueOf().add(send, { once: true })).rejects.toThrow('lost');
  expect(attempts).toHaveLength(1);
});

test('people see what waits, and that it has waited for long; trying again lets it through', async () => {
  const queue = queueOf({ pauses: [0, 60_000], patience: 2 });
  const seen: unknown[] = [];
  queue.subscribe(() => seen.push(queue.trouble()));
  const results = [queue.add(shaky(2, 'first').send), queue.add(async () => 'second')];
  await vi.waitFor(() => expect(queue.trouble()).toEqual({ waiting: 2, state: 'stuck' }));
  queue.tryAgain();
  expect(await Promise.all(results)).toEqual(['first', 'second']);
  expect(seen).toEqual([{ waiting: 2, state: 'trying' }, { waiting: 2, state: 'stuck' }, null]);
});

test('what is given up is told to who waits, and is never sent', async () => {
  const queue = queueOf({ pauses: [60_000] });
  const second = vi.fn(async () => 'second');
  const results = [queue.add(shaky(9, 'first').send), queue.add(second)];
  await vi.waitFor(() => expect(queue.trouble()).not.toBeNull());
  queue.giveUp();
  for (const result of results) await expect(result).rejects.toThrow('given up');
  expect(second).not.toHaveBeenCalled();
  expect(queue.trouble()).toBeNull();
  expect(await queue.add(async () => 'third')).toBe('third');
});

test('a large file holds up nothing else, and can be left out', async () => {
  const queue = queueOf({ pauses: [60_000] });
  const abort = new AbortController();
  const file = queue.add(shaky(9, 'file').send, { lane: 'files', signal: abort.signal });
  expect(await queue.add(async () => 'change')).toBe('change');
  abort.abort();
  await expect(file).rejects.toThrow();
  expect(queue.trouble()).toBeNull();
});

test('each attempt carries the same key and headers; the next write another', async () => {
  const calls: { path: string; headers: Record<string, string> }[] = [];
  const answers = [
    () => Promise.reject(new TypeError('Failed to fetch')),
    () => new Response('<html>Bad gateway</html>', { status: 502 }),
    () => Response.json({ code: 'unconfirmed', detail: 'Maybe.' }, { status: 503 }),
    () => Response.json({ id: 'a', version: 2 }, { headers: { 'farley-change-set': 'c' } }),
    () => Response.json({ code: 'timeout', detail: 'Too long.' }, { status: 504 }),
  ];
  vi.stubGlobal('fetch', async (path: string, { headers }: { headers: Record<string, string> }) => {
    calls.push({ path, headers });
    return answers[calls.length - 1]!();
  });
  const again = setInterval(writes.tryAgain, 5);
  const versions = ['"1"', '"7"'];
  const headers = () => ({ 'If-Match': versions.shift()! });
  const answer = await write('PATCH', '/api/companies/a', { name: 'Kaffeehaus' }, { headers });
  expect(answer.changeSet).toBe('c');
  const keys = calls.map(call => call.headers['Idempotency-Key']);
  expect(new Set(keys).size).toBe(1);
  expect(calls.map(call => call.headers['If-Match'])).toEqual(['"1"', '"1"', '"1"', '"1"']);
  await expect(write('POST', '/api/companies', {}, { headers })).rejects.toThrow(ApiError);
  expect(calls).toHaveLength(5);
  expect(calls[4]!.headers['Idempotency-Key']).not.toBe(keys[0]);
  clearInterval(again);
  vi.unstubAllGlobals();
});

test('a file goes with a key of its own, the same at each attempt', async () => {
  const keys: string[] = [];
  class Request {
    upload = {};
    status = 0;
    response: object = {};
    onload = () => undefined;
    onerror = () => undefined;
    open() {}
    setRequestHeader(name: string, value: string) {
      if (name === 'Idempotency-Key') keys.push(value);
    }
    send() {
      [this.status, this.response] = [201, { id: 'f' }];
      queueMicrotask(keys.length === 1 ? () => this.onerror() : () => this.onload());
    }
  }
  vi.stubGlobal('XMLHttpRequest', Request);
  const again = setInterval(writes.tryAgain, 5);
  expect(await upload('/api/uploads?name=a', new File(['x'], 'a'))).toEqual({ id: 'f' });
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
  clearInterval(again);
  vi.unstubAllGlobals();
});

test('what the screen shows already is read when it has arrived, and again when it was sent meanwhile', async () => {
  const queue = queueOf();
  let stored = 'old';
  const store = (value: string) => async () => {
    await new Promise(resolve => setTimeout(resolve, 20));
    stored = value;
  };
  const readings: string[] = [];
  const read = async () => {
    const answer = stored;
    await new Promise(resolve => setTimeout(resolve, 10));
    readings.push(answer);
    return answer;
  };
  void queue.add(store('kept'), { shown: true });
  expect(await queue.reading(read)).toBe('kept');
  const overtaken = queue.reading(read);
  void queue.add(store('newer'), { shown: true });
  expect(await overtaken).toBe('newer');
  expect(readings).toEqual(['kept', 'kept', 'newer']);
  // What nobody sees yet holds up nothing.
  void queue.add(store('unseen'));
  expect(await queue.reading(read)).toBe('newer');
});

test('reading does not wait for what does not get through, or for ever', async () => {
  const queue = queueOf({ pauses: [60_000] });
  void queue.add(shaky(9, 'lost').send, { shown: true }).catch(() => undefined);
  expect(await queue.reading(async () => 'read')).toBe('read');
  vi.useFakeTimers();
  const slow = queueOf();
  void slow.add(() => new Promise(() => undefined), { shown: true });
  const answer = slow.reading(async () => 'read');
  await vi.advanceTimersByTimeAsync(5_000);
  vi.useRealTimers();
  expect(await answer).toBe('read');
});
