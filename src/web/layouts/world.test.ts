import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import {
  clustersOf,
  fitted,
  middleOfCountry,
  project,
  type Topology,
  titled,
  within,
  worldOf,
  worldSize,
} from './world.ts';

const file = createRequire(import.meta.url).resolve('world-atlas/countries-50m.json');
const world = worldOf(JSON.parse(readFileSync(file, 'utf8')) as Topology);

test('the world is projected as web maps are', () => {
  expect(project(0, 0)).toEqual({ x: worldSize / 2, y: worldSize / 2 });
  expect(project(-180, 85).y).toBeLessThan(20);
  // Beyond the edge it stays on the map.
  expect(project(0, 90)).toEqual(project(0, 85));
});

test('a country has its middle, whatever it is called there', () => {
  const near = (code: string, longitude: number, latitude: number) => {
    const middle = middleOfCountry(world, code);
    const wanted = project(longitude, latitude);
    return middle !== null && Math.hypot(middle.x - wanted.x, middle.y - wanted.y) < 150;
  };
  expect(near('AT', 14.1, 47.6)).toBe(true);
  expect(near('US', -99, 40)).toBe(true);
  expect(near('TR', 35, 39)).toBe(true);
  expect(middleOfCountry(world, 'XX')).toBeNull();
  expect(middleOfCountry(world, '')).toBeNull();
  expect(world.path.length).toBeGreaterThan(100_000);
});

test('no outline runs from one edge of the world to the other, but for the lower edge itself', () => {
  const jumps = world.path.split('Z').flatMap(ring => {
    const points = ring
      .slice(1)
      .split('L')
      .map(point => point.split(' ').map(Number) as [number, number]);
    return points.filter(([x, y], index) => {
      const [before = x] = points[index - 1] ?? [];
      return Math.abs(x - before) > worldSize / 2 && y < worldSize;
    });
  });
  expect(jumps).toEqual([]);
});

test('what stands too near becomes one mark, and parts when looked at closely', () => {
  const items = [project(16.37, 48.21), project(16.4, 48.2), project(13.04, 47.8)].map(place => ({ place }));
  const all = fitted(
    items.map(({ place }) => place),
    1000,
    600,
  );
  expect(clustersOf(items, all, 1000, 600).reduce((sum, { items: some }) => sum + some.length, 0)).toBe(3);
  const far = within({ ...all, zoom: 0 }, 1000, 600);
  expect(clustersOf(items, far, 1000, 600).length).toBeLessThan(3);
  const close = within({ ...project(16.38, 48.2), zoom: 60 }, 1000, 600);
  expect(clustersOf(items, close, 1000, 600).length).toBe(2);
});

test('a title stands only where it covers neither a mark nor another title', () => {
  const at = (x: number, y: number, ...items: string[]) => ({ x, y, items });
  const lyon = at(100, 100, 'Société Bellecour');
  const zurich = at(150, 104, 'Zürich Digital');
  const vienna = at(400, 100, 'Donau', 'Ring');
  const linz = at(300, 60, 'Bäckerei');
  expect([...titled([lyon, zurich, vienna, linz], title => title)]).toEqual([zurich, linz]);
});

test('one never looks beyond the edge', () => {
  const { x, y } = within({ x: -500, y: 20_000, zoom: 1 }, 1000, 600);
  expect([x, y]).toEqual([500, worldSize - 300]);
});
