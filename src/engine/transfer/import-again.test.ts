/** Importing where something is already: what people typed stays, and what was cut off goes on where it was. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createImporting } from '../../../test/importing.ts';
import { newId } from '../id.ts';
import { rows as list } from '../records/read.ts';
import { undo } from '../records/undo.ts';
import { create, update } from '../records/write.ts';
import { type ImportOptions, importFile } from './import.ts';
import { type ImportMap, readImportMap } from './map.ts';

const { world, ada, folder, fileOf, load, one, close } = await createImporting('import_again');
afterAll(close);

const titleOf = (link: unknown) => (link as { title: string } | null)?.title ?? null;

describe('what people have typed', () => {
  const map: ImportMap = {
    match: 'email',
    fields: { email: 'email', name: 'name', jobTitle: 'title', lifecycle: 'stage' },
  };
  const content = (stage: string) =>
    `email,name,title,stage\nrosa@typed.example,Rosa Imported,Buyer,${stage}\n`;

  test('stays, and the report says so; what imports brought, and what only is by default, is replaced', async () => {
    await load('person', content('lead'), map);
    const { id } = await one('person', 'email', 'rosa@typed.example');
    await update(ada, 'person', id as string, { jobTitle: 'Head of buying' });
    const report = await load('person', content('lead').replace('Rosa Imported', 'Rosa New'), map);
    expect(report).toMatchObject({
      updated: 1,
      warnings: [
        {
          message: 'Job title: what someone typed was kept.',
          count: 1,
          examples: [{ row: 2, value: 'Buyer' }],
        },
      ],
    });
    expect(await one('person', 'email', 'rosa@typed.example')).toMatchObject({
      name: { full: 'Rosa New' },
      jobTitle: 'Head of buying',
    });
    const again = await load('person', content('lead').replace('Buyer', 'Head of buying'), map);
    expect(again.warnings).toEqual([]);
    expect(await load('person', content('lead'), { ...map, overwrite: true })).toMatchObject({ updated: 1 });
    expect(await one('person', 'email', 'rosa@typed.example')).toMatchObject({ jobTitle: 'Buyer' });
  });

  test('a new record that someone typed keeps what was typed, and not what it had by itself', async () => {
    await create(ada, 'lead', { name: 'Typed Lead', email: 'typed@lead.example', jobTitle: 'Chef' });
    const text = 'email,name,title,status,owner\ntyped@lead.example,Typed Lead,Cook,working,Sina Gruber\n';
    const fields = { email: 'email', name: 'name', jobTitle: 'title', status: 'status', owner: 'owner' };
    await load('lead', text, { match: 'email', fields });
    const lead = await one('lead', 'email', 'typed@lead.example');
    expect(lead).toMatchObject({ jobTitle: 'Chef', status: 'working', owner: { title: 'Sina Gruber' } });
  });

  test('a name that was only made gives way to one that a file knows; one that was typed does not', async () => {
    const [made, named] = [
      { email: 'nora.made@typed.example' },
      { email: 'ned.made@typed.example', name: 'Ned the Great' },
    ];
    for (const values of [made, named]) await create(ada, 'person', values);
    await load('person', 'email\nnils.made@typed.example\n');
    const { id } = await one('person', 'email', 'nils.made@typed.example');
    await update(ada, 'person', id as string, { name: 'Nils by hand' });
    const text = ['nora', 'ned', 'nils'].map(name => `${name}.made@typed.example,${name} of the file`);
    const fields = { email: 'email', name: 'name' };
    const report = await load('person', `email,name\n${text.join('\n')}\n`, { match: 'email', fields });
    expect(report.warnings).toMatchObject([{ message: 'Name: what someone typed was kept.', count: 2 }]);
    const names = ['nora', 'ned', 'nils'].map(async name => {
      const person = await one('person', 'email', `${name}.made@typed.example`);
      return (person.name as { full: string }).full;
    });
    expect(await Promise.all(names)).toEqual(['nora of the file', 'Ned the Great', 'Nils by hand']);
  });

  test('how far something has come does not go back, unless the map says so', async () => {
    await load('person', content('customer'), { ...map, overwrite: true });
    const report = await load('person', content('lead'), map);
    expect(report).toMatchObject({
      unchanged: 1,
      warnings: [{ message: 'Lifecycle stage was not moved back.' }],
    });
    expect(await load('person', content('former'), map)).toMatchObject({ updated: 1 });
    expect(await load('person', content('lead'), { ...map, backwards: true })).toMatchObject({ updated: 1 });
  });
});

describe('an import', () => {
  /** Imports in batches of two; it is stopped after the first of them, and ordered again. */
  async function cutOff(object: string, content: string, given: ImportMap, failures?: string) {
    const changeSet = newId();
    const stop = new AbortController();
    const cut = { batchSize: 2, ...(failures ? { failures } : {}) };
    const path = fileOf(content);
    const go = (options: Partial<ImportOptions>) =>
      importFile({ ...ada, changeSet }, { path, object, map: readImportMap(given), ...cut, ...options });
    const first = await go({ signal: stop.signal, report: () => stop.abort() });
    expect(first.rows).toBeLessThan(content.trim().split('\n').length - 1);
    return { first, second: await go({ batchSize: 3 }), third: await go({}) };
  }

  test('that was cut off goes on behind the last batch, and makes nothing twice', async () => {
    const content =
      'name,parent,firm\nCut one,Cut four,\nCut two,,\nCut three,,\nCut four,,\nCut five,Cut one,\n';
    const { second, third } = await cutOff('company', content, {
      fields: { name: 'name', parent: 'parent' },
    });
    expect(second).toMatchObject({ rows: 5, created: 5, failed: 0 });
    expect(third).toEqual(second);
    const made = await list(ada, 'company', { filter: { field: 'name', op: 'startsWith', value: 'Cut ' } });
    expect(made.length).toBe(5);
    expect(titleOf((await one('company', 'name', 'Cut one')).parent)).toBe('Cut four');
  });

  test('that was cut off counts right what it creates only, what it made by the way, and what it refused', async () => {
    const failures = join(folder, 'cut-failures.csv');
    const content =
      'name,firm\nTom A,Cutters\n,Cutters\nTom A,Cutters\nTom C,Cutters Two\n,Cutters\nTom D,\n';
    const given: ImportMap = {
      mode: 'create',
      match: 'name',
      fields: { name: 'name', company: { column: 'firm', link: { create: true } } },
    };
    const { second } = await cutOff('person', content, given, failures);
    expect(second).toMatchObject({
      rows: 6,
      created: 3,
      skipped: 1,
      failed: 2,
      linked: { company: 2 },
      failures: [{ count: 2 }],
    });
    expect(readFileSync(failures, 'utf8').trim().split('\n').length).toBe(3);
  });

  test('that was cut off does not take back what was changed behind it', async () => {
    await create(world.system, 'company', { name: 'Later', domain: 'old.example' });
    const changeSet = newId();
    const path = fileOf('name,domain\nLater,new.example\nOther one,\n');
    const stop = new AbortController();
    const go = (signal?: AbortSignal) =>
      importFile(
        { ...ada, changeSet },
        {
          path,
          map: {
            object: 'company',
            match: 'name',
            fields: { name: 'name', domain: 'domain' },
            overwrite: true,
          },
          batchSize: 1,
          ...(signal ? { signal, report: () => stop.abort() } : {}),
        },
      );
    await go(stop.signal);
    const { id } = await one('company', 'name', 'Later');
    await update(ada, 'company', id as string, { domain: 'typed.example' });
    expect(await go()).toMatchObject({ updated: 1, created: 1 });
    expect(await one('company', 'name', 'Later')).toMatchObject({ domain: 'typed.example' });
  });

  test('that was undone meanwhile does not go on', async () => {
    const changeSet = newId();
    const path = fileOf('name\nUndone one\nUndone two\nUndone three\n');
    const go = (report?: () => void) =>
      importFile(
        { ...ada, changeSet },
        { path, object: 'company', batchSize: 1, map: { match: 'name' }, ...(report ? { report } : {}) },
      );
    let undone: Promise<unknown> | undefined;
    const running = go(() => {
      undone ??= undo(ada, changeSet);
    });
    await expect(running).rejects.toMatchObject({ code: 'alreadyUndone' });
    await undone;
    await expect(go()).rejects.toMatchObject({ code: 'alreadyUndone' });
    const left = await list(ada, 'company', { filter: { field: 'name', op: 'startsWith', value: 'Undone' } });
    expect(left).toEqual([]);
  });
});

describe('who is known by the rules of duplicates', () => {
  const map: ImportMap = {
    duplicates: 'meet',
    externalId: { source: 'fair', column: 'no' },
    fields: { name: 'name', email: 'email', companyName: 'firm', jobTitle: 'title' },
  };
  const text =
    'no,name,email,firm,title\n' +
    '1,Rosa Known,Rosa@meet.example,Post AG,Chef\n2,New Nina,nina@meet.example,Seeblick,\n3,Nina New,nina@meet.example,,Owner\n';

  test('is met where the map asks for it: what is missing is filled in, a dry run tells it, one undo takes it back', async () => {
    const id = await create(ada, 'lead', {
      name: 'Rosa Known',
      email: 'rosa@meet.example',
      companyName: 'Hotel Post',
    });
    const would = await load('lead', text, map, { dryRun: true });
    expect(would).toMatchObject({ created: 1, updated: 2 });
    expect(would.warnings).toContainEqual({
      message: 'Is known already, and was met: same e-mail address.',
      count: 2,
      examples: [
        { row: 2, value: 'Rosa Known' },
        { row: 4, value: 'Nina New' },
      ],
    });
    expect(would.warnings).toContainEqual({
      message: 'Company: what is known was kept.',
      count: 1,
      examples: [{ row: 2, value: 'Post AG' }],
    });
    const { changeSet } = await load('lead', text, map);
    const rosa = await one('lead', 'email', 'rosa@meet.example');
    expect(rosa).toMatchObject({ id, companyName: 'Hotel Post', jobTitle: 'Chef' });
    expect(rosa.cameAgainAt).toBeTruthy();
    expect(await one('lead', 'email', 'nina@meet.example')).toMatchObject({
      name: { full: 'New Nina' },
      companyName: 'Seeblick',
      jobTitle: 'Owner',
    });
    // By its id the same file finds them again.
    expect(await load('lead', text, map)).toMatchObject({ created: 0, failed: 0 });
    await undo(ada, changeSet!);
    expect(await one('lead', 'email', 'rosa@meet.example')).toMatchObject({
      jobTitle: null,
      cameAgainAt: null,
    });
  });
});
