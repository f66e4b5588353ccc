/** A card as a file: its rows as CSV, or as the picture of it. */
import { type Drawable, pictureOf } from './card-picture.ts';
import { type CardKind, type CardTable, csvOf } from './dashboard-view.ts';

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

/** In the order of the layers on the page. */
const hues = [0, 4, 2, 1, 5, 3];

/** PNG at twice the size, for screens of today. */
export async function savePicture(
  format: 'svg' | 'png',
  { kind, title, finding }: { kind: CardKind; title: string; finding: string },
  table: Drawable,
) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const svg = pictureOf(kind, finding || title, finding ? title : '', table, {
    ink: colour('ink'),
    faint: colour('ink-3'),
    hairline: colour('hairline-strong'),
    bar: colour('accent'),
    soft: colour('accent-soft'),
    band: colour('accent-line'),
    hues: hues.map(hue => colour(`chart-${hue}`)),
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
