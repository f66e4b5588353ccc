/**
 * Promises in what people write: "I'll send it by Friday". Sentences that say what someone is going to do, and the day
 * they name, in the five languages of the interface at once. Pure; what it misses costs nothing, as it only proposes.
 */

/** Something that was promised. */
export interface FoundPromise {
  /** The sentence, as it stands there. */
  text: string;
  /** The day until when (`2026-03-06`); null where none is named. */
  due: string | null;
  /** Who promised: whoever wrote it and theirs, or the other side. */
  by: 'us' | 'them';
}

const verbs =
  'schick\\w*|send\\w*|melde\\w*|ruf\\w*|klär\\w*|bring\\w*|liefer\\w*|mach\\w*|geb\\w*|erstell\\w*|prüf\\w*|werd\\w*|kümmer\\w*|sag\\w*';

const ours = [
  /\b(?:I|we)(?:['’]ll| will| shall|['’]m going to| am going to|['’]re going to| are going to| promised?| owe| have promised)\b/i,
  new RegExp(`(?<!\\p{L})(?:ich|wir)\\s+(?:${verbs})(?!\\p{L})`, 'iu'),
  new RegExp(`(?<!\\p{L})(?:${verbs})\\s+(?:ich|wir)(?!\\p{L})`, 'iu'),
  /(?<!\p{L})(?:versprochen|zugesagt)(?!\p{L})/iu,
  /(?<!\p{L})(?:je vais|nous allons|(?:je|nous) (?:\p{L}+ ){0,2}\p{L}+(?:rai|rons)|j['’]\p{L}+rai|promis)(?!\p{L})/iu,
  /(?<!\p{L})(?:voy a|vamos a|\p{L}{2,}(?:aré|eré|iré|aremos|eremos|iremos)|prometí|prometido)(?!\p{L})/iu,
  /(?<!\p{L})(?:سأ|سوف|سن(?=[رعقجتكب])|وعدت|وعدنا)/u,
];

const theirs = [
  /\b(?:he|she|they|\p{Lu}\p{L}+)(?:['’]ll| will| promised)\b/u,
  /(?<!\p{L})(?:er|sie|\p{Lu}\p{L}+)\s+(?:wird|werden|schickt|sendet|meldet sich|ruft|klärt|liefert)(?!\p{L})/u,
  /(?<!\p{L})(?:il|elle|ils|elles) (?:va|vont|\p{L}+(?:ra|ront))(?!\p{L})/iu,
  /(?<!\p{L})(?:él|ella|ellos|ellas) (?:va a|van a|\p{L}+(?:ará|erá|irá|arán|erán|irán))(?!\p{L})/iu,
];

/** Conditions and questions promise nothing. */
const open =
  /(?:\?\s*$)|(?<!\p{L})(?:if|maybe|perhaps|falls|vielleicht|wenn|peut-être|quizás?|ربما)(?!\p{L})/iu;

const longest = 300;
const most = 20;

/** `on`: the day on which it was written (`2026-03-02`). */
export function promisesIn(text: string, on: string): FoundPromise[] {
  const found: FoundPromise[] = [];
  for (const part of text.split(/(?<=[.!?؟])\s+|\n+/)) {
    const sentence = part.replace(/^[\s>#*-]+/, '').trim();
    if (sentence.length < 6 || sentence.length > longest || open.test(sentence)) continue;
    const by = ours.some(each => each.test(sentence))
      ? 'us'
      : theirs.some(each => each.test(sentence))
        ? 'them'
        : null;
    const due = by && dayIn(sentence, on);
    // What others will do without a day is a description more often than a promise.
    if (by && (by === 'us' || due)) found.push({ text: sentence, due: due ?? null, by });
    if (found.length === most) break;
  }
  return found;
}

const milliseconds = 86_400_000;
const languages = ['en', 'de', 'fr', 'es', 'ar'];
const plus = (day: string, days: number) =>
  new Date(Date.parse(day) + days * milliseconds).toISOString().slice(0, 10);
/** 0 is Sunday. */
const weekdayOf = (day: string) => new Date(day).getUTCDay();
const named = (word: string) => new RegExp(`(?<!\\p{L})(?:${word})(?!\\p{L})`, 'iu');

const weekdays = Array.from({ length: 7 }, (_, weekday) =>
  named(
    languages
      .map(language =>
        new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(
          Date.UTC(2026, 1, 1 + weekday),
        ),
      )
      .join('|'),
  ),
);

const months = Array.from({ length: 12 }, (_, month) => {
  const names = languages.map(language =>
    new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, month, 1)),
  );
  const name = `(?:${names.join('|')})`;
  return new RegExp(
    `(?<!\\d)(?<before>\\d{1,2})(?:st|nd|rd|th|\\.|er)?\\s+(?:de\\s+)?${name}(?!\\p{L})|${name}\\s+(?<after>\\d{1,2})(?:st|nd|rd|th)?(?!\\d)`,
    'iu',
  );
});

const numbers: Record<string, number> = {
  a: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  ten: 10,
  einem: 1,
  einer: 1,
  zwei: 2,
  drei: 3,
  vier: 4,
  fünf: 5,
  zehn: 10,
  un: 1,
  une: 1,
  deux: 2,
  trois: 3,
  quatre: 4,
  cinq: 5,
  dix: 10,
  una: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  diez: 10,
};

const units: [pattern: string, days: number][] = [
  ['days?|tag(?:en)?|jours?|días?|أيام', 1],
  ['weeks?|wochen?|semaines?|semanas?|أسابيع', 7],
  ['months?|monat(?:en)?|mois|mes(?:es)?|أشهر', 30],
];

const fixed: [pattern: RegExp, day: (on: string) => string][] = [
  [named('(?:the )?day after tomorrow|übermorgen|après-demain|pasado mañana|بعد غد'), on => plus(on, 2)],
  [named("today|tonight|heute|aujourd[’']hui|hoy|اليوم"), on => on],
  [named('tomorrow|morgen|demain|(?<!la )mañana|غد[اً]*'), on => plus(on, 1)],
  [
    named(
      'end of (?:the |this )?month|monatsende|ende des monats|fin du mois|(?:fin|final) de mes|نهاية الشهر',
    ),
    on => {
      const [year, month] = on.split('-').map(Number) as [number, number];
      return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
    },
  ],
  [
    named(
      'end of (?:the |this )?week|ende (?:der|dieser) woche|fin de (?:la )?semaine|fin de (?:la )?semana|نهاية الأسبوع',
    ),
    on => plus(on, (5 - weekdayOf(on) + 7) % 7),
  ],
  // Somewhen in it: until its Friday.
  [
    named(
      'next week|nächste[rn]? woche|(?:la )?semaine prochaine|(?:la )?(?:próxima semana|semana que viene)|الأسبوع القادم',
    ),
    on => plus(on, ((8 - weekdayOf(on)) % 7 || 7) + 4),
  ],
];

/** The day that a sentence names, seen from the day on which it was written; null where it names none. */
export function dayIn(sentence: string, on: string): string | null {
  return inFigures(sentence, on) ?? inMonths(sentence, on) ?? inWords(sentence, on);
}

function inFigures(sentence: string, on: string): string | null {
  const iso = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/.exec(sentence);
  if (iso) return valid(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const dotted = /(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.(\d{4})?(?!\d)/.exec(sentence);
  return dotted ? coming(on, Number(dotted[2]), Number(dotted[1]), dotted[3]) : null;
}

function inMonths(sentence: string, on: string): string | null {
  for (const [index, pattern] of months.entries()) {
    const { before, after } = pattern.exec(sentence)?.groups ?? {};
    const day = Number(before ?? after);
    if (day) return coming(on, index + 1, day);
  }
  return null;
}

function inWords(sentence: string, on: string): string | null {
  for (const [pattern, day] of fixed) if (pattern.test(sentence)) return day(on);
  for (const [unit, days] of units) {
    const count = named(`(?:in|within|dans|en|بعد|خلال)\\s+(?<count>\\d{1,2}|\\p{L}+)\\s+(?:${unit})`).exec(
      sentence,
    )?.groups?.count;
    const many = count && (Number(count) || numbers[count.toLowerCase()]);
    if (many) return plus(on, many * days);
  }
  const weekday = weekdays.findIndex(pattern => pattern.test(sentence));
  return weekday === -1 ? null : plus(on, (weekday - weekdayOf(on) + 7) % 7 || 7);
}

/** That day of this year, or of the next where it is over. */
function coming(on: string, month: number, day: number, year?: string): string | null {
  if (year) return valid(Number(year), month, day);
  const this_ = Number(on.slice(0, 4));
  const found = valid(this_, month, day);
  return found && found < on ? valid(this_ + 1, month, day) : found;
}

function valid(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? date.toISOString().slice(0, 10)
    : null;
}
