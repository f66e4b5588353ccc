import { Several, Show, target, text } from './link.view.tsx';
import { filterOf, sentenceOf } from './parts.tsx';
import { list, record } from './read.tsx';
import type { FieldView } from './view.ts';

export const linksView: FieldView = {
  type: 'links',
  width: 200,
  Show,
  Edit: Several,
  Filter: filterOf({ One: Several, Many: Several }),
  text,
  sentence: sentenceOf(text),
  target,
  write: value =>
    list(value).map(item => {
      const { title: _, ...rest } = record(item);
      return Object.keys(rest).length > 1 ? rest : (rest.id ?? item);
    }),
};
