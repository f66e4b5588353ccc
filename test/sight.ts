/** What eyes and fingers notice on a page, as checks in a real browser: each answers the faults in a line each. */
import type { BrowserContext, Page } from 'playwright-core';

/** What is heard of a page while it loads; see `watchMoves`. */
interface Heard {
  shifts: { value: number; what: string }[];
  motions: string[];
}
type Watching = typeof globalThis & { farleyHeard?: Heard };

/** Listens, from before the first byte, to what jumps, and to what moves although the person wants no motion. */
export async function watchMoves(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const heard: Heard = { shifts: [], motions: [] };
    (globalThis as Watching).farleyHeard = heard;
    const nameOf = (node: Node | null) =>
      node instanceof Element ? `${node.tagName.toLowerCase()}.${node.className}`.slice(0, 60) : 'text';
    type Shift = PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null }[];
    };
    new PerformanceObserver(list => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[])
        if (!hadRecentInput)
          heard.shifts.push({ value, what: sources.map(({ node }) => nameOf(node)).join(' ') });
    }).observe({ type: 'layout-shift', buffered: true });
    const onMotion = ({ target }: Event) => {
      if (!matchMedia('(prefers-reduced-motion: reduce)').matches || !(target instanceof Element)) return;
      for (const animation of target.getAnimations()) {
        // A frame is 17 ms; what takes no longer is no motion.
        const timing = animation.effect?.getComputedTiming();
        if (timing && Number(timing.activeDuration) > 17) heard.motions.push(nameOf(target));
      }
    };
    for (const event of ['animationstart', 'transitionrun']) addEventListener(event, onMotion, true);
  });
}

/** How far the page has jumped since it was asked for (Chromium's layout shift; 0.1 is what web.dev calls good). */
export async function jumps(page: Page): Promise<string[]> {
  const { shifts } = await heardBy(page);
  const sum = shifts.reduce((so, { value }) => so + value, 0);
  if (sum < 0.05) return [];
  return [
    `jumped by ${sum.toFixed(3)}: ${shifts.map(({ value, what }) => `${value.toFixed(3)} ${what}`).join('; ')}`,
  ];
}

/** What moved, and how long, although reduced motion is wanted. */
export async function motions(page: Page): Promise<string[]> {
  return [...new Set((await heardBy(page)).motions)].map(what => `moves in spite of reduced motion: ${what}`);
}

async function heardBy(page: Page): Promise<Heard> {
  return page.evaluate(() => (globalThis as Watching).farleyHeard ?? { shifts: [], motions: [] });
}

/** What can be pushed sideways though it is neither table nor board, the page itself before all. */
async function pushable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const meant = '[role=grid], [role=tablist], [data-sideways], pre, select, textarea, input';
    const faults = [...document.body.querySelectorAll('*')]
      .filter(element => element.scrollWidth > element.clientWidth + 1 && !element.closest(meant))
      .filter(element => /auto|scroll/.test(getComputedStyle(element).overflowX) && element.checkVisibility())
      .map(element => `can be pushed sideways: ${String(element.className).slice(0, 80)}`);
    if (scrollWidth > clientWidth)
      faults.push(`the page is ${scrollWidth - clientWidth} px wider than the screen`);
    return faults;
  });
}

/** Text that is cut off without an ellipsis. */
async function cutText(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    /** Whether this ancestor ends the text with an ellipsis: it has to lay it out itself. */
    const ends = (text: Node, ancestor: Element) => {
      const { textOverflow, display, webkitLineClamp } = getComputedStyle(ancestor);
      if (webkitLineClamp !== 'none') return true;
      if (textOverflow !== 'ellipsis' || /flex|grid/.test(display)) return false;
      let at = text.parentElement;
      while (at && at !== ancestor && /^inline/.test(getComputedStyle(at).display)) at = at.parentElement;
      return at === ancestor;
    };
    const around = (text: Node) => {
      const all: Element[] = [];
      for (let at = text.parentElement; at && at !== document.body; at = at.parentElement) {
        all.push(at);
        if (getComputedStyle(at).position === 'fixed') break;
      }
      return all;
    };
    const until = (all: Element[], isLast: (at: Element) => boolean) => {
      const last = all.findIndex(isLast);
      return last < 0 ? all : all.slice(0, last);
    };
    /** What the text may not leave but does; a part that scrolls shows all of it some time. */
    const cutBy = (text: Node, { left, right, top, bottom }: DOMRect): Element | undefined => {
      const all = around(text);
      const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip';
      const scrolls = (overflow: string) => overflow === 'auto' || overflow === 'scroll';
      const wide = until(all, at => scrolls(getComputedStyle(at).overflowX) || ends(text, at));
      const tall = until(all, at => scrolls(getComputedStyle(at).overflowY) || ends(text, at));
      const cuts = (axis: 'overflowX' | 'overflowY', beyond: (edge: DOMRect) => boolean) => (at: Element) =>
        hides(getComputedStyle(at)[axis]) && beyond(at.getBoundingClientRect());
      // Words of a pixel are there for those who hear the page.
      if (all.some(({ clientWidth, clientHeight }) => clientWidth === 1 && clientHeight === 1))
        return undefined;
      return (
        wide.find(cuts('overflowX', edge => right > edge.right + 1 || left < edge.left - 1)) ??
        tall.find(cuts('overflowY', edge => bottom > edge.bottom + 3 || top < edge.top - 3))
      );
    };
    const unread = 'script, style, svg, select, [aria-hidden=true], [inert], [data-placed]';
    const seen = (parent: Element) =>
      !parent.closest(unread) &&
      !around(parent.firstChild!).some(at => getComputedStyle(at).clipPath !== 'none') &&
      parent.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const faults: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
      const text = texts.currentNode;
      if (!text.textContent?.trim() || !seen(text.parentElement!)) continue;
      range.selectNodeContents(text);
      const box = range.getBoundingClientRect();
      const by = box.width > 0 && cutBy(text, box);
      if (by)
        faults.push(`cut off: “${text.textContent.slice(0, 40)}” by ${String(by.className).slice(0, 60)}`);
    }
    return faults;
  });
}

/** What does not fit: text cut off without an ellipsis, and whatever sticks out at the side. */
export async function cuts(page: Page): Promise<string[]> {
  return [...new Set([...(await pushable(page)), ...(await cutText(page))])];
}

/**
 * What cannot be hit: targets that react on less than `least` px, measured by what lies under each point and not by
 * boxes. WCAG 2.5.8 excepts links within a sentence, which are as high as its lines, and what stands where it stands for
 * a reason, such as on a map (`data-placed`).
 */
export async function smallTargets(page: Page, least: number): Promise<string[]> {
  const found = await page.evaluate(wanted => {
    const target =
      'a[href], button, input, select, textarea, summary, [role=button], [role=menuitem], [role=option], [role=tab], [role=radio]';
    const inSentence = (element: Element) =>
      getComputedStyle(element).display === 'inline' &&
      (element.parentElement?.textContent?.trim().length ?? 0) > (element.textContent?.trim().length ?? 0);
    const seen = (element: Element) =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      !element.matches(':disabled');
    /** Whether all of it is in sight; what is scrolled away in part is as large as it is some time. */
    const whole = (element: Element, { top, bottom, left, right }: DOMRect) => {
      for (let at = element.parentElement; at; at = at.parentElement) {
        if (!/auto|scroll/.test(getComputedStyle(at).overflow)) continue;
        const edge = at.getBoundingClientRect();
        if (top < edge.top || bottom > edge.bottom || left < edge.left || right > edge.right) return false;
      }
      return bottom <= innerHeight && !beneath(element, (left + right) / 2, [top + 1, bottom - 1]);
    };
    /** Whether a bar that stays where it is lies above an edge of it, from where one scrolls it out, or a card that one closes. */
    const beneath = (element: Element, x: number, ys: number[]) =>
      ys.some(y => {
        for (let at = document.elementFromPoint(x, y); at && !at.contains(element); at = at.parentElement)
          if (getComputedStyle(at).position === 'fixed' || at.matches('[role=dialog]')) return true;
        return false;
      });
    const sizeOf = (element: Element, box: DOMRect) => {
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      const hits = (atX: number, atY: number) => {
        const under = document.elementFromPoint(atX, atY);
        return under !== null && [element, ...labels].some(each => each.contains(under));
      };
      // Most are large enough around their middle; only of the others it is worth to know how large they are.
      const half = wanted / 2 - 1;
      if (hits(x - half, y) && hits(x + half, y) && hits(x, y - half) && hits(x, y + half))
        return { wide: wanted, high: wanted };
      const reach = (dx: number, dy: number) => {
        let far = 0;
        while (far < wanted && hits(x + dx * far, y + dy * far)) far++;
        return far;
      };
      // The middle counts in both directions; where it is not hit, something lies above.
      return { wide: reach(-1, 0) + reach(1, 0) - 1, high: reach(0, -1) + reach(0, 1) - 1 };
    };
    const faults: string[] = [];
    for (const element of document.querySelectorAll(target)) {
      if (!seen(element) || inSentence(element) || element.closest('[data-placed]')) continue;
      const box = element.getBoundingClientRect();
      const { wide, high } = sizeOf(element, box);
      if (wide < 0 || (wide >= wanted - 1 && high >= wanted - 1) || !whole(element, box)) continue;
      const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
      const kind = `${element.tagName.toLowerCase()}.${String(element.className).slice(0, 50)}`;
      faults.push(`target of ${wide} × ${high} px: ${kind} “${name.slice(0, 30)}”`);
    }
    return faults;
  }, least);
  return [...new Set(found)];
}
