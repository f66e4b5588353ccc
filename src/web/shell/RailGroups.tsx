import { Link } from '@tanstack/react-router';
import { memo, type ReactNode, useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { useLooks } from '../model/looks.ts';
import { type ModulePage, usePagesAt, useSetupPages } from '../model/pages.ts';
import { hinted } from './hinted.ts';
import type { Group } from './places.ts';
import s from './Rail.module.css';

const ObjectLink = memo(function ObjectLink({
  object,
  collapsed,
}: {
  object: MetaObject;
  collapsed: boolean;
}) {
  return (
    <Link
      {...hinted(object.plural, collapsed)}
      to="/$object"
      params={{ object: object.path }}
      className={s.item}
      activeProps={{ 'data-active': true }}
    >
      <Icon name={object.icon} />
      <span className={s.name}>{object.plural}</span>
    </Link>
  );
});

export function PageLink({ page, collapsed }: { page: ModulePage; collapsed: boolean }) {
  return (
    <Link
      {...hinted(t(page.title), collapsed)}
      to={page.path}
      className={s.item}
      activeProps={{ 'data-active': true }}
    >
      <Icon name={page.icon} />
      <span className={s.name}>{t(page.title)}</span>
    </Link>
  );
}

interface SectionProps {
  name: string;
  open: boolean;
  onOpen(open: boolean): void;
  children: ReactNode;
}

/** Objects and pages below a heading that folds them away. */
function Section({ name, open, onOpen, children }: SectionProps) {
  return (
    <section aria-label={name}>
      <button type="button" className={s.heading} aria-expanded={open} onClick={() => onOpen(!open)}>
        {name}
        <Icon name={open ? 'chevron-down' : 'chevron-right'} size={14} className={s.chevron} />
      </button>
      {open && children}
    </section>
  );
}

/** What the objects of modules are grouped under. Each group folds, and stays folded for the person. */
export function Groups({ groups, collapsed }: { groups: Group[]; collapsed: boolean }) {
  const pagesAt = usePagesAt();
  const { looks, change } = useLooks();
  const folded = looks.folded ?? [];
  return groups.map(group => {
    const first = group.objects[0]?.name ?? '';
    const places = (
      <>
        {group.objects.map(object => (
          <ObjectLink key={object.name} object={object} collapsed={collapsed} />
        ))}
        {pagesAt(group.name).map(page => (
          <PageLink key={page.path} page={page} collapsed={collapsed} />
        ))}
      </>
    );
    if (collapsed)
      return (
        <section key={first} className={s.rule} aria-label={group.name ?? undefined}>
          {places}
        </section>
      );
    const others = folded.filter(name => name !== first);
    return (
      <Section
        key={first}
        name={group.name ?? ''}
        open={others.length === folded.length}
        onOpen={open => change({ folded: open ? others : [...others, first] })}
      >
        {places}
      </Section>
    );
  });
}

/** What administrators set up. */
export function Rest({ objects, collapsed }: { objects: MetaObject[]; collapsed: boolean }) {
  const [open, setOpen] = useState(false);
  const pages = useSetupPages();
  if (objects.length === 0 || collapsed) return null;
  return (
    <Section name={t('shell.setup')} open={open} onOpen={setOpen}>
      <Link to="/import" className={s.item} activeProps={{ 'data-active': true }}>
        <Icon name="upload" />
        <span className={s.name}>{t('shell.import')}</span>
      </Link>
      {pages.map(page => (
        <PageLink key={page.path} page={page} collapsed={collapsed} />
      ))}
      {objects.map(object => (
        <ObjectLink key={object.name} object={object} collapsed={collapsed} />
      ))}
    </Section>
  );
}
