/** How files of other systems tell who works there: their ids, by which owners are found. */
import type { ImportingSpec } from '../../engine/index.ts';

export const importing: ImportingSpec = {
  objects: [
    {
      object: 'user',
      byName: true,
      // Accounts are made by invitation; a file only brings the ids of those who are here.
      mode: 'update',
      called:
        'User|Users|Owners|Sales Reps|res.users|Benutzer|Utilisateurs|Usuarios|Utenti|systemuser|systemusers',
      columns: {
        '@id': 'Id|User ID|Owner ID|Record ID|External ID|user_id|owner_id|(Do Not Modify) User',
        email:
          'Email|E-mail|Email Address|E-Mail-Adresse|email1|Primary Email|emailAddress|Adresse e-mail|Correo electrónico|Login',
      },
      match: ['email'],
    },
  ],
};
