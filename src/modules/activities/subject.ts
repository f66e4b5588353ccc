import type { Fallback } from '../../engine/index.ts';

/** What has no subject is called what it is, and whom or what it is about: "Call: Anna Bell". `links`: the likeliest first. */
export function subjectOf(label: string, ...links: string[]): Fallback {
  const of = links.map(link => `${link}.title`);
  return {
    of,
    make: (_, linked) => {
      const other = of.map(path => linked[path]).find(title => typeof title === 'string' && title !== '');
      return other === undefined ? label : `${label}: ${other}`.slice(0, 250);
    },
  };
}
