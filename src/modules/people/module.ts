import { defineModule } from '../../engine/index.ts';
import { Company } from './company.ts';
import { Person } from './person.ts';

export const people = defineModule({ name: 'people', objects: [Company, Person] });

export { Company, Person };
