import type { ComponentPropsWithRef, ReactNode } from 'react';
import s from './Button.module.css';
import { Icon } from './Icon.tsx';

interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** `primary`: the one thing to do here. `plain`: bordered. `quiet`: text until touched. */
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  icon?: string;
  busy?: boolean;
  children: ReactNode;
}

export function Button({ look = 'plain', icon, busy, children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={s.button}
      data-look={look}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
    >
      {icon && <Icon name={icon} />}
      <span className={s.text}>{children}</span>
    </button>
  );
}

interface IconButtonProps extends ComponentPropsWithRef<'button'> {
  icon: string;
  label: string;
  size?: 24 | 28 | 32;
  /** When the button shows a state that is on. */
  on?: boolean;
}

export function IconButton({ icon, label, size = 28, on, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      data-hint={label}
      {...rest}
      className={s.icon}
      data-on={on || undefined}
      style={{ inlineSize: size, blockSize: size }}
    >
      <Icon name={icon} />
    </button>
  );
}
