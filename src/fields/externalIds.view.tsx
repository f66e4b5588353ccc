import { jsonView } from './json.view.tsx';
import type { FieldView } from './view.ts';

export const externalIdsView: FieldView = { ...jsonView, type: 'externalIds' };
