/** Parts that modules bring for the screens of an object: what metadata cannot describe, beside what it does. */
import { useRouter } from '@tanstack/react-router';
import type { ComponentType, LazyExoticComponent } from 'react';
import type { Json, MetaObject } from '../../engine/index.ts';
import type { Row } from '../api.ts';

export interface FormPartProps {
  values: Record<string, Json>;
  set(name: string, value: Json): void;
}

export interface RecordPartProps {
  object: MetaObject;
  row: Row;
}

export interface ModulePart {
  /** The object's name. */
  object: string;
  /** Stands in the menu of its list, and leads on with what the list shows, for whoever may make one of `makes`; `chosen`: what it is called where it is for rows that are ticked. */
  list?: { icon: string; title: string; path: string; makes: string; chosen?: string };
  /** Stands below the fields of a new record. */
  form?: LazyExoticComponent<ComponentType<FormPartProps>>;
  /** Stands below the head of a record. `height`: what it takes up at a desk, in pixels, so that nothing jumps. */
  top?: { part: LazyExoticComponent<ComponentType<RecordPartProps>>; height: number };
  /** Stands below the facts of a record. */
  record?: LazyExoticComponent<ComponentType<RecordPartProps>>;
  /** Stands in a block of home for whoever knows the object, where it has anything to show. */
  home?: { kind: string; part: LazyExoticComponent<ComponentType> };
  /** Has the middle of the page for itself, beside the timeline. `title`: key among the words of the first load. */
  tab?: { name: string; title: string; part: LazyExoticComponent<ComponentType<RecordPartProps>> };
}

/** What stands in a block of home of that kind, of objects that one knows. */
export function useHomeParts(kind: string, knows: (object: string) => boolean) {
  const { parts } = useRouter().options.context;
  return parts.flatMap(({ object, home }) => (home?.kind === kind && knows(object) ? [home.part] : []));
}

/** Those of an object, in the order in which modules bring them. */
export function useParts<K extends Exclude<keyof ModulePart, 'object'>>(
  object: string,
  place: K,
): NonNullable<ModulePart[K]>[] {
  const { parts } = useRouter().options.context;
  return parts.flatMap(part => {
    const brought = part.object === object ? part[place] : undefined;
    return brought ? [brought] : [];
  });
}
