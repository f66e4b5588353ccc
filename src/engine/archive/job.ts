/** An archive of one workspace as background work: made for administrators to fetch. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileStore } from '../files/store.ts';
import { defineJob, type JobSpec } from '../jobs/job.ts';
import { exportArchive } from './export.ts';

/** Where an archive is kept that was made on order: among what is broken off, which goes after a day. */
function archivePath(directory: string, run: string): string {
  return join(directory, `draft-archive-${run}.tar.gz`);
}

/** The job behind `POST /api/archive`. Accounts stay: they belong to the installation, not to the workspace. */
export function archiveJob(files: FileStore, directory: string): JobSpec {
  return defineJob('archive', {
    label: 'Archive',
    run: async (ctx, _payload, report) => {
      const { db, settings } = ctx;
      await mkdir(directory, { recursive: true });
      const contents = await exportArchive({
        db,
        files,
        path: archivePath(directory, ctx.requestId),
        workspaces: [settings.name],
        accounts: 'none',
        report: rows => report.progress(rows, null),
      });
      await report.result({ rows: contents.rows, files: contents.files });
    },
  });
}

/** The archive of a run, or null when there is none, or none any more. */
export function archiveOf(directory: string, run: string): string | null {
  const path = archivePath(directory, run);
  return existsSync(path) ? path : null;
}
