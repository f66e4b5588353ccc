import { fieldOf } from '../engine/index.ts';
import { linksTo } from './links.ts';

/** Links to any number of stored files. */
export const filesType = linksTo(
  { name: 'files', label: 'Files', help: 'Any number of files, such as attachments.', icon: 'files' },
  () => 'file',
);

/** Any number of files: `attachments: files()`. */
export const files = fieldOf(filesType);
