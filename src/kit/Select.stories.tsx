import { Select } from './Select.tsx';

const long = 'As soon as the parent company has signed the contract and sent it back';
const options = ['This month', 'Next month', long].map(label => ({ value: label, label }));
const nothing = () => undefined;

export const Usual = () => <Select label="Period" value="This month" options={options} onChange={nothing} />;

export const Quiet = () => (
  <Select label="Quiet period" value="Next month" options={options} onChange={nothing} quiet />
);

export const Long = () => (
  <div style={{ inlineSize: 180 }}>
    <Select label="Long period" value={long} options={options} onChange={nothing} />
  </div>
);
