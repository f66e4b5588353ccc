import type { ModuleArea } from '../../../engine/index.ts';
import { acceptQuote, declineQuote, orderQuote } from './acceptance.ts';
import {
  amendSubscription,
  cancelContract,
  cancelSubscription,
  contractOrder,
  renewals,
  renewContract,
} from './contract-verbs.ts';
import { quotesImporting } from './importing.ts';
import { quoteNews } from './news.ts';
import {
  Contract,
  DocumentNumber,
  NumberSeries,
  Order,
  OrderLine,
  Subscription,
  SubscriptionLine,
} from './order.ts';
import { otherBooksReport } from './other-books.ts';
import { BundleItem, PriceBook, PriceBookEntry, TaxRate } from './price-book.ts';
import { priceReport } from './pricing.ts';
import { DealLine, Product } from './product.ts';
import { Approval, ApprovalRule, Quote, QuoteLine } from './quote.ts';
import { mailQuote, quoteLinkReport, quotePage } from './quote-page.ts';
import {
  approveQuote,
  quoteDeal,
  rejectQuote,
  reviseQuote,
  sendQuote,
  submitQuote,
  writeQuote,
} from './quote-verbs.ts';
import { recurringReport, revenueRecordsReport } from './recurring.ts';
import { offerRenewal, renewalsReport } from './renewals.ts';
import { revenueReport } from './revenue.ts';
import { QuoteTemplate } from './template.ts';
import { templatePreview } from './template-preview.ts';
import { acceptedTotals, quoteTotals } from './totals.ts';

/** What customers are offered, what they order, and what comes of it year after year. */
export const quotes: ModuleArea = {
  objects: [
    Product,
    DealLine,
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
    offerRenewal,
    cancelContract,
    amendSubscription,
    cancelSubscription,
  ],
  jobs: [mailQuote],
  watches: [quoteTotals, acceptedTotals, quoteNews, renewals],
  links: [quotePage],
  importing: [quotesImporting],
  reports: [
    priceReport,
    otherBooksReport,
    quoteLinkReport,
    templatePreview,
    revenueReport,
    recurringReport,
    revenueRecordsReport,
    renewalsReport,
  ],
};
