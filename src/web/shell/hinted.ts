/** What is said beside a place of the rail while its name is not shown. */
export function hinted(text: string, collapsed: boolean) {
  return collapsed ? { 'data-hint': text, 'data-hint-side': 'end' } : {};
}
