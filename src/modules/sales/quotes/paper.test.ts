/** Paper in scripts that the usual font lacks: every letter has its glyph, lines break where they may, and fit. */
import PDFDocument from 'pdfkit';
import { expect, test } from 'vitest';
import { breakable, eastAsianFonts } from './east-asian.ts';
import { type Paper, renderPaper } from './paper.ts';
import { paperWords } from './paper-words.ts';

const texts = {
  Chinese: '北京咖啡有限公司，上海市静安区南京西路1266号，意式浓缩咖啡机（双头）每月租金',
  traditional: '臺灣咖啡股份有限公司、臺北市信義區',
  Japanese: '東京珈琲株式会社の営業部「エスプレッソマシン」ﾃｽﾄ、渋谷区',
  Korean: '서울커피 주식회사, 강남구 테헤란로 에스프레소 머신 똠방각하',
};

interface Opened {
  _font: { font: { layout(text: string): { glyphs: { id: number }[] } } };
}

test.each(Object.entries(texts))('%s: no letter comes as an empty box', async (_, text) => {
  const { fonts, fontOf } = await eastAsianFonts(text, 'en');
  const doc = new PDFDocument();
  const lacking = [...text].filter(letter => {
    const font = fontOf(letter);
    if (!font) return letter > '\u1100';
    const { _font } = doc.font(fonts.get(font)!) as unknown as Opened;
    return _font.font.layout(letter).glyphs.some(({ id }) => id === 0);
  });
  expect(lacking).toEqual([]);
});

test('a character is drawn as in the country whose letters stand beside it; other text reads no font', async () => {
  expect((await eastAsianFonts('株式会社', 'en')).fontOf('社')).toMatch(/^sc /);
  expect((await eastAsianFonts('株式会社の', 'en')).fontOf('社')).toMatch(/^jp /);
  expect((await eastAsianFonts('株式会社', 'ja')).fontOf('社')).toMatch(/^jp /);
  expect((await eastAsianFonts('Crème brûlée, Ωμέγα, Кофе, قهوة, 5 €', 'ar')).fonts.size).toBe(0);
});

test('lines break beside characters, not before what closes, and Korean and Latin between words', () => {
  expect(breakable('双头 La Marzocco，黑')).toEqual(['双', '头 ', 'La ', 'Marzocco，', '黑']);
  expect(breakable('에스프레소 머신')).toEqual(['에스프레소 ', '머신']);
});

test('a quote with all of them is drawn, mixed with Latin, in all its places', async () => {
  const all = Object.values(texts).join(' La Marzocco ');
  const paper: Paper = {
    language: 'en',
    words: paperWords('en'),
    accent: '#8a4b2a',
    logo: null,
    sender: 'Kaffeehaus 咖啡\nWien',
    recipient: '東京珈琲株式会社\n渋谷区 1-2-3',
    title: 'Quote 서울-7',
    facts: [['Contact', '王小明']],
    intro: all,
    columns: { position: true, discount: false, taxRate: true },
    lines: [
      {
        section: '机器',
        position: '1',
        name: all,
        detail: '선택 optional',
        quantity: '1 台',
        price: '€1',
        discount: '',
        taxRate: '0 %',
        amount: '€1',
      },
    ],
    totals: [{ label: 'Total 合計', amount: '€1', strong: true }],
    notes: [],
    closing: '',
    terms: '谢谢',
    madeAt: new Date('2026-03-16T09:00:00Z'),
  };
  const pdf = await renderPaper(paper);
  const embedded = new Set(pdf.toString('latin1').match(/NotoSans(SC|JP|KR)/g));
  expect([...embedded].sort()).toEqual(['NotoSansJP', 'NotoSansKR', 'NotoSansSC']);
  expect(pdf.length).toBeLessThan(400_000);
});
