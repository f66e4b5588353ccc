/** Appointments: when, with whom, and how often they come again. */
import { type Draft, defineObject, type Input, type Problem, type Values } from '../../engine/index.ts';
import {
  boolean,
  choice,
  dateTime,
  links,
  longText,
  recurrence,
  relatedToMany,
  text,
  url,
  user,
} from '../../fields/index.ts';
import { placed, placeInSeries } from './series.ts';
import { subjectOf } from './subject.ts';

const reminders = [
  { value: 'none', label: 'Not at all' },
  { value: 'atStart', label: 'When it starts' },
  { value: 'before5', label: '5 minutes before' },
  { value: 'before15', label: '15 minutes before' },
  { value: 'before30', label: '30 minutes before' },
  { value: 'before60', label: '1 hour before' },
  { value: 'before1440', label: '24 hours before' },
] as const;

/** Minutes before the start. */
const minutesBefore: Record<string, number> = {
  atStart: 0,
  before5: 5,
  before15: 15,
  before30: 30,
  before60: 60,
  before1440: 1_440,
};

export const Meeting = defineObject('meeting', {
  label: 'Meeting',
  plural: 'Meetings',
  icon: 'calendar-event',
  description: 'An appointment with people inside or outside.',
  title: 'subject',
  group: 'Activities',
  owner: 'owner',
  timeline: { about: 'about', at: 'startsAt' },
  fields: {
    subject: text({ required: true }),
    startsAt: dateTime({ required: true, label: 'Starts', index: true }),
    endsAt: dateTime({ label: 'Ends' }),
    allDay: boolean({ default: false, label: 'All day' }),
    repeats: recurrence({ help: 'Those to come are in the calendar; each becomes a record when it begins.' }),
    reminder: choice({ choices: reminders, default: 'before15', label: 'Remind me' }),
    remindAt: dateTime({ readOnly: true, hidden: true, index: true }),
    place: text({ help: 'Where people meet.' }),
    joinUrl: url({ label: 'Video link' }),
    attendees: links('person', { inverse: 'meetings' }),
    owner: user({ inverse: 'meetings', label: 'Organiser' }),
    about: relatedToMany({ label: 'About' }),
    held: boolean({ default: false, label: 'Took place' }),
    notes: longText(),
    ...placeInSeries,
    rollsAt: dateTime({
      readOnly: true,
      hidden: true,
      index: true,
      help: 'When the next of the series becomes a record.',
    }),
  },
  fallbacks: { subject: subjectOf('Meeting', 'about', 'attendees') },
  unique: [['series', 'occurrence']],
  list: { columns: ['subject', 'startsAt', 'endsAt', 'attendees', 'owner', 'about'], sort: ['-startsAt'] },
  highlights: ['startsAt', 'endsAt', 'repeats', 'place', 'owner'],
  agenda: { at: 'startsAt', until: 'endsAt', allDay: 'allDay', repeats: 'repeats', remindAt: 'remindAt' },
  key: 'm',
  derive: draft => ({ ...placed(draft, 'startsAt'), ...momentsOf(draft) }),
  check: ({ record }) => wrongWith(record),
});

function wrongWith({ startsAt, endsAt }: Values): Problem[] {
  if (!endsAt || !startsAt || endsAt >= startsAt) return [];
  return [{ pointer: '/endsAt', code: 'endsBeforeStart', message: 'A meeting ends after it starts.' }];
}

/**
 * The next of a series has to be there before its own reminder is due. A day has 23 hours at least, so only one that is
 * announced a day ahead needs more than the beginning of the one before.
 */
function momentsOf({ record, changes }: Draft): Input {
  const start = Date.parse((record.startsAt as string | null) ?? '');
  if (Number.isNaN(start)) return {};
  const before = minutesBefore[record.reminder as string];
  const at = (moment: number) => new Date(moment).toISOString();
  const announced = before !== undefined && before >= 1_440;
  return {
    ...(changes('startsAt') || changes('reminder')
      ? { remindAt: before === undefined ? null : at(start - before * 60_000) }
      : {}),
    rollsAt: record.repeats ? at(announced ? start - 3_600_000 : start) : null,
  };
}
