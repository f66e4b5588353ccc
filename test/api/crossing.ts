/** A way to PostgreSQL that tests can cut, stall and half open; and a listener to live updates. */
import { connect, createServer, type Socket } from 'node:net';
import { type Caller, type Json, type Server, until } from './server.ts';

/**
 * `open`; `cut`: connections break, new ones are refused; `stalled`: nothing passes and nothing is said, as when a cable
 * is pulled; `mute`: what Farley says arrives, and no answer comes back.
 */
export type State = 'open' | 'cut' | 'stalled' | 'mute';

export interface Crossing {
  /** The address of a database, this way. */
  urlOf(connectionString: string): string;
  set(state: State): void;
  close(): void;
}

/** `target`: the address of any database of the server. */
export async function crossing(target: string): Promise<Crossing> {
  const { hostname, port, searchParams } = new URL(target);
  const folder = searchParams.get('host');
  const pairs = new Set<[Socket, Socket]>();
  let state: State = 'open';
  const apply = (pair: [Socket, Socket]) => {
    const [near, far] = pair;
    if (state === 'cut') for (const socket of [near, far]) socket.destroy();
    if (state === 'stalled') near.pause();
    else near.resume();
    if (state === 'stalled' || state === 'mute') far.pause();
    else far.resume();
    if (state === 'stalled' || !(near.destroyed || far.destroyed)) return;
    for (const socket of [near, far]) socket.destroy();
    pairs.delete(pair);
  };
  const server = createServer(near => {
    if (state === 'cut') return void near.destroy();
    const far = folder
      ? connect(`${folder}/.s.PGSQL.${port || 5432}`)
      : connect(Number(port || 5432), hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.on('data', data => void far.write(data));
    far.on('data', data => void near.write(data));
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('error', () => {});
      one.on('close', () => {
        // What is stalled does not learn that the other side has gone, until it flows again.
        if (state === 'stalled') return;
        pairs.delete(pair);
        other.destroy();
      });
    }
    apply(pair);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const here = server.address() as { port: number };
  return {
    urlOf: connectionString => {
      const url = new URL(connectionString);
      url.searchParams.delete('host');
      url.hostname = '127.0.0.1';
      url.port = String(here.port);
      return url.href;
    },
    set: next => {
      state = next;
      for (const pair of pairs) apply(pair);
    },
    close: () => {
      server.close();
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
  };
}

export interface Stream {
  events: Json[];
  ended: boolean;
  stop(): void;
}

/** Listens to changes as a browser does, but without coming back when the stream ends. */
export async function listen(at: Server, who: Caller): Promise<Stream> {
  const abort = new AbortController();
  const reply = await fetch(`${at.url}/api/live`, { headers: who.headers(), signal: abort.signal });
  const stream: Stream = { events: [], ended: false, stop: () => abort.abort() };
  let text = '';
  void reply
    .body!.pipeThrough(new TextDecoderStream())
    .pipeTo(
      new WritableStream({
        write: part => {
          text += part;
          stream.events = [...text.matchAll(/^event: change\ndata: (.*)$/gm)].map(([, data]) =>
            JSON.parse(data!),
          );
        },
      }),
    )
    .catch(() => {})
    .finally(() => {
      stream.ended = true;
    });
  await until(async () => text.includes(': listening'));
  return stream;
}
