/** What the address of the calls says, and when one calls again. Pure. */

/** A list that is worked through, or what a new one is of. */
export type CallingSearch = Record<string, string | undefined> & {
  list?: string;
  object?: string;
  /** JSON, as in the API. */
  filter?: string;
  sort?: string;
  words?: string;
  name?: string;
};

/** Whatever stands in the address, reduced to what is understood. */
export function readCalling(search: Record<string, unknown>): CallingSearch {
  const named = ['list', 'object', 'filter', 'sort', 'words', 'name'].map(name => {
    const value = search[name];
    return [name, typeof value === 'string' && value !== '' ? value : undefined] as const;
  });
  return Object.fromEntries(named);
}

export const steps = ['soon', 'tomorrow', 'week', 'task', 'meeting', 'nothing'] as const;
export type Step = (typeof steps)[number];

/** When one calls again, by the reader's own clock: in two hours, or at nine of a day on which people work. */
export function againAt(step: 'soon' | 'tomorrow' | 'week', now: Date): Date {
  const at = new Date(now);
  if (step === 'soon') {
    at.setHours(at.getHours() + 2);
    return at;
  }
  at.setDate(at.getDate() + (step === 'week' ? 7 : 1));
  while (at.getDay() === 0 || at.getDay() === 6) at.setDate(at.getDate() + 1);
  at.setHours(9, 0, 0, 0);
  return at;
}

/** How long a call has lasted, as clocks show it: 4:05, or 1:02:09. */
export function lasted(seconds: number, locale: string): string {
  const two = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 });
  const one = new Intl.NumberFormat(locale);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const rest = two.format(seconds % 60);
  return hours > 0 ? `${one.format(hours)}:${two.format(minutes)}:${rest}` : `${one.format(minutes)}:${rest}`;
}
