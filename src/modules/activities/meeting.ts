/** Appointments: when, with whom, and how often they come again. */
import { type Draft, defineObject, type Input, type Problem, type Values } from '../../engine/index.ts';
import {
  boolean,
  choice,
  dateTime,
  json,
  links,
  longText,
  readEmail,
  recurrence,
  relatedToMany,
  text,
  url,
  user,
} from '../../fields/index.ts';
import { idsOf, readAnswers } from './guests.ts';
import { placed, placeInSeries } from './series.ts';
import { subjectOf } from './subject.ts';

const reminders = [
  { value: 'none', label: 'Not at all' },
  { value: 'atStart', label: 'When it starts' },
  { value: 'before5', label: '5 minutes before' },
  { value: 'before10', label: '10 minutes before' },
  { value: 'before15', label: '15 minutes before' },
  { value: 'before30', label: '30 minutes before' },
  { value: 'before60', label: '1 hour before' },
  { value: 'before1440', label: '24 hours before' },
] as const;

/** Minutes before the start. */
const minutesBefore: Record<string, number> = {
  atStart: 0,
  before5: 5,
  before10: 10,
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
    colleagues: links('user', {
      inverse: 'invitations',
      help: 'Users who are asked to be there: they find the meeting in their calendars, and answer.',
    }),
    otherGuests: text({
      searchable: false,
      help: 'E-mail addresses of others who are asked, with semicolons between them.',
    }),
    invites: boolean({
      default: false,
      label: 'Invite guests by e-mail',
      help: 'Guests from outside get a letter with the appointment, and another when it changes or is cancelled.',
    }),
    answers: json({
      readOnly: true,
      hidden: true,
      searchable: false,
      help: 'Who said what: accepted, tentative or declined, by id or e-mail address.',
    }),
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
  list: {
    columns: ['subject', 'startsAt', 'endsAt', 'attendees', 'colleagues', 'owner', 'about'],
    sort: ['-startsAt'],
  },
  highlights: ['startsAt', 'endsAt', 'repeats', 'place', 'owner'],
  guests: { users: 'colleagues', answers: 'answers', verbs: ['answer'] },
  agenda: { at: 'startsAt', until: 'endsAt', allDay: 'allDay', repeats: 'repeats', remindAt: 'remindAt' },
  key: 'm',
  derive: draft => ({ ...placed(draft, 'startsAt'), ...momentsOf(draft), ...asked(draft) }),
  check: ({ record }) => wrongWith(record),
});

function wrongWith({ startsAt, endsAt, otherGuests }: Values): Problem[] {
  const problems: Problem[] = [];
  if (endsAt && startsAt && endsAt < startsAt)
    problems.push({
      pointer: '/endsAt',
      code: 'endsBeforeStart',
      message: 'A meeting ends after it starts.',
    });
  if (partsOf(otherGuests).some(part => readEmail(part) === null))
    problems.push({
      pointer: '/otherGuests',
      code: 'notAnEmail',
      message: 'Other guests are e-mail addresses with semicolons between them.',
    });
  return problems;
}

function partsOf(otherGuests: Values[string] | undefined): string[] {
  return String(otherGuests ?? '')
    .split(/[;,]\s*/)
    .filter(part => part.trim() !== '');
}

/** Whoever said yes to Monday has not said yes to Tuesday; and who is not asked any more has said nothing. */
function asked({ record, changes, stated, before }: Draft): Input {
  const written = stated('otherGuests')
    ? partsOf(record.otherGuests).map(part => readEmail(part) ?? part)
    : null;
  const otherGuests = written && (written.join('; ') || null);
  const given = readAnswers(record.answers);
  const moved = before !== null && changes('startsAt') && !stated('occurrence') && !stated('answers');
  const guests = new Set([
    ...[record.attendees, record.colleagues].flatMap(idsOf),
    ...(otherGuests ?? String(record.otherGuests ?? '')).split('; '),
  ]);
  const kept = moved ? [] : Object.entries(given).filter(([guest]) => guests.has(guest));
  return {
    ...(written ? { otherGuests } : {}),
    ...(kept.length < Object.keys(given).length
      ? { answers: kept.length > 0 ? Object.fromEntries(kept) : null }
      : {}),
  };
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
