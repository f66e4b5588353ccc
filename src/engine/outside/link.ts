/** Links in letters that do one thing for whom they were written to, without signing in: signed, and asked again before they act. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from '../context.ts';
import type { Json } from '../field.ts';

export interface LinkSpec {
  name: string;
  /** What it would do, as a question with the name of its button. Null where there is nothing to do any more. */
  ask(ctx: Context, payload: Json): Promise<{ question: string; button: string } | null>;
  /** Does it; answers in a sentence what is now. */
  run(ctx: Context, payload: Json): Promise<string>;
}

export function defineLink(name: string, spec: Omit<LinkSpec, 'name'>): LinkSpec {
  return { ...spec, name };
}

export interface SignedLink {
  workspace: string;
  link: string;
  payload: Json;
}

function seal(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(`link ${text}`).digest();
}

/** What stands in the address. */
export function signLink(secret: string, signed: SignedLink): string {
  const text = Buffer.from(JSON.stringify(signed)).toString('base64url');
  return `${text}.${seal(secret, text).toString('base64url')}`;
}

/** Null where it was not written by this installation. */
export function readLink(secret: string, token: string): SignedLink | null {
  const [text, seen] = token.split('.');
  if (!text || !seen) return null;
  const [given, right] = [Buffer.from(seen, 'base64url'), seal(secret, text)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as SignedLink;
}
