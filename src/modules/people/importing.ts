/** What other systems call companies and people, and how their files are told apart. */
import type { ImportingSpec } from '../../engine/index.ts';
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

const source =
  'Lead Source|LeadSource|Source|Original Source|Original source|Contact Source|Account Source|AccountSource|Campaign Source|Quelle|Lead-Quelle|Leadquelle|Herkunft|Source du prospect|Origine|Origen|Origen del contacto|Fonte|Origem|Bron|Źródło|Zdroj|Källa|リードソース|Originalquelle';

export const sourceWords = {
  names: source,
  values: {
    website: 'Web|Web Site|Online|Organic Search|Internet|Web form|Webformular|Direct traffic',
    referral:
      'Employee Referral|External Referral|Word of mouth|Customer Referral|Empfehlung|Recommandation|Existing Customer',
    event: 'Trade Show|Conference|Seminar|Seminar - Internal|Seminar - Partner|Public Relations|Messe|Salon',
    advertising:
      'Advertisement|Paid Search|Paid Social|Email Marketing|Campaign|Social Media|Direct Mail|Werbung',
    outbound: 'Cold Call|Phone Inquiry|Purchased List|Outbound|Kaltakquise',
    partner: 'Partner Referral|Partner',
  },
};

export const importing: ImportingSpec = {
  trash: {
    columns: 'IsDeleted|Is Deleted|deleted|is_deleted|Archived|Is Archived|Archiviert|Gelöscht',
    values: 'true|1|yes|ja|wahr|oui|vrai|sí|x',
  },
  kinds: [
    {
      columns:
        "Is a company|is_company|Company Type|Is company|Ist ein Unternehmen|Est une société|Es una compañía|Es una empresa|È un'azienda|È una società|É uma empresa|Is een bedrijf",
      of: {
        company:
          'true|1|yes|y|x|company|wahr|ja|oui|vrai|sí|si|vero|sim|verdadero|unternehmen|société|compañía|empresa|azienda',
        person:
          'false|0|no|n|person|individual|contact|falsch|nein|non|faux|falso|não|nee|privatperson|particulier',
      },
      rest: 'person',
    },
  ],
  ties: {
    labels:
      'Label|Labels|Association Label|Association Labels|Association Type|Type|Role|Roles|Relationship|Relation|Contact Role|Beziehung|Rolle|Bezeichnung der Zuordnung|Rôle|Libellé|Rol|Etiqueta',
    ends: 'From ID|To ID|From Object ID|To Object ID|From Record ID|To Record ID|Source ID|Target ID|From|To|ID 1|ID 2|Record ID 1|Record ID 2',
    first: 'Primary|Primary company|Primary contact|contact_to_company_primary|Primär|Primaire|Principal',
    rest: 'Association ID|Association Type ID|Association Category|Category|Type ID|Primary|Is Primary|From Object Type|To Object Type|From Object Type ID|To Object Type ID|Created At|Create Date|Created|Updated At',
  },
  explains:
    'faq|importfaq|instructions|instruction|readme|readmefirst|howto|help|legend|guide|anleitung|hinweise|hilfe|liesmich|legende|instrucciones|istruzioni|aide|modeemploi',
  systems: [
    {
      name: 'salesforce',
      label: 'Salesforce',
      ids: 'longId',
      zone: { timeZone: 'UTC', column: 'SystemModstamp' },
      others: {
        campaigns: 'Campaign|CampaignMember|CampaignMemberStatus',
        'mass e-mails': 'ListEmail|ListEmailRecipientSource|ListEmailSentResult|EmailTemplate',
        'support cases': 'Case|CaseComment|CaseSolution|CaseTeamMember|Solution',
        'documents of quotes': 'QuoteDocument',
        contracts: 'ContractLineItem|ContractContactRole|ServiceContract|Entitlement',
        orders: 'OrderItem',
        assets: 'Asset|AssetRelationship',
        files: 'ContentNote|Document',
        territories:
          'Territory2|Territory2Model|Territory2Type|UserTerritory2Association|ObjectTerritory2Association',
        'links between accounts': 'Partner|AccountPartner|OpportunityPartner',
        'relations of activities': 'TaskRelation|EventRelation|EventWhoRelation|TaskWhoRelation',
      },
      derived:
        '*History|*Feed|*Share|*ChangeEvent|RecordType|ContentDocument|ContentFolder|ContentWorkspace|ContentWorkspaceDoc|Group|GroupMember|UserRole|Profile|PermissionSet|PermissionSetAssignment|FiscalYearSettings|FeedComment|FeedItem|CollaborationGroup|OpportunityFieldHistory|EmailMessageRelation|EntitySubscription|TopicAssignment|StaticResource|ApexClass|UserLicense|LoginHistory|ProcessInstance|BusinessHours|CurrencyType|DatedConversionRate',
      marks:
        'IsDeleted|SystemModstamp|CreatedById|LastModifiedById|OwnerId|AccountId|LeadSource|StageName|MailingStreet|MailingCity|BillingStreet|BillingCity|NumberOfEmployees|AnnualRevenue|LastActivityDate|MasterRecordId|WhoId|WhatId|MobilePhone|IsConverted|Product2Id|Pricebook2Id|*__c|Account ID|Opportunity Name|Account Owner|Opportunity Owner|Mailing Zip/Postal Code|Mailing State/Province|Billing Zip/Postal Code|Billing State/Province|Fiscal Period|Opportunity ID|Company / Account|Lead ID',
    },
    {
      name: 'hubspot',
      label: 'HubSpot',
      marks:
        "Record ID|Associated Company|Associated Company IDs|Associated Contact IDs|Associated Deal IDs|Associated Contact|Associated Deal|Contact owner|Company owner|Deal owner|Lifecycle Stage|Company Domain Name|HubSpot Score|Became a Lead Date|Datensatz-ID|Kontaktinhaber|Lifecycle-Phase|Zugehöriges Unternehmen|ID de la fiche d'informations|Propriétaire du contact|Phase du cycle de vie|Propietario del contacto|Etapa del ciclo de vida|ID de registro|レコードID|コンタクト担当者|ライフサイクルステージ",
      files: 'hubspot',
      between: ';',
      others: {
        tickets: '*tickets',
        quotes: '*quotes',
        'line items': '*line items',
        campaigns: '*campaigns',
        'marketing e-mails': '*marketing emails',
        lists: '*lists',
      },
    },
    {
      name: 'pipedrive',
      label: 'Pipedrive',
      least: 1,
      marks:
        'Person - *|Organization - *|Organisation - *|Deal - *|Activity - *|Lead - *|Product - *|Note - *|Personne - *|Affaire - *|Persona - *|Trato - *|Kontakt - *|Pessoa - *|Negócio - *|Organización - *|Organização - *|Organisatie - *|Persoon - *',
    },
    {
      name: 'zoho',
      label: 'Zoho CRM',
      marks:
        'Lead Owner|Account Owner|Contact Owner|Deal Owner|Record Id|Account Name.id|Account_Name.id|Contact Name.id|Contact_Name.id|Owner.id|Closing Date|Billing Code|Mailing Zip|Shipping Code|Secondary Email|Email Opt Out|Created Time|Modified Time|Last Activity Time|Skype ID',
      least: 3,
      others: {
        campaigns: '*Campaigns',
        'support cases': '*Cases|*Solutions',
        suppliers: '*Vendors',
        'price lists': '*Price Books',
        quotes: '*Quotes',
        orders: '*Sales Orders|*Purchase Orders',
        invoices: '*Invoices',
        files: '*Attachments',
      },
    },
    {
      name: 'odoo',
      label: 'Odoo',
      marks:
        'External ID|Is a company|Related company|Address type|Company Name/External ID|Related Company/External ID|Internal Reference|Tax ID|Salesperson|Expected Revenue|partner_id/id|parent_id/id|country_id/id|user_id/id|stage_id/id|street2|is_company|Can be Sold|Complete Name',
      others: {
        'product categories': '*product categories|product.category',
        invoices: '*account.move|*invoices',
        orders: '*sale.order|*purchase.order',
      },
    },
    {
      name: 'espocrm',
      label: 'EspoCRM',
      marks:
        'accountName|billingAddressStreet|billingAddressCity|addressPostalCode|addressStreet|assignedUserName|assignedUserId|emailAddress|phoneNumber|createdById|salutationName|sicCode|doNotCall|leadSource|opportunityAmountCurrency|amountCurrency',
      least: 3,
    },
    {
      name: 'suitecrm',
      label: 'SuiteCRM or SugarCRM',
      marks:
        'assigned_user_id|assigned_user_name|date_entered|date_modified|modified_user_id|billing_address_street|primary_address_street|primary_address_city|phone_office|phone_work|phone_mobile|account_type|team_id|sales_stage|date_closed|email1|email_address|alt_address_street|campaign_id|report_to_name',
      least: 3,
    },
    {
      name: 'twenty',
      label: 'Twenty',
      marks:
        'Domain / Link URL|Domain / URL|Domain Name / Link URL|Linkedin / Link URL|Phones / Primary Phone Number|Phones / Primary Phone Country Code|Emails / Primary Email|Name / First Name|Name / Last Name|Address / Address Street 1|Address / City|ARR / Amount|Amount / Currency|Company / Id|Creation source|Point of Contact / Id',
    },
    {
      name: 'dynamics',
      label: 'Dynamics 365',
      marks:
        '(Do Not Modify) Account|(Do Not Modify) Contact|(Do Not Modify) Lead|(Do Not Modify) Opportunity|(Do Not Modify) Row Checksum|(Do Not Modify) Modified On|Primary Contact|Address 1: City|Address 1: Street 1|Est. Revenue|Est. Close Date|Potential Customer|Business Phone|Main Phone|Parental Customer|Topic|(Nicht ändern) Kontakt|(Nicht ändern) Firma',
    },
    {
      name: 'nutshell',
      label: 'Nutshell',
      marks:
        'Legacy ID|Territory|Audience|Company type|Address 1|Address 3|Nutshell ID|Lead Description|Market',
      least: 2,
    },
    {
      name: 'google',
      label: 'Google Contacts',
      marks:
        'Given Name|Family Name|Group Membership|E-mail 1 - Value|Phone 1 - Value|Organization 1 - Name|Organization Name|E-mail 1 - Label|Phone 1 - Label|Labels|Name Prefix|Phonetic First Name|Address 1 - Formatted',
      least: 3,
    },
    {
      name: 'outlook',
      label: 'Outlook',
      marks:
        'E-mail Address|E-mail Display Name|Business Phone|Business Street|Business City|Home Street|Company Main Phone|E-mail 2 Address|Web Page|Telefon geschäftlich|E-Mail-Adresse|Weiterer Vorname|Straße geschäftlich|Ort geschäftlich|Mobiltelefon|Tél. (bureau)|Adresse de messagerie|Rue (bureau)|Ville (bureau)|Téléphone mobile',
      least: 3,
    },
  ],
  objects: [
    {
      object: 'company',
      called:
        'company|companies|account|accounts|organization|organizations|organisation|organisations|Unternehmen|Firma|Firmen|Firmy|Organisationen|Entreprise|Entreprises|Société|Sociétés|Empresa|Empresas|Azienda|Aziende|Società|Bedrijf|Bedrijven|Organisatie|Företag|会社|取引先|Organización|Organización - Organizaciones|Organização|res.partner',
      columns: {
        '@id': `${rowId}|Account ID|Account Id|Company ID|Organization ID|(Do Not Modify) Account|(Nicht ändern) Firma|company_id`,
        name: "Name|Company|Company Name|Account Name|Organization|Organisation|Organization Name|Organization name|Display Name|Complete Name|Firma|Firmenname|Name des Unternehmens|Unternehmen|Unternehmensname|Nom|Nom de l'entreprise|Entreprise|Raison sociale|Société|Nombre de la empresa|Nombre|Empresa|Razón social|Ragione sociale|Nome|Nome azienda|Azienda|Nome da empresa|Razão social|Bedrijfsnaam|Bedrijf|Naam|Nazwa|Nazwa firmy|Název|Název firmy|Företag|Företagsnamn|Namn|会社名|取引先名|名前",
        domain:
          'Company Domain Name|Domain|Domain Name|Email Domain|Name der Domain|Nom de domaine|Nombre de dominio|Nome di dominio|Domena|Doména|Domän|ドメイン名',
        website: `${website}|Domain / Link URL|Domain / URL|Domain Name / Link URL|Domain Name / URL`,
        phone:
          'Phone|Phone Number|Main Phone|Company Main Phone|Office Phone|Business Phone|phone_office|phoneNumber|Telephone|Phone - Work|Telefon|Telefonnummer|Tel|Téléphone|Numéro de téléphone|Teléfono|Número de teléfono|Telefono|Telefone|Telefoon|Telefoonnummer|Telefonní číslo|電話|電話番号|Phone Number 1|Phone / Primary Phone Number',
        sector:
          "Industry|Sector|Industry/Sector|Branche|Wirtschaftszweig|Secteur|Secteur d'activité|Sector industrial|Industria|Settore|Setor|Ramo|Bedrijfstak|Branża|Odvětví|Obor|Bransch|業種",
        type: 'Type|Account Type|Company Type|account_type|Relationship Type|Customer Type|Typ|Kontotyp|Type de compte|Tipo|Tipo de cuenta|種別',
        employees:
          "Number of Employees|NumberOfEmployees|No. of Employees|Employees|Employee Count|Anzahl der Mitarbeiter|Mitarbeiter|Mitarbeiterzahl|Nombre d'employés|Effectif|Número de empleados|Empleados|Numero di dipendenti|Dipendenti|Número de funcionários|Aantal medewerkers|Liczba pracowników|Počet zaměstnanců|Antal anställda|従業員数",
        revenue:
          "Annual Revenue|AnnualRevenue|Revenue|annual_revenue|ARR / Amount|Annual Recurring Revenue / Amount|Jahresumsatz|Umsatz|Chiffre d'affaires|Chiffre d'affaires annuel|Ingresos anuales|Facturación|Fatturato|Fatturato annuo|Receita anual|Jaaromzet|Omzet|Roczny przychód|Roční obrat|Omsättning|年間売上|年商",
        'revenue.currency':
          'Currency|CurrencyIsoCode|Currency of Annual revenue|ARR / Currency|Annual Recurring Revenue / Currency|Account Currency|Währung|Devise|Moneda|Valuta|Moeda',
        founded:
          'Year Founded|Founded|Founded in|Gründungsjahr|Année de création|Année de fondation|Año de fundación|Anno di fondazione',
        parent:
          'Parent Account|Parent Company|Related company|Member of|Parent Account Name|Muttergesellschaft|Société mère|Empresa matriz|Parent Account: Account Name|Parent Organization',
        'parent@id':
          'ParentId|Parent Account ID|Parent Account.id|Parent_Account.id|parent_id/id|Parent Company ID',
        owner: `${owner}|Company owner|Account Owner|Organization owner|Zuständiger Mitarbeiter für Unternehmen|Propriétaire de l'entreprise|Propietario de la empresa|Account Owner / Name`,
        'owner@id': ownerId,
        ...addressColumns(
          'address',
          'Billing|Billing Address|billing_address|billingAddress|Address|Address /|Address / Address|Address 1:|Primary Address|Main|Office|Business|Work|Geschäftlich|Bureau|Rechnungsadresse|Rechnungsanschrift|Facturation|Adresse de facturation|Facturación|Fatturazione',
        ),
        ...addressColumns(
          'shippingAddress',
          'Shipping|Shipping Address|shipping_address|shippingAddress|Delivery|Lieferadresse|Lieferanschrift|Livraison|Envío|Spedizione',
          false,
        ),
        vatNumber:
          'VAT|VAT Number|VAT No|VAT ID|VAT Registration Number|Tax ID|Tax Id|vat|USt-IdNr.|USt-IdNr|UID|UID-Nummer|Umsatzsteuer-ID|Numéro de TVA|N° TVA|TVA intracommunautaire|NIF|CIF|NIF-IVA|Partita IVA|الرقم الضريبي',
        tickerSymbol: 'Ticker Symbol|TickerSymbol|Ticker|Börsenkürzel',
        rating: 'Rating|Account Rating|Bewertung',
        customerSince: 'Customer Since|Kunde seit|Client depuis',
        description: `${description}|About Us|Company Description`,
        tags,
        ...made,
        '-': technical,
      },
      match: ['domain', 'name'],
      values: {
        sector: {
          technology:
            'Electronics|Computer Software|Information Technology and Services|IT|Computer Hardware|Technologie',
          software: 'Software Development',
          energy: 'Utilities|Oil & Energy|Energie',
          transport: 'Transportation|Transportation/Trucking/Railroad|Shipping',
          professional: 'Consulting|Management Consulting|Beratung|Accounting|Legal Services',
          finance: 'Banking|Insurance|Financial Services|Finanzen|Banken',
          manufacturing: 'Apparel|Machinery|Chemicals|Produktion|Industrie|Maschinenbau',
          agriculture: 'Food & Beverage|Farming|Landwirtschaft',
          construction: 'Engineering|Bau|Baugewerbe|BTP',
          nonprofit: 'Not For Profit|Non-Profit Organization Management',
          telecommunications: 'Communications|Telecom',
          hospitality: 'Restaurants|Hotels|Gastronomie|Hospitality & Tourism',
          healthcare: 'Healthcare|Hospital & Health Care|Gesundheitswesen|Biotechnology',
          retail: 'Handel|Einzelhandel|Commerce de détail',
        },
        type: {
          customer: 'Customer - Direct|Customer - Channel|Client|Kunde|Cliente|Kund|Klient|顧客',
          partner: 'Channel Partner / Reseller|Installation Partner|Technology Partner|Reseller|Integrator',
          supplier: 'Vendor|Lieferant|Fournisseur|Proveedor|Fornitore',
          prospect: 'Lead|Interessent|Cliente potencial',
          competitor: 'Wettbewerber|Konkurrent|Concurrent',
        },
        rating: { hot: 'A|Heiß|Chaud', warm: 'B', cold: 'C|Kalt|Froid' },
      },
    },
    {
      object: 'person',
      formats: ['vcard'],
      called:
        'person|people|persons|contact|contacts|Personen|Kontakt|Kontakte|Kontakty|Ansprechpartner|Personne|Personnes|Contactos|Contacto|Persona|Personas|Contatti|Contatto|Contatos|Contato|Pessoa|Pessoas|Contacten|Contactpersonen|Persoon|Kontakter|連絡先|取引先責任者|コンタクト|mailing contacts',
      columns: {
        '@id': `${rowId}|Contact ID|Contact Id|Person ID|(Do Not Modify) Contact|(Nicht ändern) Kontakt`,
        'name.given':
          'First Name|FirstName|first_name|Given Name|Forename|Name / First Name|Vorname|Prénom|Nombre|Nombre de pila|Nome|Primeiro nome|Voornaam|Imię|Jméno|Křestní jméno|Förnamn|名|First name',
        'name.family':
          'Last Name|LastName|last_name|Family Name|Surname|Name / Last Name|Nachname|Familienname|Zuname|Nom|Nom de famille|Apellidos|Apellido|Cognome|Sobrenome|Apelido|Achternaam|Nazwisko|Příjmení|Efternamn|姓|Last name',
        'name.middle':
          'Middle Name|MiddleName|Additional Name|Second Name|Weiterer Vorname|Zweiter Vorname|Deuxième prénom|Tussenvoegsel',
        'name.prefix':
          'Salutation|Prefix|Name Prefix|Title Prefix|salutationName|Anrede|Titel|Civilité|Titre|Tratamiento|Saludo|Titolo|Tratamento|Aanhef|Oslovení|Tilltal|敬称|Honorific',
        'name.suffix': 'Suffix|Name Suffix|Namenszusatz',
        name: 'Name|Full Name|Contact Name|Formatted name|Display Name|Complete Name|Person|Vollständiger Name|Nom complet|Nombre completo|Nome completo|Volledige naam|Imię i nazwisko|Celé jméno|Fullständigt namn|氏名|名前|Contact|Kontaktname|Contact|E-mail Display Name',
        email:
          'Email|E-mail|Email Address|E-mail Address|Primary Email|Emails / Primary Email|Email - Work|Email (Work)|E-mail 1 - Value|E-mail 1 Address|Work Email|email1|email_address|emailAddress|email_work|E-Mail-Adresse|E-Mail|Emailadresse|E-Mail (geschäftlich)|E-mail - Travail|Adresse e-mail|Adresse de messagerie|Courriel|Correo|Correo electrónico|Correo - Trabajo|Indirizzo e-mail|Indirizzo email|Endereço de e-mail|E-mailadres|Adres e-mail|E-mailová adresa|E-postadress|E-post|メール|メールアドレス|Eメール|Email - Home|Email (Home)|Email - Other|email_home|email_other|Email 1',
        phone:
          'Phone|Phone Number|Business Phone|Work Phone|Office Phone|Phone - Work|Phone (Work)|Phone 1 - Value|phone_work|phoneNumber|Phones / Primary Phone Number|Primary Phone|Telephone|Direct Phone|Telefon|Telefonnummer|Telefon geschäftlich|Telefon (geschäftlich)|Tel|Téléphone|Numéro de téléphone|Tél. (bureau)|Téléphone - Travail|Teléfono|Número de teléfono|Teléfono - Trabajo|Telefono|Numero di telefono|Telefone|Número de telefone|Telefoon|Telefoonnummer|Numer telefonu|Telefonní číslo|電話|電話番号|Phone - Home|phone_home|Phone - Other|phone_other|Phone 1|Company Main Phone',
        mobile:
          'Mobile|Mobile Phone|MobilePhone|Mobile Phone Number|Mobile Number|Cell|Cell Phone|Phone - Mobile|phone_mobile|Phone (Mobile)|Handy|Mobil|Mobiltelefon|Mobiltelefonnummer|Mobilnummer|Téléphone mobile|Numéro de téléphone mobile|Portable|Móvil|Teléfono móvil|Número de teléfono móvil|Cellulare|Celular|Telemóvel|Mobiel|Mobiele telefoon|Komórka|Telefon komórkowy|Mobilní telefon|携帯電話|携帯電話番号',
        jobTitle:
          'Job Title|Title|Position|Role|Function|Job Position|Organization Title|Organization 1 - Title|jobTitle|Berufsbezeichnung|Position (Beruf)|Funktion|Stellenbezeichnung|Intitulé du poste|Fonction|Poste|Cargo|Puesto|Qualifica|Posizione|Qualifica professionale|Functie|Functietitel|Stanowisko|Pozice|Pracovní pozice|Befattning|役職',
        department:
          'Department|Organization Department|Organization 1 - Department|Abteilung|Service|Département (service)|Departamento|Reparto|Dipartimento|Afdeling|Dział|Oddělení|Avdelning|部署',
        company:
          "Associated Company (Primary)|Associated Company|Company|Company Name|Account Name|Account|account_name|accountName|Organization|Organisation|Organization Name|Organization 1 - Name|Employer|Related Company|Parental Customer|Company / Name|Firma|Firmenname|Unternehmen|Unternehmensname|Name des Unternehmens|Zugehöriges Unternehmen|Entreprise|Société|Nom de l'entreprise|Empresa|Nombre de la empresa|Azienda|Società|Nome azienda|Nome da empresa|Bedrijf|Bedrijfsnaam|Organisatie|Nazwa firmy|Firmy|Společnost|Företag|会社名|会社|取引先名|Account Name: Account Name|Organización|Organização|company_name",
        'company@id':
          'Associated Company IDs (primary)|AccountId|Account ID|account_id|accountId|Company ID|company_id|Organization ID|Associated Company IDs|Associated Company ID|Account Name.id|Account_Name.id|Related Company/External ID|Company Name/External ID|parent_id/id|Company / Id|Zugehörige Unternehmens-ID',
        reportsTo: "Reports To|report_to_name|Manager|Manager's Name|Vorgesetzter|Responsable hiérarchique",
        'reportsTo@id': 'ReportsToId|reports_to_id|Reports To ID',
        owner: `${owner}|Contact owner|Person owner|Kontaktinhaber|Zuständiger Mitarbeiter für Kontakt|Propriétaire du contact|Propietario del contacto|Proprietario del contatto|Proprietário do contato|Contactpersoon-eigenaar|コンタクト担当者`,
        'owner@id': ownerId,
        lifecycle:
          'Lifecycle Stage|Lifecycle|Contact Type|Lifecycle-Phase|Phase du cycle de vie|Etapa del ciclo de vida|Fase del ciclo di vita|Estágio do ciclo de vida|Levenscyclusfase|ライフサイクルステージ',
        source,
        ...addressColumns(
          'address',
          'Mailing|Mailing Address|Primary Address|primary_address|Address|Address /|Address / Address|Address 1:|Address 1 -|Business|Business Address|Postal Address|Home|Work|Geschäftlich|Postanschrift|Bureau|Domicile|Correspondencia|Postal address',
        ),
        birthday:
          'Birthday|Birthdate|Birth Date|Date of Birth|Geburtstag|Geburtsdatum|Anniversaire|Date de naissance|Cumpleaños|Fecha de nacimiento|Compleanno|Data di nascita|Data de nascimento|Verjaardag|Geboortedatum|Data urodzenia|Datum narození|Födelsedag|誕生日|生年月日',
        website,
        language:
          'Language|Preferred language|Sprache|Bevorzugte Sprache|Langue|Idioma|Lingua|Taal|Język|Jazyk|Språk|言語',
        timeZone: 'Time Zone|Timezone|Zeitzone|Fuseau horaire|Zona horaria|Fuso orario|タイムゾーン',
        doNotCall:
          'Do Not Call|DoNotCall|do_not_call|Do not allow Phone Calls|Nicht anrufen|Ne pas appeler|No llamar',
        doNotEmail:
          'Email Opt Out|Email Opt-Out|HasOptedOutOfEmail|Opted out of email|Unsubscribed from all email|email_opt_out|Do not allow Emails|Unsubscribed|Von allen E-Mails abgemeldet|Désinscrit de tous les e-mails|E-Mail-Abmeldung|Keine E-Mails',
        description,
        tags,
        ...origins,
        ...made,
        '-': technical,
      },
      match: ['email'],
      same: ['name', 'company'],
      told: { company: { of: ['email'], by: 'domain', take: 'domain' } },
      links: { company: { create: true } },
      further: { company: 'companies' },
      alone: 'company',
      values: {
        source: sourceWords.values,
        lifecycle: {
          subscriber: 'Abonnent|Abonné|Suscriptor',
          lead: 'Marketing Qualified Lead|Sales Qualified Lead|marketingqualifiedlead|salesqualifiedlead|MQL|SQL|Prospect|リード',
          customer: 'Evangelist|Kunde|Client|Cliente|顧客',
          opportunity: 'Opportunité|Oportunidad',
        },
      },
    },
    {
      object: 'person',
      byName: true,
      mode: 'update',
      called: 'AccountContactRelation|AccountContactRole|Account Contact Relationships|accounts_contacts',
      columns: {
        '@id': 'ContactId|Contact ID|contact_id',
        'company@id': 'AccountId|Account ID|account_id',
        'company.role': 'Roles|Role',
        'company.since': 'StartDate|Start Date',
        'company.until': 'EndDate|End Date',
        '-': `${technical}|${rowId}|IsDirect|IsActive|IsPrimary|${Object.values(made).join('|')}`,
      },
      links: { company: { missing: 'empty', add: true } },
      further: { company: 'companies' },
    },
  ],
};
