/** Files of other systems are understood: what each column becomes, as stated by hand for each header set. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headerFixtures } from '../../../test/fixtures/headers.ts';
import { createWorld, type World } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import { propose } from '../../engine/index.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('importing');
});
afterAll(() => world.close());

const importing = declared.modules.flatMap(module => module.importing ?? []);

async function understood({ file, columns }: (typeof headerFixtures)[number]) {
  const rows = async function* () {
    yield { cells: columns.map(({ value }) => value) };
  };
  const table = {
    name: file.replace(/\.\w+$/, ''),
    file,
    columns: columns.map(({ header }) => header),
    rows,
  };
  const { tables } = await propose(world.ada, importing, [table]);
  return tables[0]!;
}

test('at least 95 % of the columns of 30 and more header sets are mapped as stated', async () => {
  expect(headerFixtures.length).toBeGreaterThanOrEqual(30);
  let [right, all] = [0, 0];
  const lines: string[] = [];
  for (const fixture of headerFixtures) {
    const { object, system, columns } = await understood(fixture);
    const wrong = columns.flatMap(({ column, target }, index) => {
      const wanted = fixture.columns[index]!.target;
      return target.replace(/^\+.*/, '+') === wanted ? [] : [`${column}: ${target}, not ${wanted}`];
    });
    const share = object === fixture.object ? 1 - wrong.length / columns.length : 0;
    right += share * fixture.columns.length;
    all += fixture.columns.length;
    lines.push(
      `${(share * 100).toFixed(0).padStart(3)} %  ${fixture.file}${[
        ...(object === fixture.object ? [] : [`is ${object}, not ${fixture.object}`]),
        ...((system?.name ?? null) === fixture.system ? [] : [`from ${system?.name}, not ${fixture.system}`]),
        ...wrong,
      ]
        .map(text => `\n         ${text}`)
        .join('')}`,
    );
  }
  console.log(
    `${lines.join('\n')}\n${((right / all) * 100).toFixed(1)} % of ${all} columns of ${headerFixtures.length} files`,
  );
  expect(right / all).toBeGreaterThanOrEqual(0.95);
});

test.each(headerFixtures)('$file is recognised as $system, $object', async fixture => {
  const { object, system } = await understood(fixture);
  expect({ object, system: system?.name ?? null }).toEqual({
    object: fixture.object,
    system: fixture.system,
  });
});
