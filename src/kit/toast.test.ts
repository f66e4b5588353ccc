/** Toasts: which stay, and for how long. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { act, dismiss, dismissOf, shownToasts, toast } from './toast.tsx';

const texts = () => shownToasts().map(({ text }) => text);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const { id } of shownToasts()) dismiss(id);
  vi.useRealTimers();
});

test('the newest of three comes first, and each goes after eight seconds', () => {
  for (const text of ['One', 'Two', 'Three', 'Four']) toast(text);
  expect(texts()).toEqual(['Four', 'Three', 'Two']);
  vi.advanceTimersByTime(7_000);
  toast('Five');
  vi.advanceTimersByTime(1_000);
  expect(texts()).toEqual(['Five']);
});

test('what was taken back elsewhere is no longer offered', () => {
  toast('Deal saved', { of: 'a' });
  toast('Company saved', { of: 'b' });
  dismissOf('a');
  expect(texts()).toEqual(['Company saved']);
});

test('one whose action is under way stays until that is answered, and does it once', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = vi.fn(() => promise);
  const id = toast('Deal saved', { of: 'a', action: { label: 'Undo', run } });
  const acting = act(id);
  void act(id);
  vi.advanceTimersByTime(20_000);
  dismissOf('a');
  expect([texts(), shownToasts()[0]!.busy, run.mock.calls.length]).toEqual([['Deal saved'], true, 1]);
  resolve();
  await acting;
  expect(texts()).toEqual([]);
});
