import { fieldOf } from '../engine/index.ts';
import { linkTo } from './link.ts';

/** A link to one stored file. */
export const fileType = linkTo(
  { name: 'file', label: 'File', help: 'One file, such as a signed contract.', icon: 'file' },
  () => 'file',
);

/** One file: `contract: file()`. */
export const file = fieldOf(fileType);
