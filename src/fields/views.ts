/** The browser's list of field types; the server's is `index.ts`. */

import type { Json } from '../engine/index.ts';
import { addressView } from './address.view.tsx';
import { autoNumberView } from './autoNumber.view.tsx';
import { booleanView } from './boolean.view.tsx';
import { checklistView } from './checklist.view.tsx';
import { choiceView } from './choice.view.tsx';
import { choicesView } from './choices.view.tsx';
import { colourView } from './colour.view.tsx';
import { countryView } from './country.view.tsx';
import { dateView } from './date.view.tsx';
import { dateTimeView } from './dateTime.view.tsx';
import { decimalView } from './decimal.view.tsx';
import { durationView } from './duration.view.tsx';
import { emailView } from './email.view.tsx';
import { externalIdsView } from './externalIds.view.tsx';
import { fieldNamesView } from './fieldNames.view.tsx';
import { fileView } from './file.view.tsx';
import { filesView } from './files.view.tsx';
import { formulaView } from './formula.view.tsx';
import { idView } from './id.view.tsx';
import { jsonView } from './json.view.tsx';
import { languageView } from './language.view.tsx';
import { linkView } from './link.view.tsx';
import { linksView } from './links.view.tsx';
import { locationView } from './location.view.tsx';
import { longTextView } from './longText.view.tsx';
import { moneyView } from './money.view.tsx';
import { numberView } from './number.view.tsx';
import { percentView } from './percent.view.tsx';
import { personNameView } from './personName.view.tsx';
import { phoneView } from './phone.view.tsx';
import { ratingView } from './rating.view.tsx';
import { recurrenceView } from './recurrence.view.tsx';
import { relatedToAnyView } from './relatedToAny.view.tsx';
import { relatedToManyView } from './relatedToMany.view.tsx';
import { rollUpView } from './rollUp.view.tsx';
import { textView } from './text.view.tsx';
import { timeZoneView } from './timeZone.view.tsx';
import { urlView } from './url.view.tsx';
import { userView } from './user.view.tsx';
import type { FieldView } from './view.ts';

const views: FieldView[] = [
  idView,
  textView,
  longTextView,
  numberView,
  decimalView,
  moneyView,
  percentView,
  booleanView,
  dateView,
  dateTimeView,
  durationView,
  choiceView,
  choicesView,
  fieldNamesView,
  emailView,
  phoneView,
  urlView,
  addressView,
  locationView,
  personNameView,
  userView,
  linkView,
  linksView,
  relatedToAnyView,
  relatedToManyView,
  fileView,
  filesView,
  ratingView,
  colourView,
  countryView,
  languageView,
  timeZoneView,
  autoNumberView,
  checklistView,
  recurrenceView,
  jsonView,
  externalIdsView,
  formulaView,
  rollUpView,
];

const byType = new Map(views.map(view => [view.type, view]));

/** How a type looks; one that this page does not know yet looks like its JSON. */
export function viewOf(type: string): FieldView {
  return byType.get(type) ?? jsonView;
}

/** The type whose editor suits a value that only a JSON Schema describes: the input of a verb. */
export function typeForSchema(schema: { [key: string]: Json }, hasChoices: boolean): string {
  if (hasChoices) return choiceView.type;
  if (typeof schema.link === 'string') return linkView.type;
  switch (schema.type) {
    case 'boolean':
      return booleanView.type;
    case 'number':
    case 'integer':
      return numberView.type;
    case 'object':
    case 'array':
      return jsonView.type;
    default:
      if (schema.format === 'date') return dateView.type;
      return schema.format === 'date-time' ? dateTimeView.type : textView.type;
  }
}
