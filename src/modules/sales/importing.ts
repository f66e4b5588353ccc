/** What other systems call leads, deals and products. */
import type { ImportingSpec } from '../../engine/index.ts';
import { addressColumns, importWords } from '../people/module.ts';

const { description, made, origins, owner, ownerId, rowId, source, tags, technical, website } = importWords;

export const importing: ImportingSpec = {
  objects: [
    {
      object: 'deal',
      called:
        'deal|deals|opportunity|opportunities|potentials|crm lead pipeline|Geschäft|Geschäfte|Verkaufschance|Verkaufschancen|Opportunité|Opportunités|Affaire|Affaires|Transactions|Oportunidad|Oportunidades|Negocio|Negocios|Trato|Tratos|Opportunità|Trattativa|Trattative|Negócio|Negócios|Verkoopkans|Verkoopkansen|Szanse|Szansa|Příležitosti|Obchody|Affär|Affärer|取引|商談|案件',
      columns: {
        '@id': `${rowId}|Deal ID|Opportunity ID|(Do Not Modify) Opportunity|opportunity_id`,
        name: "Deal Name|Opportunity Name|Title|Name|Subject|Topic|Potential Name|Opportunity|Deal|Deal Title|Dealname|Name des Deals|Geschäftsname|Bezeichnung|Titel|Nom de la transaction|Nom de l'affaire|Nom de l'opportunité|Titre|Nombre del negocio|Nombre de la oportunidad|Título|Nome trattativa|Nome opportunità|Titolo|Nome do negócio|Dealnaam|Naam verkoopkans|Nazwa szansy|Název příležitosti|Název obchodu|Affärsnamn|取引名|商談名|案件名|Deal Name *",
        company:
          'Account Name|Account|Company|Company Name|Organization|Organisation|Associated Company|Potential Customer|Customer|account_name|accountName|Company / Name|Partner|Zugehöriges Unternehmen|Firma|Unternehmen|Kunde|Entreprise|Société|Compte|Empresa|Cuenta|Azienda|Cliente|Bedrijf|Firmy|Klient|Společnost|Zákazník|Företag|Kund|会社名|会社|取引先名|Organización|Organização',
        'company@id':
          'AccountId|Account ID|account_id|accountId|Organization ID|Company ID|company_id|Associated Company IDs|Associated Company ID|Associated Company IDs (Primary)|Account Name.id|Account_Name.id|partner_id/id|Company / Id|Customer/External ID',
        contacts:
          'Contact Name|Contact|Contact person|Person|Primary Contact|Associated Contact|Contacts|Point of Contact|Contact Person Name|contactName|Kontakt|Kontaktperson|Ansprechpartner|Zugehöriger Kontakt|Contact associé|Contacto|Contatto|Contato|Contactpersoon|連絡先|Kontaktní osoba|contact_ids',
        'contacts@id':
          'ContactId|Contact ID|contact_id|contactId|Contact person ID|Associated Contact IDs|Person ID|Contact Name.id|Contact_Name.id|Point of Contact / Id',
        amount:
          'Amount|Value|Deal Value|Deal Amount|Est. Revenue|Expected Revenue (planned)|Amount / Amount|Total|Opportunity Amount|amount|Betrag|Dealwert|Wert|Deal-Wert|Auftragswert|Volumen|Montant|Montant de la transaction|Valeur|Importe|Valor|Cantidad|Importo|Valore|Quantia|Bedrag|Waarde|Kwota|Wartość|Částka|Hodnota|Belopp|Värde|金額|取引金額',
        'amount?': 'Expected Revenue',
        'amount.currency':
          'Currency|Currency of Value|Deal Currency Code|CurrencyIsoCode|Amount / Currency|Amount Currency|amountCurrency|currency_name|Deal currency|Währung|Devise|Moneda|Valuta|Moeda|Waluta|Měna|通貨',
        pipeline:
          'Pipeline|Deal Pipeline|Sales Team|Sales Pipeline|Vertriebspipeline|Pipeline de ventas|パイプライン',
        stage:
          'Stage|StageName|Deal Stage|sales_stage|Sales Stage|Pipeline Phase|Opportunity Stage|Phase|Dealphase|Deal-Phase|Stufe|Verkaufsphase|Étape|Étape de la transaction|Phase de la transaction|Etapa|Etapa del negocio|Etapa de ventas|Fase|Fase della trattativa|Fase do negócio|Dealfase|Etap|Fáze|Fas|取引ステージ|フェーズ|ステージ',
        probability:
          'Probability|Probability (%)|Deal Probability|Win Probability|Likelihood to close|Wahrscheinlichkeit|Wahrscheinlichkeit (%)|Probabilité|Probabilité (%)|Probabilidad|Probabilità|Probabilidade|Kans|Prawdopodobieństwo|Pravděpodobnost|Sannolikhet|確度',
        openedOn: 'Opened|Opened on|Start Date|Eröffnet am',
        closeDate:
          'Close Date|CloseDate|Closing Date|Expected close date|Expected Closing|Est. Close Date|date_closed|Expected Close|closeDate|Abschlussdatum|Schlusstermin|Erwartetes Abschlussdatum|Date de fermeture|Date de clôture|Date de clôture prévue|Fecha de cierre|Fecha de cierre prevista|Data di chiusura|Data de fechamento|Sluitingsdatum|Data zamknięcia|Datum uzavření|Slutdatum|クローズ日|完了予定日',
        owner: `${owner}|Deal owner|Opportunity Owner|Deal Owner Name|Deal-Inhaber|Zuständiger Mitarbeiter für Deal|Propriétaire de la transaction|Propietario del negocio|取引担当者`,
        'owner@id': ownerId,
        nextStep:
          'Next Step|NextStep|next_step|Nächster Schritt|Prochaine étape|Próximo paso|Passo successivo|次のステップ',
        source: source.names,
        lostReason:
          'Lost reason|Loss Reason|Closed Lost Reason|Reason for Loss|Status Reason|Verlustgrund|Grund für Verlust|Motif de perte|Raison de perte|Motivo de pérdida|Motivo perdita|Reden van verlies|失注理由',
        description: `${description}|Deal Description`,
        tags,
        ...made,
        '-': `${technical}|IsClosed|IsWon|Weighted value|Currency of Weighted value|Weighted amount|ForecastCategory|ForecastCategoryName|Forecast Category|FiscalYear|FiscalQuarter|Fiscal Period|Fiscal|HasOpportunityLineItem|StageSortOrder|Days to close|Is Closed|Is Won|Is Deal Closed?|Age|Closed|Won|Status|Status (Pipedrive)|Prorated Revenue|IsPrivate|LastStageChangeDate|Last stage change|HasOpenActivity|HasOverdueTask|PushCount|amount_usdollar|amountConverted|amountWeightedConverted|Pricebook2Id|SyncedQuoteId|ContractId|LastAmountChangedHistoryId|LastCloseDateChangedHistoryId`,
      },
      links: {
        company: { create: true },
        pipeline: { create: true, missing: 'fail' },
        stage: { create: true, missing: 'fail', with: 'pipeline' },
      },
      values: {
        source: source.values,
        stage: {
          Won: 'Closed Won|Closed - Won|closedwon|Gewonnen|Gagné|Gagnée|Fermée gagnée|Ganado|Ganada|Cierre ganado|Vinto|Ganho|Wygrana|Vyhráno|Vunnen|成約|受注',
          Lost: 'Closed Lost|Closed - Lost|closedlost|Verloren|Perdu|Perdue|Fermée perdue|Perdido|Perdida|Cierre perdido|Perso|Przegrana|Prohráno|Förlorad|失注',
        },
        lostReason: {
          price: 'Too expensive|Budget|Zu teuer|Trop cher|Preis',
          competitor: 'Lost to Competitor|Wettbewerber|Concurrent',
          timing: 'Bad timing|Zeitpunkt',
          noAnswer: 'No response|Keine Antwort',
        },
      },
    },
    {
      object: 'deal',
      byName: true,
      mode: 'update',
      called:
        'OpportunityContactRole|Opportunity Contact Roles|opportunities_contacts|deal_contacts|deals_contacts|DealContactRole|Deal Contact Roles|contact_opportunity',
      columns: {
        '@id': 'OpportunityId|Opportunity ID|opportunity_id|Deal ID|deal_id',
        'contacts@id': 'ContactId|Contact ID|contact_id|Person ID|person_id',
        'contacts.role': 'Role|contact_role|Contact Role',
        '-': `${technical}|${rowId}|IsPrimary|${Object.values(made).join('|')}`,
      },
      links: { contacts: { missing: 'empty', add: true } },
    },
    {
      object: 'dealLine',
      byName: true,
      called: 'OpportunityLineItem|Opportunity Product|Opportunity Products|Line Item|Line Items|line_items',
      columns: {
        '@id': rowId,
        'deal@id': 'OpportunityId|Opportunity ID|Associated Deal IDs|Associated Deal ID',
        'product@id': 'Product2Id|Product ID',
        name: 'Name|Product Name',
        quantity: 'Quantity',
        price: 'UnitPrice|Sales Price|Unit Price',
        'price.currency': 'CurrencyIsoCode|Currency',
        ...made,
        '-': `${technical}|TotalPrice|ListPrice|Subtotal|PricebookEntryId|ProductCode|SortOrder`,
      },
      links: { deal: { missing: 'fail' } },
    },
    {
      object: 'lead',
      called:
        'lead|leads|Leads und Anfragen|Interessenten|Interessent|Prospects|Pistes|Piste|Piste commerciale|Clientes potenciales|Posibles clientes|Lead (it)|Oportunidades potenciais|Potencjalni klienci|リード|見込み客|crm lead',
      columns: {
        '@id': `${rowId}|Lead ID|Lead Id|(Do Not Modify) Lead|lead_id`,
        'name.given':
          'First Name|FirstName|first_name|Given Name|Forename|Vorname|Prénom|Nombre|Nome|Voornaam|Imię|Jméno|Förnamn|名',
        'name.family':
          'Last Name|LastName|last_name|Family Name|Surname|Nachname|Nom|Nom de famille|Apellidos|Cognome|Sobrenome|Achternaam|Nazwisko|Příjmení|Efternamn|姓',
        'name.middle': 'Middle Name|MiddleName',
        'name.prefix': 'Salutation|salutationName|Anrede|Civilité|Tratamiento|Titolo|敬称',
        'name.suffix': 'Suffix',
        name: 'Lead Name|Name|Full Name|Contact Name|Contact|Lead|氏名|Vollständiger Name',
        companyName:
          'Company|Company Name|Company / Account|Account Name|account_name|accountName|Organization|Organisation|Employer|Firma|Unternehmen|Entreprise|Société|Empresa|Compañía|Azienda|Società|Bedrijf|Firmy|Společnost|Företag|会社|会社名',
        jobTitle:
          'Title|Job Title|Job Position|Position|Function|Titel|Fonction|Poste|Cargo|Puesto|Qualifica|Functie|Stanowisko|役職',
        email:
          'Email|E-mail|Email Address|Primary Email|Email from|email1|email_address|emailAddress|E-Mail|E-Mail-Adresse|Adresse e-mail|Correo electrónico|Indirizzo e-mail|Endereço de e-mail|E-mailadres|メール|メールアドレス',
        phone:
          'Phone|Phone Number|Business Phone|Work Phone|phone_work|phoneNumber|Telefon|Telefonnummer|Téléphone|Teléfono|Telefono|Telefone|Telefoon|電話|電話番号|Telephone|Mobile|Mobile Phone|Cell|Cell Phone|MobilePhone|phone_mobile|Mobil|Móvil',
        website,
        ...addressColumns('address', 'Mailing|Primary Address|primary_address|Address|Address 1:|Lead'),
        status:
          'Lead Status|Status|Stage|Lead-Status|Leadstatus|Statut|Statut de la piste|Estado|Estado del cliente potencial|Stato|Stato lead|リード状況|ステータス',
        source: source.names,
        estimate:
          'Estimated Value|Estimated Amount|Expected Revenue|Opportunity Amount|opportunity_amount|Est. Value|Value|Geschätzter Wert|Valeur estimée|opportunityAmount',
        'estimate.currency': 'Currency|CurrencyIsoCode|opportunityAmountCurrency|Currency of Value',
        owner: `${owner}|Lead Owner|Lead-Inhaber|Propriétaire de la piste|Propietario de cliente potencial`,
        'owner@id': ownerId,
        description,
        ...origins,
        convertedAt: 'ConvertedDate|Converted Date|Date Converted|Conversion date',
        'company@id': 'ConvertedAccountId|Converted Account ID',
        'person@id': 'ConvertedContactId|Converted Contact ID',
        'deal@id': 'ConvertedOpportunityId|Converted Opportunity ID',
        ...made,
        '-': `${technical}|IsConverted|Converted|Is Converted|Converted Account|Converted Contact|Converted Opportunity`,
      },
      match: ['email'],
      values: {
        source: source.values,
        status: {
          new: 'Open - Not Contacted|Open|Not Contacted|Neu|Offen|Nouveau|Nouvelle|Nuevo|Nuovo|Novo|Nieuw|未対応|Attempted to Contact|Assigned',
          working:
            'Working - Contacted|Contacted|In Progress|In Process|Kontaktiert|In Bearbeitung|Contacté|Contactado|対応中|Contact in Future|Connected',
          qualified: 'Pre-Qualified|Qualifiziert|Qualifié|Calificado|Open Deal',
          disqualified:
            'Closed - Not Converted|Unqualified|Not Qualified|Junk Lead|Lost Lead|Dead|Recycled|Disqualifiziert|Bad Timing|Unqualifiziert|Disqualifié',
          converted: 'Closed - Converted|Konvertiert|Converti|Convertido',
        },
      },
    },
    {
      object: 'product',
      called:
        'product|products|product2|Produkt|Produkte|Produits|Produit|Productos|Producto|Prodotti|Prodotto|Produtos|Producten|Produkty|Produkter|商品|製品',
      columns: {
        '@id': `${rowId}|Product ID|Product Id`,
        name: 'Product Name|Name|Product|Produktname|Bezeichnung|Nom du produit|Nom|Nombre del producto|Nome prodotto|Nome do produto|Productnaam|Nazwa produktu|Název produktu|Produktnamn|製品名|商品名',
        code: 'Product Code|ProductCode|SKU|Code|Internal Reference|Article Number|Item Number|Produktcode|Artikelnummer|Référence|Código de producto|Codice prodotto|製品コード',
        family:
          'Product Family|Family|Category|Product Category|Kategorie|Produktfamilie|Catégorie|Categoría|Categoria|Product Type',
        price:
          'Price|Unit Price|UnitPrice|Sale Price|List Price|Sales Price|Preis|Einzelpreis|Prix|Prix unitaire|Precio|Prezzo|Preço|Prijs|Cena|Pris|価格|単価',
        'price.currency': 'Currency|CurrencyIsoCode|Währung|Devise|Moneda|Valuta',
        active: 'Active|IsActive|Product Active|Aktiv|Actif|Activo|Attivo|Ativo',
        description,
        ...made,
        '-': technical,
      },
      match: ['code', 'name'],
    },
  ],
};
