import { type Context, create, defineModule } from '../../engine/index.ts';
import { Deal } from './deals/deal.ts';
import { loseDeal, moveDeal, reopenDeal, winDeal } from './deals/deal-verbs.ts';
import { ageDeals, Pipeline, Stage } from './deals/pipeline.ts';
import { salesDemo } from './demo.ts';
import { expectedReport } from './forecast/expected.ts';
import { forecastReport } from './forecast/forecast.ts';
import { ForecastAdjustment, Quota } from './forecast/quota.ts';
import { importing } from './importing.ts';
import { convertLead, disqualifyLead, Lead } from './leads/lead.ts';
import { acceptQuote, declineQuote, orderQuote } from './quotes/acceptance.ts';
import {
  amendSubscription,
  cancelContract,
  cancelSubscription,
  contractOrder,
  renewals,
  renewContract,
} from './quotes/contract-verbs.ts';
import { quoteTotals } from './quotes/draft.ts';
import { quotesImporting } from './quotes/importing.ts';
import {
  Contract,
  DocumentNumber,
  NumberSeries,
  Order,
  OrderLine,
  Subscription,
  SubscriptionLine,
} from './quotes/order.ts';
import { BundleItem, PriceBook, PriceBookEntry, TaxRate } from './quotes/price-book.ts';
import { priceReport } from './quotes/pricing.ts';
import { DealLine, Product } from './quotes/product.ts';
import { Approval, ApprovalRule, Quote, QuoteLine } from './quotes/quote.ts';
import { mailQuote, quoteLinkReport, quotePage } from './quotes/quote-page.ts';
import {
  approveQuote,
  quoteDeal,
  rejectQuote,
  reviseQuote,
  sendQuote,
  submitQuote,
  writeQuote,
} from './quotes/quote-verbs.ts';
import { revenueReport } from './quotes/revenue.ts';
import { QuoteTemplate } from './quotes/template.ts';

const quoting = {
  objects: [
    Quote,
    QuoteLine,
    Order,
    OrderLine,
    Contract,
    Subscription,
    SubscriptionLine,
    PriceBook,
    PriceBookEntry,
    BundleItem,
    TaxRate,
    ApprovalRule,
    Approval,
    QuoteTemplate,
    NumberSeries,
    DocumentNumber,
  ],
  verbs: [
    quoteDeal,
    writeQuote,
    sendQuote,
    submitQuote,
    approveQuote,
    rejectQuote,
    acceptQuote,
    declineQuote,
    orderQuote,
    reviseQuote,
    contractOrder,
    renewContract,
    cancelContract,
    amendSubscription,
    cancelSubscription,
  ],
  reports: [priceReport, quoteLinkReport, revenueReport],
};

export const sales = defineModule({
  name: 'sales',
  objects: [Lead, Deal, Pipeline, Stage, Product, DealLine, Quota, ForecastAdjustment, ...quoting.objects],
  importing: [importing, quotesImporting],
  verbs: [moveDeal, winDeal, loseDeal, reopenDeal, convertLead, disqualifyLead, ...quoting.verbs],
  jobs: [ageDeals, mailQuote],
  watches: [quoteTotals, renewals],
  links: [quotePage],
  reports: [forecastReport, expectedReport, ...quoting.reports],
  seed: firstPipeline,
  demo: salesDemo,
});

/** What a new workspace starts with: the stages most teams end up with. */
async function firstPipeline(ctx: Context) {
  const pipeline = await create(ctx, 'pipeline', { name: 'Sales' });
  const stages = [
    ['Prospecting', 'open', '10', 'pipeline'],
    ['Qualified', 'open', '25', 'pipeline'],
    ['Proposal', 'open', '50', 'bestCase'],
    ['Negotiation', 'open', '75', 'commit'],
    ['Won', 'won', '100', 'closed'],
    ['Lost', 'lost', '0', 'omitted'],
  ];
  for (const [position, [name, kind, probability, forecastCategory]] of stages.entries()) {
    await create(ctx, 'stage', {
      name: name!,
      pipeline,
      position,
      kind: kind!,
      probability: Number(probability),
      forecastCategory: forecastCategory!,
    });
  }
}

export { Deal, DealLine, Lead, Pipeline, Product, Stage };
