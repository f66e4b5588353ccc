import { defineModule } from '../../engine/index.ts';
import { Company } from './company.ts';
import { idsByName, peopleDemo } from './demo.ts';
import { Household } from './household.ts';
import { importing, sourceWords } from './importing.ts';
import {
  addressColumns,
  description,
  made,
  origins,
  owner,
  ownerId,
  rowId,
  tags,
  technical,
  website,
} from './importing-words.ts';
import { nameOf } from './named.ts';
import { consented, toldOrigin, touch } from './origin.ts';
import { Person } from './person.ts';

export { showsBusiness } from './vat-number.ts';

export const people = defineModule({
  name: 'people',
  objects: [Company, Person, Household],
  importing: [importing],
  demo: peopleDemo,
});

/** Words for what other systems call things, which all modules share. */
export const importWords = {
  description,
  made,
  origins,
  owner,
  ownerId,
  rowId,
  source: sourceWords,
  tags,
  technical,
  website,
};

export { addressColumns, Company, consented, idsByName, nameOf, Person, toldOrigin, touch };
