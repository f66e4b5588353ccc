/**
 * Where somebody came from, and what they agreed to: told once by whoever brings them in, by a form, the API or an import, in
 * one shape, so that none of them tells it in words of its own.
 */
import type { Draft, Input, Json } from '../../engine/index.ts';
import { json } from '../../fields/index.ts';

const told = { readOnly: true, imported: true, once: true, hidden: true, searchable: false } as const;

/** A visit or another contact that led here. */
export const touch = (help: string) =>
  json({
    ...told,
    help,
    parts: {
      channel: 'text',
      source: 'text',
      medium: 'text',
      campaign: 'text',
      term: 'text',
      content: 'text',
      page: 'text',
      referrer: 'text',
      gclid: 'text',
      fbclid: 'text',
      msclkid: 'text',
      at: 'moment',
    },
  });

export const consented = () =>
  json({
    ...told,
    help: 'What was agreed to: its purpose or words, when, and what proves it.',
    parts: {
      purpose: 'text',
      text: 'text',
      at: 'moment',
      proof: 'text',
      form: 'text',
      version: 'number',
      address: 'text',
      agent: 'text',
      confirmedAt: 'moment',
    },
  });

/** What says nothing of when it was, was when it was told. */
function datedOrigin({ record, changes, now }: Draft, names: string[]): Input {
  return Object.fromEntries(
    names.flatMap((name): [string, Json][] => {
      const value = record[name] as { [part: string]: Json } | null | undefined;
      if (!value || !changes(name) || value.at) return [];
      return [[name, { ...value, at: now.toISOString() }]];
    }),
  );
}

/** The same, and of whoever is new one touch is the first and the last. To be part of `derive`. */
export function toldOrigin(draft: Draft): Input {
  const dated = datedOrigin(draft, ['firstTouch', 'lastTouch', 'consent']);
  const [first, last] = ['firstTouch', 'lastTouch'].map(name => dated[name] ?? draft.record[name] ?? null);
  if (draft.before !== null || (!first && !last)) return dated;
  return { ...dated, firstTouch: first ?? last!, lastTouch: last ?? first! };
}
