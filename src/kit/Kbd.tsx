import s from './Kbd.module.css';

const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** Keys as people see them on their own keyboard: `mod` is ⌘ or Ctrl. */
export function Kbd({ keys }: { keys: string[] }) {
  return (
    <span className={s.keys} dir="ltr">
      {keys.map(key => (
        <kbd key={key} className={s.key}>
          {key === 'mod' ? (mac ? '⌘' : 'Ctrl') : key}
        </kbd>
      ))}
    </span>
  );
}
