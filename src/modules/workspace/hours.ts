/** When people work: days and hours by the clock of their own zone. Pure. */
import type { Json, Problem } from '../../engine/index.ts';

/** As dates count them: Monday is the first. */
export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const clock = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;

export interface Hours {
  days: string[];
  /** `09:00` */
  from: string;
  to: string;
}

const usual: Hours = { days: weekdays.slice(0, 5), from: '09:00', to: '17:00' };

/** What stands in a user's record; what is usual where nothing does. */
export function hoursOf(value: Json): Hours {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return usual;
  const { days, from, to } = value;
  if (!Array.isArray(days) || days.length === 0 || typeof from !== 'string' || typeof to !== 'string')
    return usual;
  return { days: days.map(String), from, to };
}

export function problemsOfHours(hours: Json): Problem[] {
  if (hours === null) return [];
  const { days, from, to } = typeof hours === 'object' && !Array.isArray(hours) ? hours : {};
  const sound =
    Array.isArray(days) &&
    days.every(day => weekdays.includes(String(day))) &&
    [from, to].every(time => typeof time === 'string' && clock.test(time)) &&
    String(from) < String(to);
  if (sound) return [];
  const message = 'Working hours are days such as MO and a time from which they last until a later one.';
  return [{ pointer: '/workingHours', code: 'notWorkingHours', message }];
}
