/** The map of the world: outlines of countries out of Natural Earth's data, projected as web maps are (Mercator). Pure. */

/** Size of the whole world in units of the drawing. */
export const worldSize = 10_000;

export interface Place {
  x: number;
  y: number;
}

/** Beyond this latitude the projection has no end. */
const mostLatitude = 85;

/** A point on earth in units of the drawing (spherical Mercator). */
export function project(longitude: number, latitude: number): Place {
  const angle = (Math.max(-mostLatitude, Math.min(mostLatitude, latitude)) * Math.PI) / 180;
  const y = (1 - Math.log(Math.tan(Math.PI / 4 + angle / 2)) / Math.PI) / 2;
  return { x: ((longitude + 180) / 360) * worldSize, y: y * worldSize };
}

/** TopoJSON, as far as world-atlas uses it: borders are kept once, as arcs of steps; a ring names arcs, `~n` runs backwards. */
export interface Topology {
  arcs: [number, number][][];
  transform: { scale: [number, number]; translate: [number, number] };
  objects: { countries: { geometries: Country[] } };
}

interface Country {
  type: string;
  /** Polygon: rings of arcs; MultiPolygon: several of them. */
  arcs?: number[][] | number[][][];
  properties?: { name?: string };
}

export interface World {
  /** All outlines as one SVG path. */
  path: string;
  /** Somewhere in the middle of a country, by its English name. */
  middles: Map<string, Place>;
}

/** Decodes and projects everything once. */
export function worldOf(topology: Topology): World {
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map(steps => {
    let [x, y] = [0, 0];
    return steps.map(([dx, dy]) => {
      x += dx;
      y += dy;
      return project(x * scale[0] + translate[0], y * scale[1] + translate[1]);
    });
  });
  const ringOf = (indices: number[]) =>
    indices.flatMap(index => (index < 0 ? [...(arcs[~index] ?? [])].reverse() : (arcs[index] ?? [])));
  const parts: string[] = [];
  const middles = new Map<string, Place>();
  for (const { type, arcs: given = [], properties } of topology.objects.countries.geometries) {
    const polygons = (type === 'Polygon' ? [given] : given) as number[][][];
    const rings = polygons.map(polygon => polygon.map(indices => unrolled(ringOf(indices))));
    for (const ring of rings.flat()) parts.push(pathOf(ring));
    const largest = rings.flatMap(polygon => polygon.slice(0, 1)).sort((a, b) => spanOf(b) - spanOf(a))[0];
    if (properties?.name && largest) middles.set(properties.name, middleOf(largest));
  }
  return { path: parts.join(''), middles };
}

/**
 * A ring without jumps from one edge of the world to the other: what crosses the date line goes on beyond the edge. One
 * that goes around a pole is closed along the lower edge (there is land around the southern one only).
 */
function unrolled(ring: Place[]): Place[] {
  let shift = 0;
  const places = ring.map((place, index) => {
    const step = place.x - (ring[index - 1]?.x ?? place.x);
    if (Math.abs(step) > worldSize / 2) shift -= Math.sign(step) * worldSize;
    return { x: place.x + shift, y: place.y };
  });
  const [first, last] = [places[0], places.at(-1)];
  if (!first || !last || Math.abs(last.x - first.x) < worldSize / 2) return places;
  return [...places, { x: last.x, y: worldSize }, { x: first.x, y: worldSize }];
}

function pathOf(ring: Place[]): string {
  return `M${ring.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
}

function boxOf(places: Place[]) {
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return { left: least(xs), right: most(xs), top: least(ys), bottom: most(ys) };
}

function spanOf(ring: Place[]): number {
  const { left, right, top, bottom } = boxOf(ring);
  return (right - left) * (bottom - top);
}

/** The centroid of a ring (shoelace formula). */
function middleOf(ring: Place[]): Place {
  let [area, x, y] = [0, 0, 0];
  for (const [index, from] of ring.entries()) {
    const to = ring[(index + 1) % ring.length] ?? from;
    const cross = from.x * to.y - to.x * from.y;
    area += cross / 2;
    x += ((from.x + to.x) * cross) / 6;
    y += ((from.y + to.y) * cross) / 6;
  }
  return area === 0 ? (ring[0] ?? { x: 0, y: 0 }) : { x: x / area, y: y / area };
}

/** English names that Natural Earth spells otherwise than Unicode's data do. */
const spelt: Record<string, string> = {
  'United States': 'United States of America',
  Türkiye: 'Turkey',
  'Bosnia & Herzegovina': 'Bosnia and Herz.',
  'North Macedonia': 'Macedonia',
  'Dominican Republic': 'Dominican Rep.',
  'Congo - Kinshasa': 'Dem. Rep. Congo',
  'Congo - Brazzaville': 'Congo',
  'Central African Republic': 'Central African Rep.',
  'Myanmar (Burma)': 'Myanmar',
};

const names = new Intl.DisplayNames('en', { type: 'region' });

/** The middle of a country by its code (ISO 3166 alpha-2); null for one that is not on the map. */
export function middleOfCountry(world: World, code: string): Place | null {
  const name = /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? '') : '';
  return world.middles.get(spelt[name] ?? name) ?? null;
}

/** What part of the world is on the screen: its middle, and pixels per unit. */
export interface Sight {
  x: number;
  y: number;
  zoom: number;
}

/** Nearer than this the outlines say nothing. */
const nearest = 60;

/** All places, with some room around them; the whole world where there are none. */
export function fitted(places: Place[], width: number, height: number): Sight {
  const least = leastZoom(width, height);
  if (places.length === 0) return { x: worldSize / 2, y: worldSize * 0.42, zoom: least };
  const { left, right, top, bottom } = boxOf(places);
  const room = Math.min(width / (right - left || 1), height / (bottom - top || 1)) * 0.75;
  return within({ x: (left + right) / 2, y: (top + bottom) / 2, zoom: Math.min(room, 6) }, width, height);
}

function leastZoom(width: number, height: number): number {
  return Math.max(width / worldSize, height / worldSize);
}

/** A sight that shows no place beyond the edge of the world, neither too near nor too far. */
export function within({ x, y, zoom }: Sight, width: number, height: number): Sight {
  const near = Math.max(leastZoom(width, height), Math.min(nearest, zoom));
  const keep = (at: number, size: number) => {
    const half = size / 2 / near;
    return Math.max(half, Math.min(worldSize - half, at));
  };
  return { x: keep(x, width), y: keep(y, height), zoom: near };
}

/** A record, or several that stand too near to each other to be told apart. */
export interface Cluster<T> extends Place {
  items: T[];
}

/** Width of a letter of a title, and height of its line, in pixels; and how far from its mark a title begins. */
const [letter, line, beside] = [7, 18, 10];

/** Those whose title fits beside them without covering a mark or another title; earlier ones go first. */
export function titled<T>(clusters: Cluster<T>[], titleOf: (item: T) => string): Set<Cluster<T>> {
  const taken: { left: number; right: number; y: number }[] = clusters.map(({ x, y, items }) => {
    const half = items.length > 1 ? 16 : 7;
    return { left: x - half, right: x + half, y };
  });
  const named = new Set<Cluster<T>>();
  for (const cluster of clusters) {
    const [only, more] = cluster.items;
    if (!only || more) continue;
    const left = cluster.x + beside;
    const box = { left, right: left + titleOf(only).length * letter, y: cluster.y };
    const free = taken.every(
      other => other.right < box.left || other.left > box.right || Math.abs(other.y - box.y) > line,
    );
    if (!free) continue;
    taken.push(box);
    named.add(cluster);
  }
  return named;
}

/** Pixels within which marks would cover each other. */
const apart = 44;

/** What is on the screen, in pixels from its corner. */
export function clustersOf<T extends { place: Place }>(
  items: T[],
  sight: Sight,
  width: number,
  height: number,
): Cluster<T>[] {
  const cells = new Map<string, Cluster<T>>();
  for (const item of items) {
    const x = (item.place.x - sight.x) * sight.zoom + width / 2;
    const y = (item.place.y - sight.y) * sight.zoom + height / 2;
    if (x < -apart || y < -apart || x > width + apart || y > height + apart) continue;
    // Cells are fixed on the earth, so that clusters do not jump while the map is moved.
    const cell = [item.place.x, item.place.y].map(at => Math.floor((at * sight.zoom) / apart)).join();
    const known = cells.get(cell);
    if (!known) cells.set(cell, { x, y, items: [item] });
    else {
      const count = known.items.push(item);
      known.x += (x - known.x) / count;
      known.y += (y - known.y) / count;
    }
  }
  return [...cells.values()];
}
