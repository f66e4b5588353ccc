import { afterAll, beforeAll, expect, test } from 'vitest';
import { knowShipped, learn, said, saidSentence, saidTitle } from './said.ts';

beforeAll(() =>
  learn(
    {
      Deal: 'Geschäft',
      'Close date': 'Abschluss',
      Amount: 'Betrag',
      Open: 'Öffnen',
      'deal.status|Open': 'Offen',
    },
    {
      '{0} takes text.': '{0} erwartet Text.',
      '{0} changed {1}': '{0} hat {1} geändert',
      '{0} changed {1} from {2} to {3}': '{0} hat {1} von {2} auf {3} geändert',
      'Your role does not allow this.': 'Ihre Rolle erlaubt das nicht.',
    },
  ),
);
afterAll(() => learn({}, {}));

test('a label is known by its English, and by where it stands', () => {
  expect([said('Deal'), said('Open'), said('Open', 'deal.status'), said('Open', 'task.status')]).toEqual([
    'Geschäft',
    'Öffnen',
    'Offen',
    'Öffnen',
  ]);
});

test('what someone has renamed, or the language does not know, stays as it is', () => {
  expect(said('Our deals')).toBe('Our deals');
  expect(saidSentence('Nobody wrote this (ever).')).toBe('Nobody wrote this (ever).');
});

test('records are called as Farley called them in every language, and as people have named them in none', () => {
  knowShipped([{ name: 'stage', shipped: ['Open'] }, { name: 'leadForm' }]);
  const titles = ['Open', 'Deal'].map(title => [saidTitle(title, 'stage'), saidTitle(title, 'leadForm')]);
  expect([titles, saidTitle('Open', null)]).toEqual([
    [
      ['Öffnen', 'Open'],
      ['Deal', 'Deal'],
    ],
    'Open',
  ]);
});

test('gaps of a sentence are filled, labels in them too, the sentence that says most first', () => {
  expect(saidSentence('Close date takes text.')).toBe('Abschluss erwartet Text.');
  expect(saidSentence('Sina changed close date, amount')).toBe('Sina hat Abschluss, Betrag geändert');
  expect(saidSentence('Sina changed amount from 1 to 2')).toBe('Sina hat Betrag von 1 auf 2 geändert');
});

test('several sentences are said one by one', () => {
  expect(saidSentence('Your role does not allow this. Ask Max.')).toBe(
    'Ihre Rolle erlaubt das nicht. Ask Max.',
  );
});
