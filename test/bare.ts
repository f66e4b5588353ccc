/** The model of a new workspace without a database: for what only reads files and knows names. */
import { declared } from '../src/app.ts';
import { type Context, type ImportingSpec, stoppedClock, systemActor } from '../src/engine/index.ts';
import { buildModel } from '../src/engine/model.ts';
import { settings, today } from './world.ts';

/** What the modules know of other systems. */
export const importing: ImportingSpec[] = declared.modules.flatMap(module => module.importing ?? []);

/** As whoever may administer; every statement would fail. */
export function bareContext(): Context {
  const model = buildModel({
    objects: declared.modules
      .flatMap(module => module.objects)
      .map(spec => ({ spec, custom: false, customFields: {} })),
    verbs: [],
    types: declared.types,
    system: declared.system,
    version: 1,
  });
  const clock = stoppedClock(today);
  const db = null as unknown as Context['db'];
  return {
    schema: 'none',
    model,
    settings,
    actor: systemActor('tests'),
    via: 'test',
    requestId: '',
    db,
    clock,
  };
}
