import type { ComponentPropsWithRef, ReactNode } from 'react';
import s from './Input.module.css';

type Place = 'cell' | 'form';

export function Input({
  place = 'form',
  wrong,
  ...rest
}: ComponentPropsWithRef<'input'> & { place?: Place; wrong?: boolean }) {
  return (
    <input
      autoComplete="off"
      dir="auto"
      data-autofocus={rest.autoFocus || undefined}
      {...rest}
      className={s.input}
      data-place={place}
      aria-invalid={wrong || undefined}
    />
  );
}

export function Area({ wrong, ...rest }: ComponentPropsWithRef<'textarea'> & { wrong?: boolean }) {
  return <textarea rows={3} dir="auto" {...rest} className={s.area} aria-invalid={wrong || undefined} />;
}

/** A label above its control, with help or the problem under it. */
export function Labelled({
  label,
  htmlFor,
  required,
  help,
  error,
  children,
}: {
  label: string;
  htmlFor?: string;
  required?: boolean;
  help?: string | null;
  error?: string | null;
  children: ReactNode;
}) {
  return (
    <div className={s.labelled}>
      <label htmlFor={htmlFor} className={s.label}>
        {label}
        {required && (
          <span aria-hidden className={s.required}>
            {' *'}
          </span>
        )}
      </label>
      {children}
      {error ? (
        <p className={s.error} role="alert">
          {error}
        </p>
      ) : (
        help && <p className={s.help}>{help}</p>
      )}
    </div>
  );
}

export const inputStyles = s;
