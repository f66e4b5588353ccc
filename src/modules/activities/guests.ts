/** What guests of a meeting have said; for server and browser alike. */
import type { Json } from '../../engine/index.ts';

export const answers = ['accepted', 'tentative', 'declined'] as const;
export type Answer = (typeof answers)[number];

/** Answers by id or e-mail address; who has said nothing is not among them. */
export function readAnswers(value: Json | undefined): Record<string, Answer> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([guest, said]) => {
      const answer = answers.find(each => each === said);
      return answer ? [[guest, answer]] : [];
    }),
  );
}

/** The ids in a list of links. */
export function idsOf(value: Json | undefined): string[] {
  return Array.isArray(value)
    ? value.flatMap(item =>
        typeof item === 'object' && item !== null && !Array.isArray(item) ? [String(item.id)] : [],
      )
    : [];
}

/** The addresses of a text with semicolons between them. */
export function addressesOf(value: Json | undefined): string[] {
  return typeof value === 'string' ? value.split('; ').filter(Boolean) : [];
}
