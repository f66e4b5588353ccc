/** Texts with marks and names: nothing in them becomes HTML, and names go both ways. */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import Markdown from './Markdown.tsx';
import { MentionNames, naming, plain, unmarked, withMarks } from './mentions.ts';

const sina = '019a0000-0000-7000-8000-000000000001';

function shown(text: string, names: [string, string][] = []): string {
  const markdown = createElement(Markdown, { text });
  return renderToStaticMarkup(createElement(MentionNames, { value: new Map(names) }, markdown)).replace(
    / class="[^"]*"/g,
    '',
  );
}

test('marks are elements, what is none is text', () => {
  expect(shown('**b** and *i*\nsecond\n\n- one\n- two')).toBe(
    '<div dir="auto"><p><strong>b</strong> and <em>i</em><br/>second</p><ul><li>one</li><li>two</li></ul></div>',
  );
  expect(shown('3. c')).toContain('<ol start="3">');
  expect(shown('[x](https://farley.example)')).toContain('href="https://farley.example"');
});

test.each([
  ['<script>alert(1)</script>'],
  ['<img src=x onerror=alert(1)>'],
  ['[x](javascript:alert(1))'],
  ['[x](JAVASCRIPT:alert(1))'],
  ['![x](https://tracker.example/pixel.png)'],
  ['[x](data:text/html,<script>1</script>)'],
  ['<a href="javascript:alert(1)">x</a>'],
])('%s does nothing', text => {
  expect(shown(text)).not.toMatch(/<(script|img|iframe)|href="(?!https?:|mailto:|tel:)/i);
});

test('plain text from elsewhere stays as it is: no code by indenting, no headings by underlining', () => {
  expect(shown('Regards\n--\nSina')).toBe('<div dir="auto"><p>Regards<br/>--<br/>Sina</p></div>');
  expect(shown('    indented')).not.toContain('<pre>');
});

test('who is named is called what they are called now', () => {
  const text = `Ask [@Sina Gruber](user:${sina})`;
  expect(shown(text)).toBe('<div dir="auto"><p>Ask <span>@Sina Gruber</span></p></div>');
  expect(shown(text, [[sina, 'Sina Weber']])).toContain('@Sina Weber');
});

test('names go both ways, also names that begin alike', () => {
  const names = new Map([
    ['Sina', 'a'],
    ['Sina Gruber', sina],
  ]);
  const kept = withMarks('@Sina Gruber and @Sina, not @Sinatra', names);
  expect(kept).toBe(`[@Sina Gruber](user:${sina}) and [@Sina](user:a), not @Sinatra`);
  expect(unmarked(`[@Sina Gruber](user:${sina}) and`)).toEqual({
    text: '@Sina Gruber and',
    names: new Map([['Sina Gruber', sina]]),
  });
  expect(plain(`**Ask** [@Sina Gruber](user:${sina}) *now*, [there](https://x.example)`)).toBe(
    'Ask @Sina Gruber now, there',
  );
});

test.each([
  ['Ask @si', 'si'],
  ['@', ''],
  ['Ask @Sina G', 'Sina G'],
  ['mail@example', null],
  ['Ask @Sina Gruber now', null],
  ['done', null],
])('%j names %j', (text, typed) => {
  expect(naming(text)).toBe(typed);
});
