import type { Meta, MetaObject } from '../../engine/index.ts';

export interface Group {
  name: string | null;
  objects: MetaObject[];
}

/** The objects of this role in the groups they declare, in the order they come; what is only set-up stands last. */
export function groupsOf(meta: Meta): { groups: Group[]; rest: MetaObject[] } {
  const groups: Group[] = [];
  for (const object of meta.objects.filter(({ listed }) => listed)) {
    const group = groups.find(g => g.name === object.group);
    if (group) group.objects.push(object);
    else groups.push({ name: object.group, objects: [object] });
  }
  const main = groups.filter(group => group.name !== null && !group.objects.every(object => object.setup));
  return {
    groups: main,
    rest: groups.filter(group => !main.includes(group)).flatMap(group => group.objects),
  };
}

/** The two objects that earn a place in the bottom bar of a phone: the first of all, and the one with a board. */
export function mainObjects(meta: Meta): MetaObject[] {
  const { groups } = groupsOf(meta);
  const all = groups.flatMap(group => group.objects);
  const first = all[0];
  const second = all.find(object => object.board?.rank && object !== first) ?? all[1];
  return [first, second].filter(object => object !== undefined);
}
