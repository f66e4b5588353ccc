/** The one way to the server: JSON over fetch, problems as errors, writes one after another. */
import type { Json } from '../engine/index.ts';
import { saidSentence } from '../fields/said.ts';

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
  body?: Json | File;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Answer<T> {
  data: T;
  /** Identifies what this write changed, for undoing it. */
  changeSet: string | null;
  /** Ids of records that may be the same as the one written, where the request asked for them. */
  duplicates: string[];
}

async function parse(response: Response): Promise<Record<string, unknown>> {
  try {
    return (await response.json()) as Record<string, unknown>;
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
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, {});
  }
  const answer = response.status === 204 ? {} : await parse(response);
  if (!response.ok) throw new ApiError(response.status, answer);
  const same = response.headers.get('Farley-Duplicates');
  return {
    data: answer as T,
    changeSet: response.headers.get('Farley-Change-Set'),
    duplicates: same ? same.split(', ') : [],
  };
}

/** Reading, by GET or by a body that describes the query. */
export async function read<T>(path: string, options: { body?: Json; signal?: AbortSignal } = {}): Promise<T> {
  const method = options.body === undefined ? 'GET' : 'POST';
  return (await send<T>(path, { method, ...options })).data;
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

let last: Promise<unknown> = Promise.resolve();

/** Writing. In order, each with a key that makes repeating it harmless; `headers` are asked for when its turn has come. */
export function write<T>(
  method: string,
  path: string,
  body?: Json,
  headers: () => Record<string, string> = () => ({}),
): Promise<Answer<T>> {
  const run = async () => {
    const answer = await send<T>(path, { method, body, headers: { 'Idempotency-Key': key(), ...headers() } });
    if (answer.changeSet) own.add(answer.changeSet);
    return answer;
  };
  const result = last.then(run, run);
  last = result.catch(() => undefined);
  return result;
}

interface UploadOptions {
  /** Told how much has arrived, from 0 to 1. */
  progress?(done: number): void;
  signal?: AbortSignal;
}

/** Sends a file as it is; writes need not wait for it. By XMLHttpRequest, because `fetch` does not tell how far it is. */
export function upload<T>(path: string, file: File, { progress, signal }: UploadOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', mediaTypeOf(file));
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
