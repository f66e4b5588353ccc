/** What letters and messages say: only what the reader can see when they go out. */
import { actorOf, type Context, escaped, type Outside, rows, type Values } from '../../engine/index.ts';

/** One line of a letter. */
export interface Line {
  kind: string;
  sentence: string;
  /** Where it leads, from the root of the web. */
  path: string;
}

type Link = { object?: string; id: string; title?: string | null } | null;

/** What happened, in words: by kind, of one record and of several. */
const sentences: Record<string, [one: string, many: string]> = {
  mention: ['{actor} mentioned you in {title}', '{actor} mentioned you in {count} places'],
  assignment: ['{actor} assigned {title} to you', '{actor} assigned {count} records to you'],
  invitation: ['{actor} invited you to {title}', '{actor} invited you to {count} meetings'],
  comment: ['{actor} commented on {title}', '{actor} commented on {count} records'],
  move: ['{actor} moved {title}', '{actor} moved {count} records'],
  reminder: ['Reminder: {title}', '{count} reminders'],
};

function sentenceOf(row: Values): string {
  if (row.text) return String(row.text);
  const count = Number(row.count ?? 1);
  const [one, many] = sentences[row.kind as string] ?? ['{title}', '{count} records'];
  const words: Record<string, string> = {
    actor: (row.actor as Link)?.title ?? 'Someone',
    title: (row.about as Link)?.title ?? '',
    count: String(count),
  };
  return (count > 1 ? many : one).replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? '');
}

/** Lines about the notifications that their reader has not read, and can see now; the latest first. */
export async function linesFor(ctx: Context, reader: string, ids: string[]): Promise<Line[]> {
  const actor = await actorOf(ctx.db, ctx.schema, reader, 'person');
  if (!actor || ids.length === 0) return [];
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
      sentence: sentenceOf(row),
      path: pathOf(ctx, row.about as Link),
    }));
}

function pathOf(ctx: Context, about: Link): string {
  const object = about?.object ? ctx.model.objects.get(about.object) : undefined;
  return object && about ? `/${object.path}/${about.id}` : '/';
}

/** Lines that a letter has room for; the rest is told as a number. */
const most = 50;

/** A letter as plain text and as simple HTML. */
export function letterOf(
  { url }: Outside,
  workspace: string,
  lines: Line[],
  unsubscribe: (kind: string) => string,
): { subject: string; text: string; html: string } {
  const [first] = lines;
  const subject =
    lines.length === 1 && first ? first.sentence : `${lines.length} notifications from ${workspace}`;
  const shown = lines.slice(0, most);
  const rest = lines.length - shown.length;
  const more = rest > 0 ? `And ${rest} more: ${url}/` : '';
  const kinds = [...new Set(lines.map(({ kind }) => kind))];
  const text = [
    ...shown.map(({ sentence, path }) => `* ${sentence}\n  ${url}${path}`),
    ...(more ? [more] : []),
    '--',
    ...kinds.map(kind => `No more e-mails about ${namesOf[kind] ?? kind}: ${unsubscribe(kind)}`),
    `Settings: ${url}/settings/notifications`,
    '',
  ].join('\n\n');
  const html = `<!doctype html><html><body style="font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;max-width:600px">
<ul style="padding-inline-start:1.2em">${shown
    .map(({ sentence, path }) => `<li><a href="${escaped(url + path)}">${escaped(sentence)}</a></li>`)
    .join('')}</ul>${more ? `<p>${escaped(more)}</p>` : ''}
<hr style="border:0;border-top:1px solid #ddd"><p style="font-size:13px;color:#666">${kinds
    .map(
      kind =>
        `<a href="${escaped(unsubscribe(kind))}">No more e-mails about ${escaped(namesOf[kind] ?? kind)}</a>`,
    )
    .join(' · ')} · <a href="${escaped(url)}/settings/notifications">Settings</a></p></body></html>`;
  return { subject: subject.replace(/\s+/g, ' ').slice(0, 200), text, html };
}

/** Kinds as they are called in a sentence. */
export const namesOf: Record<string, string> = {
  mention: 'mentions',
  assignment: 'assignments',
  invitation: 'invitations',
  comment: 'comments',
  move: 'moves',
  reminder: 'reminders',
};
