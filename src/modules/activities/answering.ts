/** Guests of a meeting answer: for themselves, or by whoever keeps the meeting and was told. */
import { Type } from 'typebox';
import { type Context, defineVerb, FarleyError, find, type Json, update } from '../../engine/index.ts';
import { addressesOf, answers, idsOf, readAnswers } from './guests.ts';
import { Meeting } from './meeting.ts';
import { consequence, makeSingle, masterOf, requireOccurrence } from './meeting-series.ts';

const Answer = Type.Enum([...answers, 'none'], {
  description: 'Accepted, tentative, declined; none takes an answer back.',
});
const icon = 'calendar-event';

export const answerMeeting = defineVerb(Meeting, {
  name: 'answer',
  label: 'Answer invitation',
  icon,
  description: 'Says whether one will be at a meeting that one is asked to.',
  own: true,
  input: Type.Object({
    answer: Answer,
    occurrence: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Of a series: this one alone, by the moment at which the series has it.',
      }),
    ),
  }),
  event: { sentence: '{actor} answered {meeting}: {answer}', icon },
  run: async (ctx, id, { answer, occurrence }) => {
    const me = ctx.actor.userId;
    const meeting = await find(ctx, 'meeting', id, { fields: ['subject', 'colleagues', 'answers'] });
    if (!me || !idsOf(meeting.colleagues).includes(me))
      throw new FarleyError('invalidInput', 'Only who is asked to be there can answer.');
    const said = withAnswer(meeting.answers ?? null, me, answer);
    if (!occurrence) await update(ctx, 'meeting', id, { answers: said });
    const answered = occurrence ? await answerOne(ctx, id, new Date(occurrence).toISOString(), said) : id;
    return { events: { [id]: { meeting: meeting.subject!, answer } }, result: { id: answered } };
  },
});

export const noteAnswer = defineVerb(Meeting, {
  name: 'noteAnswer',
  label: 'Note answer of a guest',
  icon,
  description: 'Keeps what a guest said who does not answer in Farley.',
  own: true,
  input: Type.Object({
    guest: Type.String({ description: 'The id of a person or user, or the e-mail address.' }),
    answer: Answer,
  }),
  event: { sentence: '{actor} noted an answer to {meeting}: {answer}', icon },
  run: async (ctx, id, { guest, answer }) => {
    const fields = ['subject', 'attendees', 'colleagues', 'otherGuests', 'answers'];
    const meeting = await find(ctx, 'meeting', id, { fields });
    const asked = [
      ...[meeting.attendees, meeting.colleagues].flatMap(idsOf),
      ...addressesOf(meeting.otherGuests),
    ];
    if (!asked.includes(guest)) throw new FarleyError('invalidInput', 'Nobody of this name is asked.');
    await update(ctx, 'meeting', id, { answers: withAnswer(meeting.answers ?? null, guest, answer) });
    return { events: { [id]: { meeting: meeting.subject!, answer } }, result: { id } };
  },
});

function withAnswer(before: Json, guest: string, answer: string): Json {
  const { [guest]: _, ...rest } = readAnswers(before);
  const said = answer === 'none' ? rest : { ...rest, [guest]: answer };
  return Object.keys(said).length > 0 ? said : null;
}

/** One of a series that is answered otherwise becomes a record of its own; answers the id. */
async function answerOne(ctx: Context, id: string, at: string, said: Json): Promise<string> {
  const master = await masterOf(ctx, id);
  requireOccurrence(master, at);
  return makeSingle(consequence(ctx), master, at, { answers: said });
}
