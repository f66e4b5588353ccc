/**
 * Signed links: what someone may see or do without signing in, because they were given it. A link in a letter does one
 * thing, and asks again before it acts; a page shows something, and takes what is declared for it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Static, type TSchema, Type } from 'typebox';
import type { Context } from '../context.ts';
import type { Json } from '../field.ts';

export type LinkSpec = LetterLink | PageLink;

export interface LetterLink {
  name: string;
  /** What it would do, as a question with the name of its button. Null where there is nothing to do any more. `locale`: of the reader. */
  ask(ctx: Context, payload: Json): Promise<{ question: string; button: string; locale?: string } | null>;
  /** Does it; answers in a sentence what is now. */
  run(ctx: Context, payload: Json): Promise<string>;
}

export function defineLink(name: string, spec: Omit<LetterLink, 'name'>): LetterLink {
  return { ...spec, name };
}

/** From where someone comes who is not signed in. */
export interface Visit {
  /** Of the network, as the proxy says it where one is trusted. */
  address: string;
  /** What the browser calls itself. */
  agent: string;
  /** The website that it came from, where the browser says so: `https://example.com`. */
  origin: string | null;
}

/** What a page takes: `POST /api/open/{page}/{token}/{act}`. */
export interface PageAct {
  summary: string;
  input: TSchema;
  /** It takes a body as it is, in bytes (a Buffer), instead of JSON: of which media type, and how many bytes at most. */
  raw?: { mediaType: string; most: number };
  answer: TSchema;
  run(ctx: Context, payload: Json, input: never, visit: Visit): Promise<unknown>;
}

/**
 * A page for whoever has its link. Its functions act as the system and have the payload of the link to go by: they reach
 * what they look up for it, and nothing else of the workspace is to be had.
 */
export interface PageLink {
  name: string;
  /**
   * A page that everyone may know: its address is `/{path}/{workspace}.{key}`, nothing in it is signed, and its payload is
   * `{ key }`. Other websites show it in a frame and call what it takes, where `websites` names their origins.
   */
  known?: { path: string; websites(ctx: Context, payload: Json): Promise<string[]> };
  /** One sentence for the API reference: "A quote, for the customer". */
  summary: string;
  /** Shape of what it shows. */
  shows: TSchema;
  /** Writes nothing: programs look at links before people do. Null where there is nothing to see. */
  show(ctx: Context, payload: Json, visit: Visit): Promise<unknown>;
  takes: { [act: string]: PageAct };
  /** A file that goes with it; absent: none does. Null where there is none now. */
  file?(ctx: Context, payload: Json): Promise<{ hash: string; name: string; mediaType: string } | null>;
}

/** Declares a page for outsiders. */
export function definePage(name: string, spec: Omit<PageLink, 'name'>): PageLink {
  return { ...spec, name };
}

/** Something that a page takes, its input known to the compiler. */
export function takes<I extends TSchema, A extends TSchema>(
  act: Omit<PageAct, 'input' | 'answer' | 'run'> & {
    input: I;
    answer: A;
    run(ctx: Context, payload: Json, input: Static<I>, visit: Visit): Promise<Static<A>>;
  },
): PageAct {
  return { ...act, run: act.run as PageAct['run'] };
}

/** Whoever brings something as it is calls it by a media type; empty where they do not. */
export interface RawVisit extends Visit {
  mediaType: string;
}

/** Something that a page takes as it is: a letter, a picture. */
export function takesRaw<A extends TSchema>(
  act: Omit<PageAct, 'input' | 'answer' | 'run'> & {
    raw: NonNullable<PageAct['raw']>;
    answer: A;
    run(ctx: Context, payload: Json, input: Buffer, visit: RawVisit): Promise<Static<A>>;
  },
): PageAct {
  return { ...act, input: Type.String({ format: 'binary' }), run: act.run as PageAct['run'] };
}

export interface SignedLink {
  workspace: string;
  link: string;
  payload: Json;
}

/** What only this installation can write below a text; `use` keeps seals of one kind from being taken for another. */
export function sealed(secret: string, use: string, text: string): Buffer {
  return createHmac('sha256', secret).update(`${use} ${text}`).digest();
}

/** What stands in the address. */
export function signLink(secret: string, signed: SignedLink): string {
  const text = Buffer.from(JSON.stringify(signed)).toString('base64url');
  return `${text}.${sealed(secret, 'link', text).toString('base64url')}`;
}

/** What stands in the address of a page that everyone may know; null where it is none. */
export function readKnown(token: string, link: string): SignedLink | null {
  const [, workspace, key] = /^([a-z][a-z0-9_]{0,39})\.([a-z0-9][a-z0-9-]{0,79})$/.exec(token) ?? [];
  return workspace && key ? { workspace, link, payload: { key } } : null;
}

/** Null where it was not written by this installation. */
export function readLink(secret: string, token: string): SignedLink | null {
  const [text, seen] = token.split('.');
  if (!text || !seen) return null;
  const [given, right] = [Buffer.from(seen, 'base64url'), sealed(secret, 'link', text)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as SignedLink;
}
