import { Modal } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import s from '../records/Form.module.css';
import { closeDialog } from './dialogs.ts';

interface DialogFrameProps {
  title: string;
  icon?: string;
  /** Width in pixels. */
  size?: number;
  onClose?(): void;
  /** What its main button does, where the dialog is a form; Ctrl+Enter does it from every field. */
  onSubmit?(): void;
  /** What scrolls, and below it the foot with the buttons. */
  children: ReactNode;
}

/** Escape closes what is open on top: a list or an editor that hangs over the dialog goes first, and by itself. */
function useEscape(close: () => void) {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing || !(event.target instanceof Element)) return;
      const { target } = event;
      if (target.closest('[data-position]') || target.closest('[data-mantine-stop-propagation=true]')) return;
      close();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, [close]);
}

/** The frame of a dialog: its title above, its buttons always in sight. */
export function DialogFrame(props: DialogFrameProps) {
  const { title, icon, size = 440, onClose = closeDialog, onSubmit, children } = props;
  useEscape(onClose);
  return (
    <Modal
      opened
      closeOnEscape={false}
      onClose={onClose}
      size={size}
      title={
        <span className={s.title}>
          {icon && <Icon name={icon} />}
          {title}
        </span>
      }
      closeButtonProps={{ 'aria-label': t('toast.close') }}
      classNames={{ body: s.body, header: s.header }}
    >
      {onSubmit ? (
        <form
          className={s.form}
          noValidate
          onSubmit={event => {
            event.preventDefault();
            onSubmit();
          }}
          onKeyDown={event => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            onSubmit();
          }}
        >
          {children}
        </form>
      ) : (
        children
      )}
    </Modal>
  );
}
