/** The letters of invitations: how they read, handing them over, and the links by which guests answer. */
import {
  asSystem,
  type Context,
  carryOut,
  defineJob,
  defineLink,
  escaped,
  find,
  type Json,
  type Letter,
  type Speech,
  speechOf,
  update,
  type Values,
} from '../../engine/index.ts';
import { type Appointment, calendarFile } from './calendar-file.ts';
import { type Answer, answers, readAnswers } from './guests.ts';
import { standingFor } from './invitations.ts';

/**
 * Sends one. That it is being sent is written down before: what was broken off right then may have gone out or not, and is
 * not sent again. What was refused is.
 */
export const inviteGuest = defineJob('inviteGuest', {
  label: 'Letters to guests of meetings',
  run: async (ctx, payload, report) => {
    const id = payload.letter as string;
    const letter = await find(ctx, 'meetingLetter', id);
    const put = (values: Values) =>
      update({ ...ctx, changeSet: undefined as never }, 'meetingLetter', id, values, { trusted: true });
    if (letter.state === 'sending') {
      await put({ state: 'unknown' });
      return report.skipped(
        `letter ${id}`,
        'It was broken off while it was sent; nobody knows whether it went out.',
      );
    }
    if (letter.state !== 'due' && letter.state !== 'failed') return;
    const { outside } = ctx;
    if (!outside?.mail) throw new Error('No mail server is set up.');
    const written = await letterOf(ctx, letter);
    await put({ state: 'sending', error: null });
    try {
      await outside.mail.send(written);
    } catch (error) {
      await put({ state: 'failed', error: (error as Error).message.slice(0, 500) });
      throw error;
    }
    await put({ state: 'sent', sentAt: ctx.clock.now().toISOString() });
    report.done(1);
  },
});

async function organiserOf(ctx: Context, owner: { id: string } | null) {
  const user = owner
    ? await find(asSystem(ctx, 'letters to guests'), 'user', owner.id, { fields: ['name', 'email'] })
    : null;
  const from = /[^\s<]+@[^\s>]+/.exec(ctx.outside?.mail?.from ?? '')?.[0] ?? '';
  return {
    name: (user?.name as { full: string } | undefined)?.full ?? ctx.settings.label,
    email: (user?.email as string | null | undefined) ?? from,
  };
}

async function letterOf(ctx: Context, letter: Values): Promise<Letter> {
  const speech = speechOf((letter.language as string | null) ?? ctx.settings.locale);
  const { t, language, direction } = speech;
  const organiser = await organiserOf(ctx, letter.owner as { id: string } | null);
  const method = letter.method as 'invitation' | 'change' | 'cancellation';
  const appointments = letter.appointments as unknown as Appointment[];
  const [first] = appointments;
  const subject = t(`letters.meeting.subject.${method}`, { subject: first!.subject });
  const lead = t(`letters.meeting.lead.${method}`, { organiser: organiser.name, from: ctx.settings.label });
  const facts = factsOf(speech, first!, letter.zone as string);
  const links =
    method === 'cancellation' ? [] : answers.map(answer => [answer, linkTo(ctx, letter, answer)] as const);
  const ask = links.length > 0 ? t('letters.meeting.ask') : '';
  const said = links.map(([answer, link]) => `${t(`letters.meeting.answer.${answer}`)}: ${link}`);
  const html = [
    `<p>${escaped(lead)}</p>`,
    `<p>${facts.map(escaped).join('<br>')}</p>`,
    ask && `<p>${escaped(ask)}</p>`,
    links.length > 0 &&
      `<p>${links.map(([answer, link]) => `<a href="${escaped(link)}">${escaped(t(`letters.meeting.answer.${answer}`))}</a>`).join(' · ')}</p>`,
  ];
  return {
    to: letter.guest as string,
    subject,
    text: [lead, facts.join('\n'), ask, said.join('\n')].filter(Boolean).join('\n\n'),
    html: `<!doctype html><html lang="${language}" dir="${direction}"><body dir="${direction}">${html.filter(Boolean).join('')}</body></html>`,
    headers: { 'Reply-To': organiser.email },
    calendar: {
      method: method === 'cancellation' ? 'CANCEL' : 'REQUEST',
      content: calendarFile({
        method: method === 'cancellation' ? 'CANCEL' : 'REQUEST',
        uid: `${letter.meeting}@${ctx.settings.name}.farley`,
        sequence: letter.sequence as number,
        at: letter.createdAt as string,
        zone: letter.zone as string,
        organiser,
        guest: { name: letter.name as string, email: letter.guest as string },
        appointments,
      }),
    },
    id: letter.id as string,
  };
}

function factsOf({ t, locale }: Speech, appointment: Appointment, zone: string): string[] {
  const { subject, startsAt, endsAt, allDay, rule, place, joinUrl } = appointment;
  const date = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    dateStyle: 'full',
    ...(allDay ? {} : { timeStyle: 'short' }),
  });
  const at = endsAt
    ? date.formatRange(new Date(startsAt), new Date(endsAt))
    : date.format(new Date(startsAt));
  const when = allDay ? at : `${at} (${zone})`;
  return [subject, when, rule ? t('letters.meeting.repeats') : null, place, joinUrl].filter(
    fact => fact !== null,
  );
}

function linkTo(ctx: Context, letter: Values, answer: Answer): string {
  const { meeting, answersAs, guest, language } = letter;
  const payload = { meeting, guest: answersAs, email: guest, language, answer } as Json;
  return ctx.outside!.link({ workspace: ctx.settings.name, link: 'meeting-answer', payload });
}

interface Asked {
  meeting: string;
  guest: string;
  email: string;
  language: string | null;
  answer: Answer;
}

/** A guest from outside answers, by the link in the letter. */
export const guestAnswer = defineLink('meeting-answer', {
  ask: async (ctx, payload) => {
    const { meeting: uid, guest, answer, language } = payload as unknown as Asked;
    const meeting = await standingFor(ctx, uid);
    const isOver =
      !meeting || ((meeting.endsAt ?? meeting.startsAt) as string) < ctx.clock.now().toISOString();
    if (isOver || readAnswers(meeting.answers ?? null)[guest] === answer) return null;
    const { t, locale } = speechOf(language ?? ctx.settings.locale);
    return {
      question: t(`letters.meeting.question.${answer}`, { subject: meeting.subject as string }),
      button: t(`letters.meeting.answer.${answer}`),
      locale,
    };
  },
  run: async (ctx, payload) => {
    const { meeting: uid, guest, answer, email, language } = payload as unknown as Asked;
    const { t } = speechOf(language ?? ctx.settings.locale);
    const meeting = await standingFor(ctx, uid);
    if (!meeting) return t('letters.nothing');
    const named = { ...ctx, actor: { ...ctx.actor, name: email } };
    await carryOut(named, 'meeting', 'noteAnswer', meeting.id as string, { guest, answer });
    return t(`letters.meeting.done.${answer}`, { subject: meeting.subject as string });
  },
});
