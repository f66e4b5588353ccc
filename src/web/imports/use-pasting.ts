/** A copied table becomes a file, by keys or by the button. */
import { useEffect } from 'react';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';

/** A copied table as a file; null where the text is none. */
function pastedFile(text: string, name: string): File | null {
  if (!/[\t\n;,]/.test(text.trim())) return null;
  const ending = text.includes('\t') ? 'tsv' : 'csv';
  return new File([text], `${name}.${ending}`, { type: 'text/plain' });
}

/** Listens while it is on the page; answers what the button does. */
export function usePasting(add: (files: File[]) => void) {
  const name = t('import.files.pasted');
  useEffect(() => {
    function onPaste(event: ClipboardEvent) {
      if (event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]'))
        return;
      const files = Array.from(event.clipboardData?.files ?? []);
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const table = files.length > 0 ? null : pastedFile(text, name);
      if (table) add([table]);
      else if (files.length > 0) add(files);
      else return;
      event.preventDefault();
    }
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, [add, name]);

  return async () => {
    try {
      const table = pastedFile(await navigator.clipboard.readText(), name);
      if (table) add([table]);
      else toast(t('import.files.noTable'), { tone: 'wrong' });
    } catch {
      const keys = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘ V' : 'Ctrl+V';
      toast(t('import.files.noClipboard', { keys }), { tone: 'wrong' });
    }
  };
}
