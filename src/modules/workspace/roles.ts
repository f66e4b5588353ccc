import { defineRole } from '../../engine/index.ts';

const all = { create: true, read: 'all', edit: 'all', delete: 'all', export: 'all' } as const;

export const administrator = defineRole('administrator', {
  label: 'Administrator',
  description: 'Everything, and the workspace itself.',
  grants: { administer: true, objects: { '*': all } },
});

export const manager = defineRole('manager', {
  label: 'Manager',
  description: 'Sees everything; edits what belongs to the own team and the teams below.',
  grants: {
    objects: {
      '*': { create: true, read: 'all', edit: 'teams', delete: 'teams', export: 'all' },
      tag: all,
      role: { read: 'all' },
      user: { read: 'all' },
      team: { read: 'all' },
    },
  },
});

export const member = defineRole('member', {
  label: 'Member',
  description: 'Sees what the own team has; edits what is their own.',
  grants: {
    objects: {
      '*': { create: true, read: 'team', edit: 'own', delete: 'own', export: 'own' },
      tag: { create: true, read: 'all', edit: 'all' },
      role: { read: 'all' },
      user: { read: 'all' },
      team: { read: 'all' },
      pipeline: { read: 'all' },
      stage: { read: 'all' },
      product: { read: 'all' },
    },
  },
});

export const reader = defineRole('reader', {
  label: 'Reader',
  description: 'Sees everything, changes nothing.',
  grants: { objects: { '*': { read: 'all' } } },
});
