/** Cards drawn as SVG that stands by itself, each as it looks on the page: bars, columns, a line, bands, stacks, a table. Pure. */
import type { CardKind, CardTable } from './dashboard-view.ts';

export interface Drawable extends CardTable {
  /** What is drawn of each row. */
  values?: number[];
  /** Names of the layers of stacks, from below. */
  layers?: string[];
  /** A value in few letters. */
  brief?(value: number): string;
}

export interface Look {
  ink: string;
  faint: string;
  hairline: string;
  bar: string;
  soft: string;
  band: string;
  paper: string;
  /** Of layers. */
  hues: string[];
  rtl: boolean;
}

const [width, edge, begin, line, names] = [760, 24, 84, 30, 200];
const plot = { top: begin, height: 240, from: edge, length: width - 2 * edge };

const safe = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const short = (text: string, length = 28) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
const n = (value: number) => String(Math.round(value * 10) / 10);

type Pen = ReturnType<typeof penOf>;
type Anchor = 'start' | 'middle' | 'end';

/** Draws from where the script begins: `x` counts from the right edge where it runs from there. */
function penOf({ rtl, ink, paper }: Look) {
  const at = (x: number) => (rtl ? width - x : x);
  return {
    text: (x: number, y: number, said: string, fill = ink, anchor: Anchor = 'start', size = 13) =>
      `<text x="${n(at(x))}" y="${n(y)}" font-size="${size}" fill="${fill}" text-anchor="${anchor}" paint-order="stroke" stroke="${paper}" stroke-width="3" stroke-linejoin="round">${safe(said)}</text>`,
    box: (x: number, y: number, w: number, h: number, fill: string, round = 3) =>
      `<rect x="${n(rtl ? at(x) - w : x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" rx="${round}" fill="${fill}"/>`,
    dot: (x: number, y: number, r: number, fill: string) =>
      `<circle cx="${n(at(x))}" cy="${n(y)}" r="${r}" fill="${fill}"/>`,
    way: (points: [number, number][], stroke: string) =>
      `<polyline points="${points.map(([x, y]) => `${n(at(x))},${n(y)}`).join(' ')}" fill="none" stroke="${stroke}" stroke-width="2"/>`,
  };
}

interface Drawn {
  height: number;
  parts: string[];
}

type Draw = (table: Drawable, look: Look, pen: Pen) => Drawn;

const topOf = (values: number[]) => Math.max(...values, 0) || 1;

/** A bar for each row: its name at the start, its value at the end. */
const bars: Draw = ({ rows, values = [] }, look, pen) => {
  const room = width - names - 2 * edge - 110;
  const top = topOf(values);
  const parts = rows.flatMap(({ texts }, index) => {
    const y = begin + index * line;
    const length = Math.max(0, ((values[index] ?? 0) / top) * room);
    return [
      pen.text(edge, y, short(texts[0] ?? '')),
      pen.box(edge + names, y - 13, length, 16, look.bar),
      pen.text(edge + names + length + 8, y, texts[1] ?? '', look.faint),
    ];
  });
  return { height: begin + rows.length * line, parts };
};

/** A bar for each stage, and in it the part that went on. */
const split: Draw = ({ rows, values = [] }, look, pen) => {
  const room = width - names - 2 * edge - 150;
  const top = topOf(values);
  const parts = rows.flatMap(({ cells, texts }, index) => {
    const [y, entered] = [begin + index * line, values[index] ?? 0];
    const [whole, moved] = [entered, Number(cells[2] ?? 0)].map(value => (value / top) * room) as [
      number,
      number,
    ];
    const last = index === rows.length - 1;
    return [
      pen.text(edge, y, short(texts[0] ?? '')),
      pen.box(edge + names, y - 13, whole, 16, look.soft),
      pen.box(edge + names, y - 13, last ? whole : moved, 16, look.bar),
      pen.text(edge + names + whole + 8, y, [texts[1], ...(last ? [] : [texts[5]])].join(' · '), look.faint),
    ];
  });
  return { height: begin + rows.length * line, parts };
};

/** How many names fit side by side, as "every so many". */
const everyOf = (said: string[]) =>
  Math.ceil((said.length * (Math.max(...said.map(({ length }) => length)) * 6.5 + 6)) / plot.length);

/** A line to stand on, with the names below it. */
function stretched(said: string[], look: Look, pen: Pen) {
  const [step, every, bottom] = [plot.length / said.length, everyOf(said), plot.top + plot.height];
  const middle = (index: number) => plot.from + (index + 0.5) * step;
  const named = said.map((name, index) =>
    index % every === 0 ? pen.text(middle(index), bottom + 18, name, look.faint, 'middle', 11) : '',
  );
  return {
    step,
    every,
    bottom,
    middle,
    base: [pen.box(plot.from, bottom, plot.length, 1, look.hairline, 0), ...named],
  };
}

const firstTexts = (rows: Drawable['rows']) => rows.map(({ texts }) => texts[0] ?? '');

const said = ({ brief, rows }: Drawable, value: number, index: number) =>
  brief ? brief(value) : (rows[index]?.texts[1] ?? '');

const columns: Draw = (table, look, pen) => {
  const { rows, values = [] } = table;
  const { step, bottom, middle, base } = stretched(firstTexts(rows), look, pen);
  const top = topOf(values);
  const wide = Math.min(48, step * 0.7);
  const parts = values.flatMap((value, index) => {
    const high = Math.max(0, value / top) * (plot.height - 20);
    return [
      pen.box(middle(index) - wide / 2, bottom - high, wide, high, look.bar),
      pen.text(middle(index), bottom - high - 6, said(table, value, index), look.faint, 'middle', 11),
    ];
  });
  return { height: bottom + 34, parts: [...base, ...parts] };
};

/** What is not known breaks the line. */
const trend: Draw = (table, look, pen) => {
  const { rows, values = [] } = table;
  const { bottom, middle, base } = stretched(firstTexts(rows), look, pen);
  const top = topOf(values);
  const known = (index: number) => rows[index] !== undefined && rows[index].cells[1] !== null;
  const y = (index: number) => bottom - Math.max(0, values[index]! / top) * (plot.height - 20);
  const ways: [number, number][][] = [[]];
  const parts = rows.flatMap((_, index) => {
    if (!known(index)) {
      ways.push([]);
      return [];
    }
    ways.at(-1)!.push([middle(index), y(index)]);
    return [
      pen.dot(middle(index), y(index), 3.5, look.bar),
      pen.text(middle(index), y(index) - 9, said(table, values[index]!, index), look.faint, 'middle', 11),
    ];
  });
  const lines = ways.filter(way => way.length > 1).map(way => pen.way(way, look.bar));
  return { height: bottom + 34, parts: [...base, ...lines, ...parts] };
};

/** Rates as points on the bands within which they lie. */
const bands: Draw = ({ rows }, look, pen) => {
  const room = width - names - 2 * edge - 130;
  const at = (share: unknown) => edge + names + Number(share ?? 0) * room;
  const parts = rows.flatMap(({ cells: [, , , rate, low, high], texts }, index) => {
    const y = begin + index * line;
    return [
      pen.text(edge, y, short(texts[0] ?? '')),
      pen.box(at(0), y - 6, room, 2, look.hairline, 1),
      pen.box(at(low), y - 12, at(high) - at(low), 14, look.band),
      pen.dot(at(rate), y - 5, 5, look.bar),
      pen.text(width - edge - 56, y, texts[3] ?? '', undefined, 'end'),
      pen.text(width - edge, y, texts[2] ?? '', look.faint, 'end'),
    ];
  });
  return { height: begin + rows.length * line, parts };
};

const sumOf = (parts: { value: number }[]) => parts.reduce((sum, { value }) => sum + value, 0);

/** A column for each day, layer upon layer, and what the colours stand for. */
const stacks: Draw = (table, look, pen) => {
  const days = [
    ...Map.groupBy(
      table.rows.map((row, at) => ({ ...row, value: table.values?.[at] ?? 0 })),
      row => row.cells[0],
    ),
  ];
  const layers = table.layers ?? [...new Set(table.rows.map(({ cells }) => String(cells[1])))];
  const { step, every, bottom, middle, base } = stretched(
    firstTexts(days.map(([, [first]]) => first!)),
    look,
    pen,
  );
  const top = topOf(days.map(([, parts]) => sumOf(parts)));
  const wide = Math.min(56, step * 0.76);
  const hue = (layer: string) => look.hues[layers.indexOf(layer) % look.hues.length] ?? look.bar;
  const parts = days.flatMap(([, found], index) => {
    let y = bottom;
    const drawn = layers.flatMap(layer => {
      const value = sumOf(found.filter(({ cells }) => cells[1] === layer));
      const high = (value / top) * (plot.height - 20);
      y -= high;
      return high > 0 ? pen.box(middle(index) - wide / 2, y, wide, high, hue(layer), 0) : [];
    });
    return [
      ...drawn,
      index % every === 0
        ? pen.text(middle(index), y - 6, table.brief?.(sumOf(found)) ?? '', look.faint, 'middle', 11)
        : '',
    ];
  });
  const used = layers.filter(layer => table.rows.some(({ cells }) => cells[1] === layer));
  const legend = used.flatMap((layer, index) => {
    const [x, y] = [edge + (index % 4) * 178, bottom + 48 + Math.floor(index / 4) * 22];
    return [pen.box(x, y - 10, 11, 11, hue(layer), 2), pen.text(x + 18, y, short(layer, 22))];
  });
  return {
    height: bottom + 60 + Math.floor((used.length - 1) / 4) * 22,
    parts: [...base, ...parts, ...legend],
  };
};

const cells: Draw = ({ head, rows }, look, pen) => {
  const step = (width - 2 * edge - names) / Math.max(1, head.length - 1);
  const across = (texts: string[], y: number, fill?: string) =>
    texts.map((text, index) =>
      index === 0
        ? pen.text(edge, y, short(text), fill)
        : pen.text(edge + names + index * step, y, short(text, 20), fill, 'end'),
    );
  const parts = rows.flatMap(({ texts }, index) => {
    const y = begin + (index + 1) * line;
    return [pen.box(edge, y - 20, width - 2 * edge, 1, look.hairline, 0), ...across(texts, y)];
  });
  return { height: begin + (rows.length + 1) * line, parts: [...across(head, begin, look.faint), ...parts] };
};

/** What is none of these is a table. */
const drawn: { [Kind in CardKind]?: Draw } = {
  goal: bars,
  funnel: split,
  overTime: stacks,
  revenue: columns,
  winRates: bands,
  sellers: bars,
  attainment: bars,
  velocity: trend,
  reasons: bars,
  sources: bars,
  rivals: cells,
};

/** A card with a title and a line below it. */
export function pictureOf(kind: CardKind, title: string, below: string, table: Drawable, look: Look): string {
  const pen = penOf(look);
  const { height, parts } = (drawn[kind] ?? cells)(table, look, pen);
  const titles = [
    pen.text(edge, 32, title, look.ink, 'start', 17),
    below ? pen.text(edge, 52, below, look.faint) : '',
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Inter, system-ui, sans-serif" direction="${look.rtl ? 'rtl' : 'ltr'}"><rect width="100%" height="100%" fill="${look.paper}"/>${[...titles, ...parts].join('')}</svg>`;
}
