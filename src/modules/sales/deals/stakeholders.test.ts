import { expect, test } from 'vitest';
import { buyingRoleOf, mapOf, type Stakeholder, type Tie } from './stakeholders.ts';

const person = (id: string, role: string | null = null, reportsTo: string | null = null): Stakeholder => ({
  id,
  title: id,
  role,
  jobTitle: null,
  reportsTo,
});
const tie = (from: string, kind: string, to: string, more: Partial<Tie> = {}): Tie => ({
  id: `${from}${kind}${to}`,
  from,
  kind,
  to,
  strength: null,
  stance: null,
  ...more,
});

test('who reports to whom stands below them, by relation or by their own record; a circle does no harm', () => {
  const { nodes, edges, height } = mapOf(
    [person('Boss'), person('Head', null, 'Boss'), person('User'), person('Alone')],
    [tie('User', 'reportsTo', 'Head'), tie('User', 'influences', 'Stranger')],
  );
  expect(nodes.map(({ id, level }) => [id, level])).toEqual([
    ['Alone', 0],
    ['Boss', 0],
    ['Head', 1],
    ['User', 2],
  ]);
  expect(edges.map(({ from, to }) => [from, to])).toEqual([
    ['User', 'Head'],
    ['Head', 'Boss'],
  ]);
  expect(nodes.every(({ y }) => y > 0 && y < height)).toBe(true);
  const circle = mapOf([person('A', null, 'B'), person('B', null, 'A')], []);
  expect(circle.nodes).toHaveLength(2);
});

test('nobody lies upon another, and two lines between the same people do not either', () => {
  const people = ['A', 'B', 'C'].map(id => person(id, null, id === 'A' ? null : 'A'));
  const { nodes, edges } = mapOf(people, [
    tie('B', 'influences', 'A', { strength: 4, stance: 'supporter' }),
    tie('B', 'friendOf', 'A', { strength: 2 }),
  ]);
  expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(3);
  expect(new Set(edges.map(({ path }) => path)).size).toBe(edges.length);
  expect(nodes.find(({ id }) => id === 'B')).toMatchObject({ stance: 'supporter', strength: 4 });
});

test('roles are understood in the languages of the interface, and what is missing is named', () => {
  for (const role of ['Decision maker', 'Entscheiderin', 'Décideur', 'Decisora', 'صاحب القرار'])
    expect(buyingRoleOf(role)).toBe('economicBuyer');
  expect(buyingRoleOf('Neighbour')).toBeNull();
  expect(mapOf([person('A', 'Champion')], []).missing).toEqual(['economicBuyer', 'user']);
});
