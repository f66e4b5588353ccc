import { linkView } from './link.view.tsx';
import type { FieldView } from './view.ts';

export const userView: FieldView = { ...linkView, type: 'user', width: 170 };
