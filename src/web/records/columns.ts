/** How wide the columns of a table are. Pure. */
import type { MetaField } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import type { Widths } from '../model/view-state.ts';

/** Room for the box that selects a row. */
const check = 40;
const narrowest = 60;
const widest = 800;

/** By what a key changes a width. */
export const widthStep = 16;

function usual(field: MetaField, index: number): number {
  const width = viewOf(field.type).width ?? 160;
  return index === 0 ? Math.max(240, width) : width;
}

export function within(width: number): number {
  return Math.round(Math.max(narrowest, Math.min(widest, width)));
}

/** The width a column has at least: what someone chose, or what its type needs. */
export function widthOf(columns: MetaField[], index: number, widths: Widths): number {
  const field = columns[index];
  return field ? (widths[field.name] ?? usual(field, index)) : 0;
}

/**
 * `grid-template-columns` of head and rows alike, so that they line up; spare room goes by width to columns nobody sized.
 * Of several columns that stand still, each begins where the one before ends, so they do not grow.
 */
export function template(columns: MetaField[], widths: Widths, frozen = 1): string {
  const tracks = columns.map((field, index) => {
    const least = widthOf(columns, index, widths);
    return field.name in widths || (frozen > 1 && index < frozen)
      ? `${least}px`
      : `minmax(${least}px, ${least}fr)`;
  });
  return [`${check}px`, ...tracks].join(' ');
}

/** Where each column stands that does not move when the table is scrolled sideways. */
export function standing(columns: MetaField[], widths: Widths, frozen: number): number[] {
  return columns
    .slice(0, frozen)
    .map((_, index) => columns.slice(0, index).reduce((sum, _, at) => sum + widthOf(columns, at, widths), 0));
}

export function least(columns: MetaField[], widths: Widths): number {
  return columns.reduce((sum, _, index) => sum + widthOf(columns, index, widths), check);
}
