import { filterOf, sentenceOf } from './parts.tsx';
import { list } from './read.tsx';
import { bare, Several, Show, text } from './relatedToAny.view.tsx';
import type { FieldView } from './view.ts';

export const relatedToManyView: FieldView = {
  type: 'relatedToMany',
  width: 200,
  Show,
  Edit: Several,
  Filter: filterOf({ One: Several }),
  text,
  sentence: sentenceOf(text),
  write: value => list(value).map(bare),
};
