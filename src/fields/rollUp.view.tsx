import { formulaView } from './formula.view.tsx';
import type { FieldView } from './view.ts';

/** Both are computed, and answer as the type of their result does. */
export const rollUpView: FieldView = { ...formulaView, type: 'rollUp' };
