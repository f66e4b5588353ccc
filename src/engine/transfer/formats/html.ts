/** What is to be read of a page: as text, or as Markdown. */

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,6}));/gi, (whole, digits, hex, name) => {
    const code = digits ? Number(digits) : hex ? Number.parseInt(hex, 16) : 0;
    if (code > 0 && code <= 0x10_ffff) return String.fromCodePoint(code);
    return entities[String(name).toLowerCase()] ?? whole;
  });
}

/** What people see of it, without any mark. In time that grows with its length alone: letters come from anybody. */
export function textOfHtml(html: string): string {
  return decoded(withoutTags(html))
    .replace(/\s+/g, gap => {
      const lines = gap.split('\n').length - 1;
      return lines > 1 ? '\n\n' : gap.replace(/[^\S\r\n]+/g, ' ');
    })
    .trim();
}

/** Tags whose content nobody sees. */
const unseen = /^<(style|script|head)\b/i;
const breaksLine = /^<(br|\/p|\/div|\/tr|\/li|\/h\d)\b/i;

function withoutTags(html: string): string {
  const small = html.toLowerCase();
  const parts: string[] = [];
  /** What is never closed from here on. */
  const open = new Set<string>();
  let at = 0;
  for (let from = html.indexOf('<'); from >= 0; from = html.indexOf('<', at)) {
    let end = html.indexOf('>', from) + 1;
    if (end === 0) break;
    const tag = html.slice(from, Math.min(end, from + 10));
    parts.push(html.slice(at, from), breaksLine.test(tag) ? '\n' : '');
    const name = unseen.exec(tag)?.[1]?.toLowerCase();
    if (name && !open.has(name)) {
      const close = small.indexOf(`</${name}>`, end);
      if (close >= 0) end = close + name.length + 3;
      else open.add(name);
    }
    at = end;
  }
  return parts.join('') + html.slice(at);
}

/** The same with what is bold, slanted, a heading, a link or a point of a list marked as Markdown has it. */
export function markdownOfHtml(html: string): string {
  // The lists that are open: how many points a numbered one has so far, null for one with dots.
  const lists: (number | null)[] = [];
  const links: string[] = [];
  const marks: Record<string, (end: boolean, rest: string) => string> = {
    bold: () => '**',
    slanted: () => '*',
    heading: end => (end ? '<br>' : '<br><br>## '),
    paragraph: end => (end ? '<br><br>' : ''),
    list: (end, rest) => {
      if (end) lists.pop();
      else lists.push(rest === 'ol' ? 0 : null);
      return end && lists.length === 0 ? '<br><br>' : '<br>';
    },
    point: end => {
      if (end) return '';
      const last = lists.at(-1) ?? null;
      if (last === null) return '<br>- ';
      lists[lists.length - 1] = last + 1;
      return `<br>${last + 1}. `;
    },
    link: (end, rest) => {
      if (!end) links.push(/\bhref\s*=\s*["']?((?:https?:|mailto:)[^"'\s>]+)/i.exec(rest)?.[1] ?? '');
      const target = end ? links.pop() : links.at(-1);
      return target ? (end ? `](${target})` : '[') : '';
    },
  };
  const marked = html
    .replace(/[\r\n]+/g, ' ')
    .replace(/<(\/?)([a-z]+[1-6]?)\b([^>]*)>/gi, (whole, end: string, tag: string, rest: string) => {
      const name = tag.toLowerCase();
      return marks[markOf[name] ?? '']?.(end !== '', markOf[name] === 'list' ? name : rest) ?? whole;
    });
  return textOfHtml(marked).replace(/^ +/gm, '').replace(/\*{4}/g, '');
}

const markOf: Record<string, string> = {
  b: 'bold',
  strong: 'bold',
  i: 'slanted',
  em: 'slanted',
  p: 'paragraph',
  ul: 'list',
  ol: 'list',
  li: 'point',
  a: 'link',
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map(level => [`h${level}`, 'heading'])),
};
