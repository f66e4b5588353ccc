/** What letters and messages say: only what the reader can see when they go out, in their language and by their clock. */
import {
  type Actor,
  actorOf,
  type Context,
  escaped,
  type Outside,
  rows,
  type Speech,
  speechOf,
  type Values,
} from '../../engine/index.ts';
import { notificationKinds } from '../workspace/module.ts';

/** Whom something is told, and how they are spoken to. */
export interface Reader {
  actor: Actor;
  speech: Speech;
  zone: string;
}

/** One line of a letter. */
export interface Line {
  kind: string;
  sentence: string;
  /** How what was said begins, as far as the reader may see it. */
  excerpt: string | null;
  /** When it happened, by the reader's clock. */
  when: string;
  /** Where it leads, from the root of the web. */
  path: string;
}

type Link = { object?: string; id: string; title?: string | null } | null;

/** Null where there is nobody of this id any more. */
export async function readerOf(ctx: Context, id: string): Promise<Reader | null> {
  const actor = await actorOf(ctx.db, ctx.schema, id, 'person');
  if (!actor) return null;
  const [user] = await rows(ctx, 'user', {
    filter: { field: 'id', op: 'is', value: id },
    fields: ['timeZone'],
  });
  return {
    actor,
    speech: speechOf(actor.language ?? ctx.settings.locale),
    zone: (user?.timeZone as string | null | undefined) ?? ctx.settings.timeZone,
  };
}

function sentenceOf(ctx: Context, { t, noun }: Speech, row: Values): string {
  if (row.text) return String(row.text);
  const count = Number(row.count ?? 1);
  const about = row.about as Link;
  const object = about?.object ? ctx.model.objects.get(about.object)?.spec : undefined;
  const words = {
    actor: (row.actor as Link)?.title ?? t('letters.someone'),
    title: about?.title ?? '',
    objects: noun((count === 1 ? object?.label : object?.plural) ?? ''),
    count,
  };
  const kind = String(row.kind);
  return kind === 'reminder' ? t('letters.reminder', words) : t(`notifications.${kind}`, words);
}

/** Lines about the notifications that their reader has not read, and can see now; the latest first. */
export async function linesFor(
  ctx: Context,
  { actor, speech, zone }: Reader,
  ids: string[],
): Promise<Line[]> {
  if (ids.length === 0) return [];
  const found = await rows({ ...ctx, actor }, 'notification', {
    filter: {
      and: [
        { field: 'id', op: 'isAnyOf', value: ids },
        { field: 'readAt', op: 'empty' },
      ],
    },
    sort: ['-happenedAt'],
    limit: 1_000,
  });
  // What a reader may not see any more has no title.
  const hidden = (link: Link) => link !== null && !link.title;
  return found
    .filter(row => !hidden(row.about as Link) && !hidden(row.source as Link))
    .map(row => ({
      kind: row.kind as string,
      sentence: sentenceOf(ctx, speech, row),
      excerpt: Number(row.count ?? 1) === 1 ? ((row.source as Link)?.title ?? null) : null,
      when: row.happenedAt ? speech.moment(row.happenedAt as string, zone) : '',
      path: pathOf(ctx, row.about as Link, row.kind as string),
    }));
}

/** A reminder of what takes place with others opens what to know of them before. */
function pathOf(ctx: Context, about: Link, kind: string): string {
  const object = about?.object ? ctx.model.objects.get(about.object) : undefined;
  const talk = kind === 'reminder' && object?.spec.agenda && object.spec.guests;
  return object && about ? `/${object.path}/${about.id}${talk ? '?tab=briefing' : ''}` : '/';
}

/** Lines that a letter has room for; the rest is told as a number. */
const most = 50;

/** A letter as plain text and as simple HTML, from right to left where its language is. */
export function letterOf(
  { url }: Outside,
  { t, language, direction }: Speech,
  workspace: string,
  lines: Line[],
  unsubscribe: (kind: string) => string,
): { subject: string; text: string; html: string } {
  const [first] = lines;
  const subject =
    lines.length === 1 && first ? first.sentence : t('letters.subject', { count: lines.length, workspace });
  const shown = lines.slice(0, most);
  const rest = lines.length - shown.length;
  const more = rest > 0 ? `${t('letters.more', { count: rest })}: ${url}/` : '';
  const stops = [...new Set(lines.map(({ kind }) => kind))].map(kind => ({
    words: t('letters.stop', { kind: t(`letters.kind.${kind}`) }),
    link: unsubscribe(kind),
  }));
  const settings = { words: t('letters.settings'), link: `${url}/settings/notifications` };
  const text = [
    ...shown.map(
      ({ sentence, excerpt, when, path }) =>
        `* ${sentence}${excerpt ? `\n  ${excerpt}` : ''}\n  ${when}\n  ${url}${path}`,
    ),
    ...(more ? [more] : []),
    '--',
    ...[...stops, settings].map(({ words, link }) => `${words}: ${link}`),
    '',
  ].join('\n\n');
  const html = `<!doctype html><html lang="${language}" dir="${direction}"><body dir="${direction}" style="font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;max-width:600px">
<ul style="padding-inline-start:1.2em">${shown
    .map(
      ({ sentence, excerpt, when, path }) =>
        `<li><a href="${escaped(url + path)}">${escaped(sentence)}</a>${excerpt ? `<br><span dir="auto">${escaped(excerpt)}</span><br>` : ''} <span style="color:#666">${escaped(when)}</span></li>`,
    )
    .join('')}</ul>${more ? `<p>${escaped(more)}</p>` : ''}
<hr style="border:0;border-top:1px solid #ddd"><p style="font-size:13px;color:#666">${[...stops, settings]
    .map(({ words, link }) => `<a href="${escaped(link)}">${escaped(words)}</a>`)
    .join(' · ')}</p></body></html>`;
  return { subject: subject.replace(/\s+/g, ' ').slice(0, 200), text, html };
}

/** Kinds of notifications of which letters tell. */
export const kinds = notificationKinds.map(({ value }) => String(value));
