import { LineEdit } from './inputs.tsx';
import { filterOf, Outside, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import type { EditProps, FieldView } from './view.ts';

const shortCodes =
  '1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  );

/** Group lengths of what follows the first three digits, so that no group is longer than the eye can hold. */
const groups: Record<number, number[]> = { 7: [3, 4], 8: [4, 4], 9: [3, 3, 3], 10: [3, 3, 4], 11: [4, 4, 3] };

/**
 * E.164 as people read it: calling code (ITU-T E.164 list: two digits where listed, else three), then groups. Where area
 * codes end differs by country; that takes a library of 80 kB, and is not worth it for reading.
 */
export function grouped(value: string): string {
  const [number = '', extension] = value.split(';ext=');
  const digits = /^\+(\d{5,})$/.exec(number)?.[1];
  if (!digits) return value;
  const code = shortCodes.find(short => digits.startsWith(short)) ?? digits.slice(0, 3);
  const national = digits.slice(code.length);
  const lengths = national.length < 6 ? [national.length] : [3, ...(groups[national.length - 3] ?? [99])];
  const parts: string[] = [];
  for (const length of lengths) parts.push(national.slice(parts.join('').length).slice(0, length));
  return [`+${code}`, ...parts].join(' ') + (extension ? ` ext. ${extension}` : '');
}

const text: FieldView['text'] = value => grouped(str(value));

function Edit(props: EditProps) {
  return <LineEdit {...props} text={grouped(str(props.value))} read={typed => typed} mode="tel" />;
}

export const phoneView: FieldView = {
  type: 'phone',
  width: 160,
  Show: ({ value, place }) => (
    <Outside place={place} href={`tel:${str(value)}`}>
      {grouped(str(value))}
    </Outside>
  ),
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
