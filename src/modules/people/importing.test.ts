/** Files of other systems are understood: what each column becomes, as stated by hand for each header set. */
import { expect, test } from 'vitest';
import { bareContext, importing } from '../../../test/bare.ts';
import { type HeaderFixture, headerFixtures } from '../../../test/fixtures/headers.ts';
import { moreHeaders } from '../../../test/fixtures/more-headers.ts';
import { propose } from '../../engine/index.ts';

const ctx = bareContext();

async function understood({ file, object, columns }: HeaderFixture) {
  const rows = async function* () {
    yield { cells: columns.map(({ value }) => value) };
  };
  const table = {
    name: file.replace(/\.\w+$/, ''),
    file,
    columns: columns.map(({ header }) => header),
    rows,
  };
  const { tables } = await propose(ctx, importing, [table]);
  return tables.find(one => one.object === object) ?? tables[0]!;
}

test.each([...headerFixtures, ...moreHeaders])(
  '$file is recognised as $system, $object, with all of its columns',
  async fixture => {
    const { object, system, columns } = await understood(fixture);
    const targets = columns.map(({ column, target }) => `${column} → ${target.replace(/^\+.*/, '+')}`);
    expect({ object, system: system?.name ?? null, targets }).toEqual({
      object: fixture.object,
      system: fixture.system,
      targets: fixture.columns.map(({ header, target }) => `${header} → ${target}`),
    });
  },
);
