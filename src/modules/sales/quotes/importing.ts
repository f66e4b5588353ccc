/** What other systems call quotes, price books, orders, contracts and subscriptions: Salesforce's names, and those of exports. */
import type { ImportingSpec } from '../../../engine/index.ts';
import { importWords } from '../../people/module.ts';

const { description, made, owner, ownerId, rowId, technical } = importWords;
const company =
  'Account Name|Account|Company|Company Name|Customer|Organization|Firma|Kunde|Entreprise|Cliente';
const companyId = 'AccountId|Account ID|account_id|Company ID|Organization ID';
const currency = 'CurrencyIsoCode|Currency|Währung|Devise|Moneda';
const start = 'StartDate|Start Date|Contract Start Date|Start|Beginn';
const end = 'EndDate|End Date|Contract End Date|Ende';

export const quotesImporting: ImportingSpec = {
  objects: [
    {
      object: 'quote',
      called: 'Quote|Quotes|Quotation|Quotations|Angebot|Angebote|Devis|Presupuesto|Presupuestos',
      columns: {
        '@id': `${rowId}|Quote ID|QuoteId`,
        name: 'Quote Name|Name|Subject|Angebotsname',
        number: 'QuoteNumber|Quote Number|Quotation Number|Angebotsnummer',
        'deal@id': 'OpportunityId|Opportunity ID|Deal ID',
        company,
        'company@id': companyId,
        'contact@id': 'ContactId|Contact ID',
        validUntil: 'ExpirationDate|Expiration Date|Valid Until|Gültig bis',
        net: 'TotalPrice|Total Price|Net Amount|Untaxed Amount',
        tax: 'Tax|Tax Amount',
        gross: 'GrandTotal|Grand Total|Total',
        'gross.currency': currency,
        owner,
        'owner@id': ownerId,
        intro: description,
        status: 'Status|Quote Status|Angebotsstatus',
        ...made,
        '-': `${technical}|IsSyncing|Discount|Subtotal|LineItemCount|Pricebook2Id|ShippingHandling|ContractId`,
      },
      values: {
        status: {
          draft: 'Needs Review|In Review|Rejected|In Progress',
          sent: 'Presented|Submitted',
          accepted: 'Signed|Won',
          declined: 'Denied|Lost',
        },
      },
    },
    {
      object: 'quoteLine',
      byName: true,
      called: 'QuoteLineItem|Quote Line Item|Quote Line Items|QuoteLine|Quote Lines',
      columns: {
        '@id': rowId,
        'quote@id': 'QuoteId|Quote ID',
        'product@id': 'Product2Id|Product ID',
        name: 'Product Name|Name|Description',
        quantity: 'Quantity',
        price: 'UnitPrice|Unit Price|Sales Price',
        'price.currency': currency,
        discountPercent: 'Discount|Discount %',
        taxRate: 'Tax Rate|Tax %|VAT %',
        position: 'SortOrder|LineNumber|Line Number',
        ...made,
        '-': `${technical}|TotalPrice|ListPrice|Subtotal|PricebookEntryId|OpportunityLineItemId`,
      },
      links: { quote: { missing: 'fail' } },
    },
    {
      object: 'priceBook',
      byName: true,
      called: 'Pricebook2|Price Book|Price Books|PriceList|Price List',
      columns: {
        '@id': rowId,
        name: 'Name|Price Book Name|PriceList Name',
        currency,
        validFrom: 'ValidFrom|Valid From',
        validUntil: 'ValidTo|Valid To',
        active: 'IsActive|Active',
        ...made,
        '-': `${technical}|IsStandard|Description|IsArchived`,
      },
    },
    {
      object: 'priceBookEntry',
      byName: true,
      called: 'PricebookEntry|Price Book Entry|Price Book Entries|PriceList Items',
      columns: {
        '@id': rowId,
        'priceBook@id': 'Pricebook2Id|Price Book ID',
        'product@id': 'Product2Id|Product ID',
        name: 'Name|Product Name',
        price: 'UnitPrice|List Price|Price',
        'price.currency': currency,
        ...made,
        '-': `${technical}|IsActive|UseStandardPrice|ProductCode|IsArchived`,
      },
      links: { priceBook: { missing: 'fail' }, product: { missing: 'fail' } },
    },
    {
      object: 'order',
      byName: true,
      called: 'Order|Orders|SalesOrder|Sales Order|Sales Orders',
      columns: {
        '@id': rowId,
        name: 'Name|Order Name|Subject',
        number: 'OrderNumber|Order Number|Order Reference|Auftragsnummer',
        company,
        'company@id': companyId,
        'deal@id': 'OpportunityId|Opportunity ID',
        orderedOn: 'EffectiveDate|Order Date|Order Start Date|Bestelldatum',
        gross: 'TotalAmount|Total|Order Amount|Amount',
        'gross.currency': currency,
        owner,
        'owner@id': ownerId,
        ...made,
        '-': `${technical}|Status|StatusCode|Pricebook2Id|Type|ContractId|QuoteId`,
      },
    },
    {
      object: 'contract',
      byName: true,
      called: 'Contract|Contracts|Vertrag|Verträge|Contrat|Contrats|Contrato|Contratos',
      columns: {
        '@id': rowId,
        name: 'Name|Contract Name|Title',
        number: 'ContractNumber|Contract Number|Vertragsnummer',
        company,
        'company@id': companyId,
        start,
        end,
        termMonths: 'ContractTerm|Contract Term|Contract Term (months)|Term in months',
        owner,
        'owner@id': ownerId,
        ...made,
        '-': `${technical}|Status|StatusCode|OwnerExpirationNotice|ActivatedDate|CompanySignedDate|Description`,
      },
    },
    {
      object: 'subscription',
      byName: true,
      called: 'Subscription|Subscriptions|Abonnement|Abonnements|Suscripciones',
      columns: {
        '@id': `${rowId}|Subscription ID`,
        name: 'Name|Subscription Name|Title|Plan',
        company,
        'company@id': companyId,
        start,
        end,
        monthly: 'MRR|Monthly Recurring Revenue|Deal MRR',
        'monthly.currency': currency,
        owner,
        'owner@id': ownerId,
        ...made,
        '-': `${technical}|ARR|ACV|Annual Recurring Revenue|Annual Contract Value|Status`,
      },
    },
  ],
};
