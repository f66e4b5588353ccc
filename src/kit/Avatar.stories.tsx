import { Avatar } from './Avatar.tsx';

const people = ['Ada Baumann', 'Sina Gruber', 'ليلى حداد', '王小明', 'Cher', ''];
const sizes = [16, 20, 24, 32, 40] as const;

export const People = () =>
  people.map(title => <Avatar key={title} id={title} title={title} round size={32} />);

export const Organisations = () =>
  people.map(title => <Avatar key={title} id={title} title={title} size={32} />);

export const Sizes = () =>
  sizes.flatMap(size => [
    <Avatar key={size} id="kaffeehaus" title="Kaffeehaus Nord" size={size} />,
    <Avatar key={-size} id="ada" title="Ada Baumann" round size={size} />,
  ]);
