import { useMediaQuery } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { SkeletonLines } from '../../kit/State.tsx';
import { Toasts } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { useConflict } from '../model/conflict.ts';
import { useBulkIds, useJobIds } from '../model/jobs.ts';
import { useLive } from '../model/live.ts';
import { useKeptLooks, useLooks } from '../model/looks.ts';
import { useMeta } from '../model/meta.tsx';
import { usePreferences } from '../model/preferences.ts';
import { BottomBar } from './BottomBar.tsx';
import { Connection } from './Connection.tsx';
import { openDialog, useDialog } from './dialogs.ts';
import { chooseKeys, useKeys } from './keys.ts';
import { Rail } from './Rail.tsx';
import s from './Shell.module.css';

const loadPalette = () => import('./Palette.tsx');
const Palette = lazy(loadPalette);
const KeysCard = lazy(() => import('./KeysCard.tsx'));
const CreateDialog = lazy(() => import('../records/CreateDialog.tsx'));
const VerbDialog = lazy(() => import('../records/VerbDialog.tsx'));
const ViewDialog = lazy(() => import('../views/ViewDialog.tsx'));
const ConflictDialog = lazy(() => import('../records/ConflictDialog.tsx'));
const ImportPills = lazy(() => import('../imports/ImportPill.tsx'));
const BulkPills = lazy(() => import('../records/BulkPills.tsx'));
const UndoDialog = lazy(() => import('../changes/UndoDialog.tsx'));
const MergeDialog = lazy(() => import('../duplicates/MergeDialog.tsx'));
const RestoreDialog = lazy(() => import('../duplicates/RestoreDialog.tsx'));
const PasteDialog = lazy(() => import('../records/PasteDialog.tsx'));
const WhyDialog = lazy(() => import('../records/WhyDialog.tsx'));
const Centre = lazy(() => import('../notifications/Centre.tsx'));
const loadQuickAdd = () => import('./QuickAdd.tsx');
const QuickAdd = lazy(loadQuickAdd);
const MenuSheet = lazy(() => import('./MenuSheet.tsx'));

function Dialogs() {
  const dialog = useDialog();
  const conflict = useConflict();
  return (
    <Suspense fallback={null}>
      {dialog?.kind === 'palette' && <Palette />}
      {dialog?.kind === 'keys' && <KeysCard />}
      {dialog?.kind === 'menu' && <MenuSheet />}
      {dialog?.kind === 'notifications' && <Centre />}
      {dialog?.kind === 'add' && <QuickAdd />}
      {dialog?.kind === 'create' && <CreateDialog key={dialog.object} dialog={dialog} />}
      {dialog?.kind === 'verb' && <VerbDialog dialog={dialog} />}
      {dialog?.kind === 'view' && <ViewDialog dialog={dialog} />}
      {dialog?.kind === 'undo' && <UndoDialog dialog={dialog} />}
      {dialog?.kind === 'merge' && <MergeDialog key={dialog.ids.join()} dialog={dialog} />}
      {dialog?.kind === 'paste' && <PasteDialog dialog={dialog} />}
      {dialog?.kind === 'why' && <WhyDialog dialog={dialog} />}
      {dialog?.kind === 'restore' && <RestoreDialog dialog={dialog} />}
      {conflict && <ConflictDialog conflict={conflict} />}
    </Suspense>
  );
}

/** On a tablet the page needs the room: there the rail starts folded, and unfolding it is for now only. */
function useRail() {
  const { looks, change } = useLooks();
  const narrow = useMediaQuery('(max-width: 1000px)', undefined, { getInitialValueInEffect: false });
  const [unfolded, setUnfolded] = useState(false);
  const folded = looks.rail === 'folded';
  return narrow
    ? { collapsed: !unfolded, toggleRail: () => setUnfolded(!unfolded) }
    : { collapsed: folded, toggleRail: () => change({ rail: folded ? 'open' : 'folded' }) };
}

/** People type the moment they have pressed the keys: the palette is there before they want it, yet never before the page. */
function usePalette() {
  const client = useQueryClient();
  useEffect(() => {
    const soon = setInterval(() => {
      if (client.isFetching() > 0) return;
      clearInterval(soon);
      void Promise.all([loadPalette(), loadQuickAdd()]);
    }, 1_000);
    return () => clearInterval(soon);
  }, [client]);
}

/** What is under way, whatever page is open. */
function Pills() {
  const imports = useJobIds().length > 0;
  const bulks = useBulkIds().length > 0;
  return (
    <Suspense fallback={null}>
      {imports && <ImportPills />}
      {bulks && <BulkPills />}
    </Suspense>
  );
}

/** The frame around every page. */
export function Shell() {
  const meta = useMeta();
  const { collapsed, toggleRail } = useRail();
  useLive(meta);
  useKeptLooks();
  const { preferences } = usePreferences();
  const own = preferences?.keys;
  useEffect(() => chooseKeys(own ?? {}), [own]);
  usePalette();

  useKeys({
    'everywhere.palette': () => openDialog({ kind: 'palette' }),
    '/': () => openDialog({ kind: 'palette' }),
    'everywhere.keys': () => openDialog({ kind: 'keys' }),
    'everywhere.add': () => openDialog({ kind: 'add' }),
    'everywhere.notifications': () => openDialog({ kind: 'notifications' }),
    'everywhere.rail': toggleRail,
  });

  return (
    <div className={s.shell} data-collapsed={collapsed || undefined}>
      <a href="#content" className={s.skip}>
        {t('shell.skip')}
      </a>
      <Rail collapsed={collapsed} onToggle={toggleRail} />
      <main id="content" className={s.content} tabIndex={-1}>
        <Connection />
        <Pills />
        <Suspense
          fallback={
            <div className={s.wait}>
              <SkeletonLines count={8} />
            </div>
          }
        >
          <Outlet />
        </Suspense>
      </main>
      <BottomBar />
      <Dialogs />
      <Toasts closeLabel={t('toast.close')} />
    </div>
  );
}
