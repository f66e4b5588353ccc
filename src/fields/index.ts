/** Every field type, the functions by which modules declare fields, and the fields that each record has. */
import type { FieldSpec, FieldType } from '../engine/index.ts';
import { addressType } from './address.ts';
import { autoNumberType } from './autoNumber.ts';
import { booleanType } from './boolean.ts';
import { checklistType } from './checklist.ts';
import { choiceType } from './choice.ts';
import { choicesType } from './choices.ts';
import { colourType } from './colour.ts';
import { countryType } from './country.ts';
import { dateType } from './date.ts';
import { dateTime, dateTimeType } from './dateTime.ts';
import { decimalType } from './decimal.ts';
import { durationType } from './duration.ts';
import { emailType } from './email.ts';
import { externalIds, externalIdsType } from './externalIds.ts';
import { fieldNamesType } from './fieldNames.ts';
import { fileType } from './file.ts';
import { filesType } from './files.ts';
import { formulaType } from './formula.ts';
import { id, idType } from './id.ts';
import { jsonType } from './json.ts';
import { languageType } from './language.ts';
import { linkType } from './link.ts';
import { linksType } from './links.ts';
import { locationType } from './location.ts';
import { longTextType } from './longText.ts';
import { moneyType } from './money.ts';
import { number, numberType } from './number.ts';
import { percentType } from './percent.ts';
import { personNameType } from './personName.ts';
import { phoneType } from './phone.ts';
import { ratingType } from './rating.ts';
import { recurrenceType } from './recurrence.ts';
import { relatedToAnyType, relatedToManyType } from './relatedToAny.ts';
import { rollUpType } from './rollUp.ts';
import { textType } from './text.ts';
import { timeZoneType } from './timeZone.ts';
import { urlType } from './url.ts';
import { user, userType } from './user.ts';

export { type Address, address } from './address.ts';
export { autoNumber } from './autoNumber.ts';
export { boolean } from './boolean.ts';
export { type ChecklistItem, checklist } from './checklist.ts';
export { choice } from './choice.ts';
export { choices } from './choices.ts';
export { colour } from './colour.ts';
export { country } from './country.ts';
export { date } from './date.ts';
export { dateTime } from './dateTime.ts';
export { decimal } from './decimal.ts';
export { duration } from './duration.ts';
export { email, readEmail } from './email.ts';
export { externalIds } from './externalIds.ts';
export { fieldNames } from './fieldNames.ts';
export { file } from './file.ts';
export { files } from './files.ts';
export { formula } from './formula.ts';
export { id } from './id.ts';
export { json } from './json.ts';
export { language } from './language.ts';
export { link } from './link.ts';
export { type LinkItem, links } from './links.ts';
export { location, type Point } from './location.ts';
export { longText } from './longText.ts';
export { type Money, minorDigits, money } from './money.ts';
export { number } from './number.ts';
export { percent } from './percent.ts';
export { type PersonName, personName } from './personName.ts';
export { phone } from './phone.ts';
export { rating } from './rating.ts';
export { recurrence } from './recurrence.ts';
export { readRule, weekdays, writeRule } from './recurring.ts';
export { type Related, relatedToAny, relatedToMany } from './relatedToAny.ts';
export { rollUp } from './rollUp.ts';
export { text } from './text.ts';
export { timeZone } from './timeZone.ts';
export { url } from './url.ts';
export { user } from './user.ts';

/** All field types, in the order administrators choose from. */
export const fieldTypes: FieldType[] = [
  idType,
  textType,
  longTextType,
  numberType,
  decimalType,
  moneyType,
  percentType,
  booleanType,
  dateType,
  dateTimeType,
  durationType,
  choiceType,
  choicesType,
  fieldNamesType,
  emailType,
  phoneType,
  urlType,
  addressType,
  locationType,
  personNameType,
  userType,
  linkType,
  linksType,
  relatedToAnyType,
  relatedToManyType,
  fileType,
  filesType,
  ratingType,
  colourType,
  countryType,
  languageType,
  timeZoneType,
  autoNumberType,
  checklistType,
  recurrenceType,
  jsonType,
  formulaType,
  rollUpType,
  externalIdsType,
] as unknown[] as FieldType[];

/** The fields that every record has, kept by the engine. */
export const systemFields: Record<string, FieldSpec> = {
  id: id({ label: 'Id', readOnly: true, hidden: true }),
  createdAt: dateTime({ label: 'Created', readOnly: true, imported: true }),
  createdBy: user({ label: 'Created by', readOnly: true, imported: true }),
  updatedAt: dateTime({ label: 'Changed', readOnly: true }),
  updatedBy: user({ label: 'Changed by', readOnly: true }),
  version: number({ label: 'Version', integer: true, readOnly: true, hidden: true }),
  deletedAt: dateTime({ label: 'Deleted', readOnly: true, hidden: true }),
  externalIds: externalIds({ label: 'External ids', hidden: true }),
} as unknown as Record<string, FieldSpec>;
