/** A quote on paper: A4, set from data. What it says is decided in `document.ts`; here is only where it stands. */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { breakable, type EastAsian, eastAsianFonts } from './east-asian.ts';
import type { PaperWords } from './paper-words.ts';

export interface PaperLine {
  /** Heading that begins with this line; null where none does. */
  section: string | null;
  position: string;
  name: string;
  /** Below the name, smaller: optional, part of a bundle, per month. */
  detail: string;
  quantity: string;
  price: string;
  discount: string;
  taxRate: string;
  amount: string;
}

export interface Paper {
  language: string;
  words: PaperWords;
  /** `#rrggbb` */
  accent: string;
  /** PNG or JPEG. */
  logo: Buffer | null;
  sender: string;
  recipient: string;
  title: string;
  facts: [string, string][];
  intro: string;
  columns: { position: boolean; discount: boolean; taxRate: boolean };
  lines: PaperLine[];
  totals: { label: string; amount: string; strong?: boolean }[];
  notes: string[];
  closing: string;
  terms: string;
  madeAt: Date;
}

const fonts = (weight: string) =>
  createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/DejaVuSansCondensed${weight}.ttf`);
const margin = 56;
const width = 595.28 - 2 * margin;
const bottom = 841.89 - 64;
const grey = '#5f5b55';
const ink = '#1c1a18';

interface Column {
  key: Exclude<keyof PaperLine, 'section' | 'detail'>;
  label: string;
  width: number;
  end: boolean;
}

type Doc = InstanceType<typeof PDFDocument>;
/** What pdfkit knows of the font in use, in thousandths of its size; its types leave it out. */
interface Metrics {
  _font: { ascender: number };
}

/** Strong letters of scripts that run from right to left. */
const leftward = /[\u0590-\u08ff\ufb1d-\ufefc]/;

/** Words of a line in the order in which they are drawn from the left, where the text runs from right to left. */
export function drawnOrder(line: string): string {
  const runs: string[][] = [];
  for (const word of line.split(' ')) {
    const rtl = leftward.test(word);
    const last = runs.at(-1);
    if (!rtl && last && !leftward.test(last[0]!)) last.push(word);
    else runs.push([word]);
  }
  return runs
    .reverse()
    .map(run => run.join(' '))
    .join(' ');
}

class Sheet {
  readonly doc: Doc;
  readonly paper: Paper;
  readonly rtl: boolean;
  readonly eastAsian: EastAsian;
  y = margin;

  constructor(paper: Paper, eastAsian: EastAsian) {
    this.paper = paper;
    this.eastAsian = eastAsian;
    this.rtl = /^(ar|he|fa|ur)\b/.test(paper.language);
    const info = { Title: paper.title, Creator: 'Farley', CreationDate: paper.madeAt };
    this.doc = new PDFDocument({ size: 'A4', margin: 0, bufferPages: true, info, lang: paper.language });
    this.doc.registerFont('plain', fonts('')).registerFont('bold', fonts('-Bold'));
    for (const [name, font] of eastAsian.fonts) this.doc.registerFont(name, font);
  }

  /** Pieces of a line that one font draws each, from the left. */
  runs(line: string, bold: boolean): { text: string; font: string }[] {
    const usual = bold ? 'bold' : 'plain';
    // In a word from right to left pdfkit draws the space behind it on its wrong side: spaces stand alone there.
    const apart = leftward.test(line);
    if (!apart && this.eastAsian.fonts.size === 0) return [{ text: line, font: usual }];
    const found: { text: string; font: string }[] = [];
    for (const letter of line) {
      const font = this.eastAsian.fontOf(letter) ?? usual;
      const last = found.at(-1);
      const joins = last?.font === font && !(apart && (letter === ' ' || last.text === ' '));
      if (joins) last.text += letter;
      else found.push({ text: letter, font });
    }
    return found;
  }

  /** How wide a line is, in points. */
  wide(line: string, size: number, bold: boolean): number {
    const widths = this.runs(line, bold).map(({ text, font }) =>
      this.doc.font(font).fontSize(size).widthOfString(text),
    );
    return widths.reduce((so, width) => so + width, 0);
  }

  /** Breaks a text into lines that fit; the height it takes when drawn in them. */
  lines(text: string, size: number, of: number, bold = false): string[] {
    return text.split('\n').flatMap(paragraph => {
      const found: string[] = [];
      let line = '';
      for (const part of breakable(paragraph)) {
        const longer = line + part;
        if (line && this.wide(longer.trimEnd(), size, bold) > of) {
          found.push(line.trimEnd());
          line = part;
        } else line = longer;
      }
      return [...found, line];
    });
  }

  /** Draws lines at a place measured from where the text begins; `end` puts them at the other side of it. */
  draw(
    lines: string[],
    from: number,
    of: number,
    how: { size: number; bold?: boolean; colour?: string; end?: boolean },
    y = this.y,
  ) {
    const { size, bold = false, colour = ink, end = false } = how;
    this.doc.fillColor(colour).strokeColor(colour);
    lines.forEach((line, index) => {
      const text = leftward.test(line) ? drawnOrder(line) : line;
      const wide = this.wide(text, size, bold);
      const near = end ? from + of - wide : from;
      this.put(text, this.rtl ? margin + width - near - wide : margin + near, y + index * size * 1.35, how);
    });
    return lines.length * size * 1.35;
  }

  /** Draws a line, run by run, all on the base line of the usual font. */
  put(line: string, from: number, y: number, { size, bold = false }: { size: number; bold?: boolean }) {
    const base = y + ((this.doc.font(bold ? 'bold' : 'plain') as Doc & Metrics)._font.ascender / 1000) * size;
    let x = from;
    for (const { text, font } of this.runs(line, bold)) {
      this.doc.font(font).fontSize(size);
      if (!this.eastAsian.fonts.has(font)) this.doc.text(text, x, y, { lineBreak: false });
      else {
        // The pieces have the thinnest weight; an outline makes it regular or bold.
        this.doc.lineWidth(size * (bold ? 0.07 : 0.032)).lineJoin('round');
        this.doc.text(text, x, base, { lineBreak: false, baseline: 'alphabetic', fill: true, stroke: true });
      }
      x += this.doc.widthOfString(text);
    }
  }

  text(text: string, size = 9.5, how: { bold?: boolean; colour?: string } = {}) {
    for (const line of this.lines(text, size, width, how.bold)) {
      this.room(size * 1.35);
      this.y += this.draw([line], 0, width, { size, ...how });
    }
  }

  room(height: number): boolean {
    if (this.y + height <= bottom) return false;
    this.doc.addPage();
    this.y = margin;
    return true;
  }

  rule(colour: string, thick = 0.6) {
    this.doc
      .moveTo(margin, this.y)
      .lineTo(margin + width, this.y)
      .lineWidth(thick)
      .strokeColor(colour)
      .stroke();
  }
}

/** Draws a quote; answers the bytes of the PDF. */
export async function renderPaper(paper: Paper): Promise<Buffer> {
  const { logo: _, madeAt: __, ...said } = paper;
  const sheet = new Sheet(paper, await eastAsianFonts(JSON.stringify(said), paper.language));
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    sheet.doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    sheet.doc.on('end', () => resolve(Buffer.concat(chunks)));
    sheet.doc.on('error', reject);
  });
  head(sheet);
  table(sheet);
  totals(sheet);
  for (const note of paper.notes) sheet.text(note, 9);
  for (const part of [paper.closing, paper.terms]) {
    if (!part) continue;
    sheet.y += 14;
    sheet.text(part, part === paper.terms ? 8 : 9.5, part === paper.terms ? { colour: grey } : {});
  }
  const { count } = sheet.doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    sheet.doc.switchToPage(page);
    sheet.draw([`${page + 1} / ${count}`], 0, width, { size: 8, colour: grey, end: true }, 841.89 - 40);
  }
  sheet.doc.end();
  return done;
}

function head(sheet: Sheet) {
  const { paper, doc } = sheet;
  let left = 0;
  if (paper.logo) {
    try {
      doc.image(paper.logo, sheet.rtl ? margin + width - 170 : margin, margin, { fit: [170, 56] });
      left = 66;
    } catch {
      // What is no picture that can be drawn is left out; the quote is not held up by it.
    }
  }
  const sender = sheet.lines(paper.sender, 8.5, 220);
  const right = sheet.draw(sender, width - 220, 220, { size: 8.5, colour: grey, end: true });
  sheet.y = margin + Math.max(left, right, 20) + 26;
  const recipient = sheet.lines(paper.recipient, 10, 270);
  const facts = paper.facts.map(([label, value]) => [label, value] as const);
  facts.forEach(([label, value], index) => {
    const y = sheet.y + index * 14;
    sheet.draw([label], width - 210, 90, { size: 8.5, colour: grey }, y);
    sheet.draw([value], width - 120, 120, { size: 8.5, end: true }, y);
  });
  const height = sheet.draw(recipient, 0, 270, { size: 10 });
  sheet.y += Math.max(height, facts.length * 14) + 28;
  sheet.text(paper.title, 17, { bold: true, colour: paper.accent });
  sheet.y += 8;
  if (paper.intro) sheet.text(paper.intro);
  sheet.y += 14;
}

function columnsOf({ paper }: Sheet): Column[] {
  const { words, columns } = paper;
  const fixed: Column[] = [
    ...(columns.position ? [{ key: 'position', label: words.position, width: 30, end: false } as const] : []),
    { key: 'name', label: words.description, width: 0, end: false },
    { key: 'quantity', label: words.quantity, width: 70, end: true },
    { key: 'price', label: words.price, width: 78, end: true },
    ...(columns.discount ? [{ key: 'discount', label: words.discount, width: 50, end: true } as const] : []),
    ...(columns.taxRate ? [{ key: 'taxRate', label: words.taxRate, width: 42, end: true } as const] : []),
    { key: 'amount', label: words.amount, width: 84, end: true },
  ];
  const taken = fixed.reduce((so, column) => so + column.width, 0);
  return fixed.map(column => (column.key === 'name' ? { ...column, width: width - taken } : column));
}

function table(sheet: Sheet) {
  const columns = columnsOf(sheet);
  const places = columns.map((_, index) => columns.slice(0, index).reduce((so, each) => so + each.width, 0));
  const heading = () => {
    columns.forEach((column, index) => {
      sheet.draw([column.label], places[index]!, column.width - (column.end ? 0 : 8), {
        size: 8,
        bold: true,
        colour: grey,
        end: column.end,
      });
    });
    sheet.y += 14;
    sheet.rule(sheet.paper.accent, 1);
    sheet.y += 6;
  };
  sheet.room(60);
  heading();
  for (const line of sheet.paper.lines) {
    const wide = columns.find(({ key }) => key === 'name')!.width - 10;
    const name = sheet.lines(line.name, 9.5, wide);
    const detail = line.detail ? sheet.lines(line.detail, 8, wide) : [];
    const height = name.length * 12.9 + detail.length * 10.8 + 6;
    if (sheet.room(height + (line.section ? 24 : 0))) heading();
    if (line.section) {
      sheet.y += 4;
      sheet.y += sheet.draw([line.section], 0, width, { size: 10, bold: true }) + 3;
    }
    columns.forEach((column, index) => {
      const text = column.key === 'name' ? name : [line[column.key]];
      sheet.draw(text, places[index]!, column.width, { size: 9.5, end: column.end });
    });
    const at = columns.findIndex(({ key }) => key === 'name');
    sheet.draw(detail, places[at]!, wide, { size: 8, colour: grey }, sheet.y + name.length * 12.9);
    sheet.y += height;
    sheet.rule('#ddd8d0', 0.4);
    sheet.y += 5;
  }
}

function totals(sheet: Sheet) {
  sheet.y += 6;
  sheet.room(sheet.paper.totals.length * 17);
  for (const { label, amount, strong = false } of sheet.paper.totals) {
    const size = strong ? 12 : 9.5;
    const colour = strong ? sheet.paper.accent : ink;
    sheet.draw([label], width - 260, 160, { size, bold: strong, colour });
    sheet.draw([amount], width - 110, 110, { size, bold: strong, colour, end: true });
    sheet.y += strong ? 20 : 15;
  }
  sheet.y += 8;
}
