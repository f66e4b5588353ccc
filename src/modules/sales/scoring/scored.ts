/** What is scored, declared in one place per object: any object with an outcome can be. */
import type { Filter } from '../../../engine/index.ts';
import { choice, dateTime, json, number } from '../../../fields/index.ts';

export interface Scored {
  won: Filter;
  lost: Filter;
  /** The field whose last change was the decision. */
  by: string;
}

const status = (value: string): Filter => ({ field: 'status', op: 'is', value });

export const scored: Record<string, Scored> = {
  lead: { won: status('converted'), lost: status('disqualified'), by: 'status' },
  deal: { won: status('won'), lost: status('lost'), by: 'status' },
};

/** Those whose outcome is not known yet; they are scored, and keep their score once it is. */
export const openOf = ({ won, lost }: Scored): Filter => ({ not: { or: [won, lost] } });

export const decidedOf = ({ won, lost }: Scored): Filter => ({ or: [won, lost] });

/** The fields of an object that is scored. */
export function scoreFields() {
  return {
    score: number({
      integer: true,
      readOnly: true,
      measured: true,
      outOf: 100,
      help: 'How promising it is, from 0 to 100. The record says why.',
    }),
    grade: choice({
      choices: ['A', 'B', 'C', 'D'],
      readOnly: true,
      measured: true,
      searchable: false,
    }),
    scoreParts: json({
      readOnly: true,
      hidden: true,
      measured: true,
      searchable: false,
      label: 'Parts of the score',
      help: 'What each rule adds, since when.',
    }),
    scoreResetAt: dateTime({
      readOnly: true,
      hidden: true,
      label: 'Score reset at',
      help: 'What happened before does not count.',
    }),
  };
}

/**
 * Fields that nobody is to be judged by, by their names; fields say it themselves by `protected: true`. What was named so by
 * an administrator is one of them.
 */
const protectedNames =
  /^(name|title|salutation|gender|sex|birth(date|day|year)?|dateOfBirth|age|nationality|citizenship|countryOfBirth|religion|belief|ethnicity|race|colourOfSkin|health.*|illness|disability|pregnan\w*|maritalStatus|sexualOrientation|politic\w*|tradeUnion\w*|language)$/i;

export function isProtected(field: { name: string; options: { protected?: boolean } }): boolean {
  return field.options.protected === true || protectedNames.test(field.name);
}
