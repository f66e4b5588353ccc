/** How activities say what they are about, whichever kind of link they use. */
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { equals, type Filter } from './filter.ts';

/** The activities that are about a record. */
export function aboutFilter(about: MetaField, object: MetaObject, id: string): Filter | null {
  const to = about.relation?.to;
  const value: Json = to === '*' ? { object: object.name, id } : id;
  return equals(about, value);
}
