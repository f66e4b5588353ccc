import { FileNames, text, UploadSeveral } from './file.view.tsx';
import { One, Several } from './link.view.tsx';
import { filterOf, sentenceOf } from './parts.tsx';
import { list, reference } from './read.tsx';
import type { FieldView } from './view.ts';

export const filesView: FieldView = {
  type: 'files',
  width: 180,
  Show: FileNames,
  Edit: UploadSeveral,
  Filter: filterOf({ One, Many: Several }),
  text,
  sentence: sentenceOf(text),
  write: value => list(value).map(item => reference(item)?.id ?? item),
};
