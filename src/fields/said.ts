/**
 * What the server says in English, in the language of the person: labels of the model, names of what every workspace
 * starts with, sentences of refusals. The English text is the key, so that what an administrator has renamed stays as
 * they wrote it. Keys may have gaps: `{0} takes text.`
 */

interface Sentence {
  pattern: RegExp;
  /** The translation, with the gaps at their places. */
  text: string;
}

let labels: Record<string, string> = {};
let sentences: Sentence[] = [];
let shipped = new Map<string, Set<string>>();

/** Sets the dictionaries of the language that is spoken from now on; English has none. */
export function learn(newLabels: Record<string, string>, newSentences: Record<string, string>) {
  labels = newLabels;
  const length = (english: string) => english.replace(/\{\d\}/g, '').length;
  // What says more comes first: "… changed … to …" before "… changed …".
  sentences = Object.entries(newSentences)
    .toSorted(([a], [b]) => length(b) - length(a))
    .map(([english, text]) => ({ pattern: patternOf(english), text }));
}

function patternOf(english: string): RegExp {
  const literal = english.split(/\{\d\}/).map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${literal.join('(.*?)')}$`, 's');
}

/**
 * A label, or else the text as it is. `context` tells apart what is one word in English: `status|Open` is looked for
 * before `Open`.
 */
export function said(text: string, context?: string): string {
  return (context && labels[`${context}|${text}`]) || labels[text] || text;
}

/** Says what records of which objects Farley has made itself, such as the first stages: they are in the dictionary. */
export function knowShipped(objects: { name: string; shipped?: string[] }[]) {
  shipped = new Map(objects.map(({ name, shipped: titles }) => [name, new Set(titles)]));
}

/** What a record is called: translated only where Farley has called it so, never as people have named what is theirs. */
export function saidTitle(title: string, object: string | null | undefined): string {
  return object && shipped.get(object)?.has(title) ? said(title, object) : title;
}

function whole(text: string): string | null {
  if (labels[text]) return labels[text];
  for (const { pattern, text: own } of sentences) {
    const gaps = pattern.exec(text);
    if (gaps) return own.replace(/\{(\d)\}/g, (_, index: string) => within(gaps[Number(index) + 1] ?? ''));
  }
  return null;
}

/** What stands in a gap: a label, as it is or small as within a sentence, or several with commas between them. */
function within(text: string): string {
  const one = (part: string) => labels[part] ?? labels[part.charAt(0).toUpperCase() + part.slice(1)];
  const parts = text.split(', ');
  return parts.some(one) ? parts.map(part => one(part) ?? part).join(', ') : text;
}

/** A message of the server: one sentence or several; those that are not known stay in English. */
export function saidSentence(text: string): string {
  if (sentences.length === 0) return text;
  const known = whole(text);
  if (known !== null) return known;
  const parts = text.split(/(?<=[.:]) (?=\p{Lu})/u);
  return parts.length > 1 ? parts.map(part => whole(part) ?? part).join(' ') : text;
}
