import { Kbd } from './Kbd.tsx';

export const One = () => <Kbd keys={['E']} />;

export const Together = () => <Kbd keys={['mod', 'Shift', '↵']} />;
