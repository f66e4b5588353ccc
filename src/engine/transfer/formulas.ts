/**
 * Spreadsheets run what begins like a formula, wherever it came from (OWASP, CSV injection). Files of ours mark such text
 * with an apostrophe, as people do in a spreadsheet to say "this is text", and imports take the mark away again, so that
 * what was exported comes back as it was.
 */

/** `=`, `@`, `+`, `-`, also in the width of East Asian letters. */
const sign = '[=@+\\-＝＠＋－]';
/** A number or phone number is a value of its own. */
const number = '[+\\-][\\d.,\\s]*(?=$|[;\\t\\n])|\\+\\d+;ext=\\d+$';
/** After a line end, `- ` begins an item of a list. */
const item = '(?<=\\n)- ';
/** Where a cell begins: programs that take another delimiter than ours see one there too. */
const start = '(?<=^|[;\\t\\n])';

const formula = new RegExp(`${start}(?!${number}|${item})(?='*(?:${sign}|[\\t\\r]))`, 'g');
const marked = new RegExp(`${start}'(?='*(?:${sign}|[\\t\\r]))`, 'g');

/** The text for a file, marked where a spreadsheet would run it. */
export function markFormulas(text: string): string {
  return text.replace(formula, "'");
}

/** What the text of a file means. */
export function unmarkFormulas(text: string): string {
  return text.includes("'") ? text.replace(marked, '') : text;
}
