/** A card as a file: its rows as CSV, or as a picture of bars that stands by itself. */
import { type CardTable, csvOf } from './dashboard-view.ts';

interface Drawable extends CardTable {
  values?: number[];
}

function save(blob: Blob, name: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Firefox reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function saveCsv(title: string, table: CardTable) {
  // The mark of UTF-8, without which Excel takes it for another alphabet.
  save(new Blob(['\ufeff', csvOf(table)], { type: 'text/csv;charset=utf-8' }), `${title}.csv`);
}

/** PNG at twice the size, for screens of today. */
export async function savePicture(format: 'svg' | 'png', title: string, finding: string, table: Drawable) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const svg = pictureOf(finding || title, finding ? title : '', table, {
    ink: colour('ink'),
    faint: colour('ink-3'),
    bar: colour('accent'),
    paper: colour('raised'),
    rtl: document.documentElement.dir === 'rtl',
  });
  const blob = new Blob([svg], { type: 'image/svg+xml' });
  if (format === 'svg') return save(blob, `${title}.svg`);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width * 2, image.height * 2];
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob(png => png && save(png, `${title}.png`), 'image/png');
}

interface Look {
  ink: string;
  faint: string;
  bar: string;
  paper: string;
  rtl: boolean;
}

const [width, line, names, figures] = [760, 30, 200, 130];

const safe = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A title, a line below it, and a bar for each row: its name at the start, its value at the end. */
export function pictureOf(title: string, below: string, { rows, values }: Drawable, look: Look): string {
  const top = Math.max(...(values ?? [0]), 0) || 1;
  const room = width - names - figures - 48;
  const height = 84 + rows.length * line;
  const at = (x: number) => (look.rtl ? width - x : x);
  const start = (x: number, y: number, said: string, size: number, fill: string) =>
    `<text x="${at(x)}" y="${y}" font-size="${size}" fill="${fill}" text-anchor="start">${safe(said)}</text>`;
  const bars = rows.map(({ texts: [name = '', ...rest] }, index) => {
    const y = 84 + index * line;
    const length = values ? Math.max(0, ((values[index] ?? 0) / top) * room) : 0;
    const x = look.rtl ? at(24 + names) - length : 24 + names;
    return [
      start(24, y, name.length > 28 ? `${name.slice(0, 27)}…` : name, 13, look.ink),
      values
        ? `<rect x="${x}" y="${y - 13}" width="${length.toFixed(1)}" height="16" rx="3" fill="${look.bar}"/>`
        : '',
      start(32 + names + length, y, rest.join(' · '), 13, look.faint),
    ].join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Inter, system-ui, sans-serif" direction="${look.rtl ? 'rtl' : 'ltr'}"><rect width="100%" height="100%" fill="${look.paper}"/>${start(24, 32, title, 17, look.ink)}${below ? start(24, 52, below, 13, look.faint) : ''}${bars.join('')}</svg>`;
}
