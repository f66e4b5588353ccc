import type { ReactNode } from 'react';
import { Avatar } from './Avatar.tsx';
import { Picker, type PickerOption } from './Picker.tsx';

const words = { search: 'Find a person', none: 'Nobody of this name', clear: 'Nobody' };
const long = 'Archduke Leopold Wilhelm of the Danube Shipping and Forwarding Company';
const names = ['Ada Baumann', 'Sina Gruber', 'ليلى حداد', long];
const options: PickerOption[] = names.map((label, index) => ({
  id: label,
  label,
  ...(index === 1 ? { hint: 'Vienna' } : {}),
  start: <Avatar id={label} title={label} round size={16} />,
}));
const nothing = () => undefined;

/** As in the panel that opens with it. */
const panel = (inner: ReactNode) => <div style={{ padding: 4 }}>{inner}</div>;

export const Options = () =>
  panel(<Picker options={options} chosen={[]} words={words} onPick={nothing} label="One" />);

export const Chosen = () =>
  panel(
    <Picker
      options={options}
      chosen={names.slice(0, 2)}
      many
      words={words}
      onPick={nothing}
      onClear={nothing}
      label="Several"
    />,
  );

export const None = () =>
  panel(<Picker options={[]} chosen={[]} words={words} onPick={nothing} label="Nobody" />);

/** What is looked for elsewhere has not come yet. */
export const Waiting = () =>
  panel(
    <Picker
      search={() => new Promise(nothing)}
      chosen={[]}
      words={words}
      onPick={nothing}
      label="Elsewhere"
    />,
  );
