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
  /** The group of the navigation in which it stands after the objects, such as `Sales`. */
  group: string;
  /** Who knows nothing of this object has no use for the page. */
  needs: string;
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
