import { Several, Show, text } from './choice.view.tsx';
import { filterOf, sentenceOf } from './parts.tsx';
import type { FieldView } from './view.ts';

export const choicesView: FieldView = {
  type: 'choices',
  width: 180,
  Show,
  Edit: Several,
  Filter: filterOf({ One: Several, Many: Several }),
  text,
  sentence: sentenceOf(text),
};
