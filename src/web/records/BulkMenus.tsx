import { useNavigate } from '@tanstack/react-router';
import type { Json, MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { t } from '../../kit/words.ts';
import { type Chosen, filterOfChosen } from '../model/bulk.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { useParts } from '../model/parts.ts';
import { openDialog } from '../shell/dialogs.ts';
import { exportAddress, handedOver } from './ListMenu.tsx';
import type { ListModel } from './use-list.ts';

/** Verbs that decide for each record by itself whether they make sense. */
export function RunVerb({
  object,
  count,
  onRun,
}: {
  object: MetaObject;
  count: number;
  onRun(verb: string, input: Json): void;
}) {
  const verbs = object.verbs.filter(({ name, own }) => name !== 'merge' && !own);
  if (verbs.length === 0) return null;
  return (
    <Menu
      position="top"
      width={220}
      of={
        <Button look="quiet" icon="bolt" aria-label={t('bulk.runLabel')}>
          {t('bulk.run')}
        </Button>
      }
    >
      {verbs.map(verb => (
        <Menu.Item
          key={verb.name}
          leftSection={<Icon name={verb.icon} />}
          onClick={() =>
            openDialog({
              kind: 'verb',
              object: object.name,
              id: null,
              verb: verb.name,
              many: { count, run: input => onRun(verb.name, input) },
            })
          }
        >
          {verb.label}
        </Menu.Item>
      ))}
    </Menu>
  );
}

/** What modules do with the rows that are ticked, on pages of their own. */
export function ModuleButtons({ object, list, chosen }: ChosenProps) {
  const meta = useMeta();
  const navigate = useNavigate();
  const { every } = chosen;
  const given = handedOver(object, list, { filter: filterOfChosen(chosen), q: every ? every.q : '' });
  return useParts(object.name, 'list').map(({ icon, chosen: title, path, makes }) =>
    title && objectNamed(meta, makes)?.can.create ? (
      <Button
        key={path}
        look="quiet"
        icon={icon}
        onClick={() => void navigate({ to: path as never, search: given as never })}
      >
        {t(title)}
      </Button>
    ) : null,
  );
}

interface ChosenProps {
  object: MetaObject;
  list: ListModel;
  chosen: Chosen;
}

/** Downloads what is chosen, with the columns of the list. */
export function ExportChosen({ object, list, chosen }: ChosenProps) {
  const asked = { state: list.state, filter: filterOfChosen(chosen), q: chosen.every ? list.q : '' };
  return (
    <Menu
      position="top"
      width={200}
      of={
        <Button look="quiet" icon="download">
          {t('bulk.export')}
        </Button>
      }
    >
      {object.formats.map(format => (
        <Menu.Item
          key={format}
          component="a"
          href={exportAddress(object.path, asked, format)}
          download
          leftSection={<Icon name="download" />}
        >
          {t(`list.export.${format}`)}
        </Menu.Item>
      ))}
    </Menu>
  );
}
