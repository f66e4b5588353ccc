/** Pages that modules bring: what the router, the navigation and the palette know of them before they are opened. */
import { useRouter } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { objectNamed, useMeta } from './meta.tsx';

export interface ModulePage {
  /** Where it is, such as `/forecast`. */
  path: string;
  icon: string;
  /** Key of its name among the words of the first load. */
  title: string;
  /** Who knows nothing of this object has no use for the page. */
  needs: string;
  /** It stands beside home, instead of after the objects of the group of the one it needs. */
  first?: true;
  /** Reduces what stands in the address to what the page understands. */
  readSearch(search: Record<string, unknown>): Record<string, string | undefined>;
  /** Loads it when it is opened. */
  load(): Promise<{ default: ComponentType }>;
}

/** Those that are of use to this person. */
export function usePages(): ModulePage[] {
  const meta = useMeta();
  const { pages } = useRouter().options.context;
  return pages.filter(page => objectNamed(meta, page.needs));
}

/** Those that stand with what administrators set up: what they need is part of it, and no place of its own. */
export function useSetupPages(): ModulePage[] {
  const meta = useMeta();
  return usePages().filter(({ first, needs }) => {
    const object = objectNamed(meta, needs);
    return !first && object?.setup === true && object.group === null;
  });
}

/** Those that stand at a place of the navigation: in a group, by its name in the reader's language, or beside home. */
export function usePagesAt(): (group: string | null) => ModulePage[] {
  const meta = useMeta();
  const pages = usePages();
  return group =>
    pages.filter(({ first, needs }) =>
      group === null ? first : !first && objectNamed(meta, needs)?.group === group,
    );
}
