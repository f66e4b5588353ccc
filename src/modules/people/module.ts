import { defineModule } from '../../engine/index.ts';
import { Company } from './company.ts';
import { idsByName, peopleDemo } from './demo.ts';
import { Person } from './person.ts';

export const people = defineModule({ name: 'people', objects: [Company, Person], demo: peopleDemo });

export { Company, idsByName, Person };
