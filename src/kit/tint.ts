const hues = ['teal', 'blue', 'violet', 'pink', 'orange', 'amber', 'green', 'red'] as const;
type Hue = (typeof hues)[number] | 'grey';

const synonyms: Record<string, Hue> = {
  gray: 'grey',
  slate: 'grey',
  neutral: 'grey',
  yellow: 'amber',
  gold: 'amber',
  lime: 'green',
  emerald: 'green',
  cyan: 'teal',
  turquoise: 'teal',
  sky: 'blue',
  indigo: 'violet',
  purple: 'violet',
  magenta: 'pink',
  rose: 'pink',
  brown: 'orange',
};

/** The same thing has the same tint on every page: it follows from the id alone. */
export function tintOf(id: string): Hue {
  let sum = 7;
  for (let i = 0; i < id.length; i++) sum = (sum * 31 + id.charCodeAt(i)) >>> 0;
  return hues[sum % hues.length] ?? 'grey';
}

/** A colour that metadata names, as one of our tints; grey when we have none like it. */
export function tintNamed(name: string | null | undefined): Hue {
  if (!name) return 'grey';
  const lower = name.toLowerCase();
  return synonyms[lower] ?? hues.find(hue => hue === lower) ?? 'grey';
}

export function tintStyle(hue: Hue) {
  return { background: `var(--tint-${hue})`, color: `var(--tint-${hue}-ink)` };
}
