/** Words that files of all systems share, in the languages people export in. Names stand between `|`. */

const parts = {
  street:
    'Street|Street Address|Address|Address Line 1|Address Line 2|Address Line 3|Address 1|Address 2|Address 3|Address Street|Street 1|Street 2|Street 3|Straße|Strasse|Anschrift|Adresszeile 1|Adresszeile 2|Rue|Adresse|Adresse 1|Calle|Dirección|Via|Indirizzo|Rua|Endereço|Straat|Adres|Ulica|Ulice|Adresa|Gata|Gatuadress|Adress|番地|町名・番地|町名番地|Street2|Number and street',
  city: 'City|Town|City/Town|Address City|City/town/village/locality|Ort|Stadt|Ville|Ciudad|Población|Città|Cidade|Plaats|Stad|Woonplaats|Miasto|Město|Postort|市区町村|市区郡',
  region:
    'State|state_id|State/Province|State/Region|Province|Region|County|Address State|State/county|Bundesland|Kanton|Département|Région|État/Province|Provincia|Estado|Regione|Provincie|Województwo|Kraj|Län|都道府県',
  postalCode:
    'Postal Code|Postalcode|Zip|Zip Code|Zip/Postal Code|ZIP/Postal code|Postcode|Code|PostCode|Address PostalCode|Address Post Code|Address Postcode|PLZ|Postleitzahl|Code postal|Código postal|CAP|CEP|Kod pocztowy|PSČ|Postnummer|郵便番号',
  country:
    'Country|country_id|Country/Region|Land/Region|Address Country|Land|Pays|Pays/Région|País|Paese|Nazione|Kraj (państwo)|Państwo|Země|Stát|国|国/地域',
  'region?': 'State Code|Province Code|State ISO Code',
  'country?': 'Country Code|Country ISO Code',
  latitude: 'Latitude|Lat|Breitengrad',
  longitude: 'Longitude|Lng|Long|Längengrad',
};

/** Columns of an address: each part by itself, and with each prefix before or "of …" behind it. */
export function addressColumns(field: string, prefixes: string, bare = true): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parts).map(([part, list]) => [
      `${field}.${part}`,
      list
        .split('|')
        .flatMap(word => [
          ...(bare ? [word] : []),
          ...prefixes
            .split('|')
            .flatMap(prefix => [`${prefix} ${word}`, `${word} of ${prefix}`, `${word} ${prefix}`]),
        ])
        .join('|'),
    ]),
  );
}

export const owner =
  'Owner|Owner Name|Record owner|Assigned to|Assigned User|Assigned User Name|Responsible|User|Sales|Salesperson|Sales Rep|Account Manager|Owner Email|Inhaber|Besitzer|Zuständig|Zuständiger Mitarbeiter|Verantwortlich|Eigentümer|Propriétaire|Responsable|Propietario|Proprietario|Assegnato a|Proprietário|Responsável|Eigenaar|Właściciel|Vlastník|Ägare|所有者|担当者|Owning User|sales_id';
export const ownerId =
  'OwnerId|Owner ID|Assigned User ID|assigned_user_id|assignedUserId|Owner.id|Record Owner Id';
export const description =
  'Description|Notes|Note|Comments|Comment|Background|About|Internal Notes|Beschreibung|Notizen|Notiz|Bemerkungen|Bemerkung|Commentaire|Commentaires|Descripción|Notas|Comentarios|Descrizione|Note (it)|Descrição|Observações|Omschrijving|Opmerkingen|Opis|Notatki|Uwagi|Popis|Poznámka|Poznámky|Beskrivning|Anteckningar|説明|備考|メモ|Person Note';
export const tags =
  'Tags|Tag|Labels|Label|Label(s)|Group Membership|Categories|Etiquetas|Étiquettes|Schlagwörter|Etichette|Tagi|Štítky|Taggar|タグ|Keywords';
export const rowId =
  'Id|Record ID|RecordId|Object ID|External ID|Legacy ID|Reference ID|Record Id (do not modify)|Datensatz-ID|ID de la fiche|ID del registro|Identifiant|レコードID|Record-ID|Id. externa';
export const website =
  'Website|Web Site|Website URL|Web|Homepage|URL|Web Page|Webseite|Internetseite|Site web|Site Web URL|Sitio web|Página web|Sito web|Site|Strona WWW|Webové stránky|Webbplats|ウェブサイト|Website 1 - Value|Webpage|Domain Name URL';
/** What other systems count for themselves: when a row was made and changed, by whom, and whether it is in the trash. */
export const technical =
  'IsDeleted|Is Deleted|deleted|is_deleted|Archived|Is Archived|Archiviert|Gelöscht|MasterRecordId|RecordTypeId|Record Type ID|BillingGeocodeAccuracy|ShippingGeocodeAccuracy|MailingGeocodeAccuracy|OtherLatitude|OtherLongitude|OtherGeocodeAccuracy|GeocodeAccuracy|LastModifiedById|Last Modified By|Modified By|Modified By Id|modified_user_id|modifiedById|LastModifiedDate|Last Modified Date|Last Modified On|Last Modified|Date Modified|Modified Time|Modified At|Modified On|Last Updated on|Updated At|Last Update|Update time|SystemModstamp|LastActivityDate|Last Activity|Last Activity Date|Last Activity Time|Last activity|LastViewedDate|LastReferencedDate|IsExcludedFromRealign|Jigsaw|JigsawCompanyId|JigsawContactId|PhotoUrl|IsPriorityRecord|Open deals|Won deals|Lost deals|Closed deals|Total activities|Done activities|Activities to do|Next activity date|Last activity date|Next appointment date|Date de dernière modification|Zuletzt geändert|Geändert am|Letzte Aktivität|Fecha de modificación|Data ultima modifica|Laatst gewijzigd|最終更新日|Full/combined address of Address|Full/combined address of Postal Address|Address 1 - Formatted|Address 1 - Label|E-mail 1 - Label|Phone 1 - Label|E-mail 2 - Label|Phone 2 - Label|Phones / Primary Phone Country Code|Phones / Primary Phone Calling Code|Address type|Row Checksum (Do Not Modify)|Row Checksum|(Do Not Modify) Modified On|(Do Not Modify) Row Checksum|Deleted At|Number of Open Deals|nb_tasks|Position|search_vector|Last email received|Last email sent|Email messages count|EmailBouncedReason|EmailBouncedDate|IsEmailBounced|LastCURequestDate|LastCUUpdateDate|IsUnreadByOwner|LastTransferDate|Creation source|CurrencyIsoCode|IsExcludedFromTerritory2Filter|Territory2Id|OperatingHoursId|WhoCount|WhatCount|RecurrenceActivityId|IsRecurrence|RecurrenceStartDateOnly|RecurrenceStartDateTime|RecurrenceEndDateOnly|RecurrenceTimeZoneSidKey|RecurrenceType|RecurrenceInterval|RecurrenceDayOfWeekMask|RecurrenceDayOfMonth|RecurrenceInstance|RecurrenceMonthOfYear|RecurrenceRegeneratedType|ReminderDateTime|IsReminderSet|Associated Deal|Associated Deal IDs|Associated Ticket IDs|Last contacted|File As|Phonetic First Name|Phonetic Middle Name|Phonetic Last Name|Photo|Schedule+|E-mail Type|Private|Sensitivity|Priority (Outlook)|Is a company|Is company|Currency Rate|Exchange Rate';
/** When a row came to be in its own system, and by whom. */
export const made = {
  createdAt:
    'CreatedDate|Created Date|Create Date|Created Time|Created At|Created On|Created|Date Created|Date Entered|Creation date|createdAt|create_date|createdon|Add time|Date added|Added on|Erstellt am|Erstellt|Erstelldatum|Erstellungsdatum|Date de création|Créé le|Fecha de creación|Creado el|Data di creazione|Creato il|Data de criação|Criado em|Aanmaakdatum|Gemaakt op|Data utworzenia|Datum vytvoření|Vytvořeno|Skapad|作成日|作成日時|Person created|Organization created|Deal created|Lead created|Activity created|Product created',
  createdBy:
    'Created By|Created by|Creator|created_by_name|createdByName|Created By: Full Name|Created by / Name|Ersteller|Erstellt von|Créé par|Creado por|Creato da|Criado por|Aangemaakt door|Utworzone przez|Vytvořil|Skapad av|作成者',
  'createdBy@id': 'CreatedById|Created By ID|createdById|Created_By.id|Created By.id|create_uid/id',
};

/** Where somebody came from, and what they agreed to. */
export const origins = {
  'firstTouch.source':
    'UTM source|utm_source|First UTM source|Original traffic source|Original source drill-down 1|hs_analytics_source',
  'firstTouch.medium': 'UTM medium|utm_medium|First UTM medium',
  'firstTouch.campaign': 'UTM campaign|utm_campaign|First UTM campaign',
  'firstTouch.term': 'UTM term|utm_term',
  'firstTouch.content': 'UTM content|utm_content',
  'firstTouch.page': 'Landing page|First page seen|landing_page',
  'firstTouch.referrer': 'Referrer|First referring site|HTTP referrer',
  'firstTouch.gclid': 'gclid|Google click id',
  'firstTouch.fbclid': 'fbclid',
  'firstTouch.msclkid': 'msclkid',
  'consent.purpose': 'Consent purpose|Consent to',
  'consent.text': 'Consent|Consent text',
  'consent.at': 'Consent given at|Consent date|Consented at',
  'consent.proof': 'Consent proof|Proof of consent',
};
