import s from './Select.module.css';

interface SelectProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange(value: string): void;
  /** Without a frame, where it stands beside other quiet controls. */
  quiet?: boolean;
}

/** The browser's own list, for a handful of fixed words; it is the best one on phones. */
export function Select({ label, value, options, onChange, quiet }: SelectProps) {
  return (
    <select
      className={s.select}
      data-quiet={quiet || undefined}
      aria-label={label}
      value={value}
      onChange={event => onChange(event.target.value)}
    >
      {options.map(option => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
