/** Sending what no browser would: any bytes as a target, header or body, and what must hold of each answer. */
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { errors } from '../../src/engine/index.ts';
import type { Caller, Json } from '../api/server.ts';

export interface Shot {
  /** What is attacked, and with what: stands in the message of a failure. */
  what: string;
  method: string;
  /** Path and query as they go over the wire. */
  path: string;
  headers?: Record<string, string>;
  /** Text or bytes as they are; anything else as JSON. */
  body?: unknown;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** Milliseconds. */
  took: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** The longest that one request may take when it is alone, in milliseconds; generous, because machines are busy. */
export const patience = 5_000;
/** After this many milliseconds without an answer a request counts as hanging. */
const hanging = 10_000;

/** Sends one request and reads its answer; of a stream without end only the head. */
export function send(url: string, who: Caller, shot: Shot): Promise<Answer> {
  const begun = performance.now();
  const raw = typeof shot.body === 'string' || shot.body instanceof Uint8Array;
  const body = shot.body === undefined || raw ? shot.body : JSON.stringify(shot.body);
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        agent,
        hostname,
        port,
        method: shot.method,
        path: shot.path,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body as string)) }),
          ...who.headers(),
          ...shot.headers,
        },
      },
      incoming => {
        const head = { status: incoming.statusCode!, headers: incoming.headers };
        const done = (text: string) => resolve({ ...head, text, took: performance.now() - begun });
        if (incoming.headers['content-type'] === 'text/event-stream') {
          outgoing.destroy();
          return done('');
        }
        const chunks: Buffer[] = [];
        incoming.on('data', chunk => chunks.push(chunk));
        incoming.on('end', () => done(Buffer.concat(chunks).toString()));
        incoming.on('error', error =>
          reject(new Error(`${shot.what}: ${error.message} after ${incoming.statusCode}`)),
        );
      },
    );
    outgoing.setTimeout(hanging, () => outgoing.destroy(new Error(`No answer: ${shot.what}`)));
    outgoing.on('error', error => reject(new Error(`${shot.what}: ${error.message}`, { cause: error })));
    if (body !== undefined) outgoing.write(body);
    outgoing.end();
  });
}

/** Bytes as they are on a connection of their own; what comes back until the other end closes or is silent. */
export function sendRaw(url: string, bytes: Uint8Array | string, silence = 1_500): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise(resolve => {
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    const done = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    socket.setTimeout(silence, done);
    socket.on('data', chunk => chunks.push(chunk));
    socket.on('error', done);
    socket.on('close', done);
    socket.write(bytes);
  });
}

/** What tells of the inside: statements, stacks, paths of files, names of tables, words of PostgreSQL. */
const inside =
  /node_modules|\.[jt]s:\d+|\bat \w+ \(|"?ws_main"?\.|\bpg_\w|syntax error at|invalid input syntax|violates|::uuid|does not exist$|search_path|\/(home|work|tmp|root|usr)\/|_FST_|FST_ERR|UND_ERR|null value in column/;

/** What does not hold of an answer, in words; null where all is well. */
export function wrongWith(answer: Answer): string | null {
  const { status, headers, text } = answer;
  if (status >= 500) return `answered ${status}: ${text.slice(0, 300)}`;
  if (headers['x-injected'] !== undefined || headers['set-cookie']?.includes('injected'))
    return 'let a header be injected';
  if (headers['x-content-type-options'] !== 'nosniff') return 'did not say nosniff';
  if (status < 400 || answer.text === '') return null;
  const type = String(headers['content-type']);
  if (!type.startsWith('application/problem+json'))
    return `answered ${status} as ${type}: ${text.slice(0, 200)}`;
  const problem = JSON.parse(text) as Json;
  const known = (errors as Record<string, readonly [number, string]>)[problem.code];
  if (known?.[0] !== status) return `answered ${status} with the code ${problem.code}`;
  if (problem.requestId !== headers['x-request-id']) return 'names another request';
  // What was sent may be quoted.
  const found = inside.exec(text.replace(/pg_s(hadow|leep)/g, ''));
  return found ? `tells of the inside (${found[0]}): ${text.slice(0, 300)}` : null;
}
