/** A key as it is meant from left to right: arrows go where they point, whichever way people read. */
export function readingKey(key: string): string {
  if (document.documentElement.dir !== 'rtl') return key;
  return key === 'ArrowLeft' ? 'ArrowRight' : key === 'ArrowRight' ? 'ArrowLeft' : key;
}
