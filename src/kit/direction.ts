/** A key as it is meant from left to right: arrows go where they point, whichever way people read. */
export function readingKey(key: string): string {
  if (document.documentElement.dir !== 'rtl') return key;
  return key === 'ArrowLeft' ? 'ArrowRight' : key === 'ArrowRight' ? 'ArrowLeft' : key;
}

/** For a row of tabs that is wider than the screen: the one that is open starts in sight. */
export function showCurrent(tabs: HTMLElement | null): void {
  const open = tabs?.querySelector('[aria-current], [data-active], [aria-selected=true]');
  open?.scrollIntoView({ block: 'nearest', inline: 'center', behavior: 'instant' });
}
