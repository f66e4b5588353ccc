/** The one way to the server: JSON over fetch, problems as errors, writes one after another. */

import type { Json } from '../engine/index.ts';
import { saidSentence } from '../fields/said.ts';
import { t } from '../kit/words.ts';
import { WriteQueue } from './queue.ts';

export interface Problem {
  pointer: string;
  code: string;
  message: string;
}

export interface Row {
  id: string;
  version: number;
  [field: string]: Json;
}

export interface Page {
  data: Row[];
  next: string | null;
  count?: number;
}

/** What the server refused, as `application/problem+json` says it. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problems: Problem[];
  readonly details: Record<string, unknown>;
  readonly requestId: string | null;

  constructor(status: number, body: Record<string, unknown>) {
    const words = [body.detail, body.title].find(text => typeof text === 'string' && text !== '');
    super(typeof words === 'string' ? saidSentence(words) : `HTTP ${status}`);
    this.status = status;
    this.code = typeof body.code === 'string' ? body.code : status === 0 ? 'offline' : 'unknown';
    const problems = Array.isArray(body.errors) ? (body.errors as Problem[]) : [];
    this.problems = problems.map(each => ({ ...each, message: saidSentence(each.message) }));
    this.details = (body.details as Record<string, unknown> | undefined) ?? {};
    this.requestId = typeof body.requestId === 'string' ? body.requestId : null;
  }
}

interface Options {
  method?: string;
  /** JSON, or a file as it is. */
  body?: Json | File | undefined;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

export interface Answer<T> {
  data: T;
  /** Identifies what this write changed, for undoing it. */
  changeSet: string | null;
  /** Ids of records that may be the same as the one written, where the request asked for them. */
  duplicates: string[];
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** A file goes as a stream of bytes: JSON and plain text the server would read whole, as messages to itself. */
function mediaTypeOf(body: Json | File): string {
  if (!(body instanceof File)) return 'application/json';
  return !body.type || /json/.test(body.type) ? 'application/octet-stream' : body.type;
}

async function send<T>(path: string, { method = 'GET', body, headers, signal }: Options): Promise<Answer<T>> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      signal,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': mediaTypeOf(body) }),
        ...headers,
      },
      body: body === undefined || body instanceof File ? body : JSON.stringify(body),
    });
    text = await response.text();
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, {});
  }
  const answer = parse(text);
  if (!response.ok) throw new ApiError(response.status, answer);
  const same = response.headers.get('Farley-Duplicates');
  return {
    data: answer as T,
    changeSet: response.headers.get('Farley-Change-Set'),
    duplicates: same ? same.split(', ') : [],
  };
}

interface Reading {
  body?: Json | undefined;
  signal?: AbortSignal | undefined;
}

/** Reading, by GET or by a body that describes the query: never less than what the screen shows already. */
export function read<T>(path: string, options: Reading = {}): Promise<T> {
  return writes.reading(() => ask<T>(path, options));
}

async function ask<T>(path: string, options: Reading): Promise<T> {
  const method = options.body === undefined ? 'GET' : 'POST';
  return (await send<T>(path, { method, ...options })).data;
}

interface Ask extends Reading {
  path: string;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

let asks: Ask[] = [];
/** The server answers no more in one request. */
const mostAtOnce = 50;

/**
 * Reading lists, totals and what belongs to a record: what is asked for in one moment, as a page opens, goes as one
 * request. Each is answered as soon as it is known.
 */
export function readTogether<T>(path: string, options: Reading = {}): Promise<T> {
  return writes.reading(() => askTogether<T>(path, options));
}

function askTogether<T>(path: string, options: Reading): Promise<T> {
  options.signal?.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    asks.push({ path, ...options, resolve: answer => resolve(answer as T), reject });
    if (asks.length === 1)
      setTimeout(() => {
        const all = asks.filter(({ signal }) => !signal?.aborted);
        asks = [];
        for (let at = 0; at < all.length; at += mostAtOnce) void readAll(all.slice(at, at + mostAtOnce));
      });
    options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
  });
}

async function readAll(all: Ask[]) {
  const [only] = all;
  if (all.length === 1 && only) return ask(only.path, only).then(only.resolve, only.reject);
  try {
    const response = await fetch('/api/reads', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ reads: all.map(({ path, body }) => ({ path, body })) }),
    });
    if (!response.ok) throw new ApiError(response.status, parse(await response.text()));
    for await (const line of linesOf(response)) {
      const { at, status, body } = JSON.parse(line) as { at: number; status: number; body: unknown };
      if (status < 300) all[at]?.resolve(body);
      else all[at]?.reject(new ApiError(status, body as Record<string, unknown>));
    }
    throw new ApiError(0, {});
  } catch (error) {
    // Whoever has an answer already keeps it.
    for (const { reject } of all) reject(error instanceof ApiError ? error : new ApiError(0, {}));
  }
}

async function* linesOf({ body }: Response): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

/** Change sets this page made itself: their live events bring no news. */
const own = new Set<string>();

export function isOwn(changeSet: string | null): boolean {
  return changeSet !== null && own.has(changeSet);
}

function key(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

/**
 * What a proxy or the server says while it is away for a moment, or nothing: with the same key the write is done once,
 * however often it is sent. `timeout` would take as long the next time.
 */
function isPassing(error: unknown): boolean {
  return error instanceof ApiError && error.code !== 'timeout' && [0, 502, 503, 504].includes(error.status);
}

/** All writes of this page that are on their way. */
export const writes = new WriteQueue({
  passing: isPassing,
  givenUp: () => new ApiError(0, { code: 'givenUp', detail: t('writes.givenUp') }),
});

interface WriteOptions {
  /** Asked for when the turn of the write has come. */
  headers?(): Record<string, string>;
  /** Letters, keys and signing in: the server does not know them again, so they are sent once and fail at once. */
  once?: boolean;
  /** What it changes is on the screen already: lists and records are read again when it has arrived, and not before. */
  shown?: boolean;
}

/** Writing. In order, each with a key that makes repeating it harmless, and repeated until it has arrived. */
export function write<T>(
  method: string,
  path: string,
  body?: Json,
  { headers = () => ({}), once = false, shown = false }: WriteOptions = {},
): Promise<Answer<T>> {
  let given: Record<string, string> | undefined;
  const run = async () => {
    given ??= { 'Idempotency-Key': key(), ...headers() };
    const answer = await send<T>(path, { method, body, headers: given });
    if (answer.changeSet) own.add(answer.changeSet);
    return answer;
  };
  return writes.add(run, { once, shown });
}

interface UploadOptions {
  /** Told how much has arrived, from 0 to 1. */
  progress?(done: number): void;
  signal?: AbortSignal;
}

/** Sends a file as it is, one after another; other writes need not wait for them. */
export function upload<T>(path: string, file: File, options: UploadOptions = {}): Promise<T> {
  const own = key();
  const run = () => sendFile<T>(path, file, own, options);
  return writes.add(run, { lane: 'files', signal: options.signal });
}

/** By XMLHttpRequest, because `fetch` does not tell how far it is. */
function sendFile<T>(path: string, file: File, own: string, { progress, signal }: UploadOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', mediaTypeOf(file));
    request.setRequestHeader('Idempotency-Key', own);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => progress?.(total > 0 ? loaded / total : 0);
    const lost = () => reject(new ApiError(0, {}));
    request.onerror = lost;
    request.onabort = lost;
    request.onload = () => {
      const answer = (request.response ?? {}) as Record<string, unknown>;
      if (request.status >= 200 && request.status < 300) resolve(answer as T);
      else reject(new ApiError(request.status, answer));
    };
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
