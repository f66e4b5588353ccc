import { Type } from 'typebox';
import {
  type Aggregate,
  type Cell,
  type Field,
  type FieldType,
  type Json,
  type Operator,
  type ParseScope,
  Refusal,
  refuse,
  type Sql,
  sql,
} from '../engine/index.ts';
import { declared } from './declare.ts';
import { comparison, counts, emptiness, equality, type Operators, type Scalar } from './operators.ts';
import {
  compareNumerals,
  longestNumeral,
  machineNumeral,
  numeralOf,
  readNumeral,
  showNumeral,
} from './reading.ts';

/** An exact amount and its currency (ISO 4217). */
export type Money = { amount: string; currency: string };

export interface MoneyOptions {
  /** Currency of amounts written without one. Default: the workspace's. */
  currency?: string;
}

/** An operand: without a currency it compares amounts whatever theirs. */
type Compared = { amount: string; currency: string | null };

const codes = new Set(Intl.supportedValuesOf('currency'));
const digits = new Map<string, number>();

/** Digits after the decimal mark that a currency has: 2 for EUR, none for JPY. */
export function minorDigits(currency: string): number {
  let found = digits.get(currency);
  if (found === undefined) {
    found =
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
      2;
    digits.set(currency, found);
  }
  return found;
}

const symbols: Record<string, string> = {
  '€': 'EUR',
  '£': 'GBP',
  US$: 'USD',
  '₹': 'INR',
  '₺': 'TRY',
  '₩': 'KRW',
  zł: 'PLN',
  Kč: 'CZK',
  Ft: 'HUF',
  R$: 'BRL',
  '₪': 'ILS',
  '₴': 'UAH',
  A$: 'AUD',
  C$: 'CAD',
  'Fr.': 'CHF',
};
const dollars = new Set(['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN', 'TWD']);

/** A currency by its code or unmistakable sign; `$` and `¥` mean the usual one where that is a dollar, yuan or yen. */
function currencyOf(text: string, usual: string): string | null {
  const code = text.toUpperCase();
  if (codes.has(code)) return code;
  if (text === '$') return dollars.has(usual) ? usual : 'USD';
  if (text === '¥') return usual === 'CNY' ? 'CNY' : 'JPY';
  return symbols[text] ?? null;
}

const usualCurrency = (field: Field, scope: ParseScope) =>
  (field.options.currency as string | undefined) ?? scope.currency;

function notMoney(field: Field, at = ''): Refusal {
  return refuse(
    'notMoney',
    `${field.label} takes an amount and a currency, such as {"amount": "12.50", "currency": "EUR"}, "12.50 EUR" or 12.5.`,
    at,
  );
}

function canonical(numeral: string | null, currency: string, field: Field): Money | Refusal {
  if (numeral === null) return notMoney(field, '');
  const [whole, fraction = ''] = numeral.split('.') as [string, string?];
  if (whole.length > 30 || fraction.length > 20)
    return refuse('tooLong', `${field.label} holds 30 digits before the decimal mark and 20 after it.`);
  const minor = minorDigits(currency);
  const kept = fraction.replace(/0+$/, '').padEnd(minor, '0');
  const amount = kept ? `${whole}.${kept}` : whole;
  return { amount: /^-0(\.0*)?$/.test(amount) ? amount.slice(1) : amount, currency };
}

/** The amount and the currency written, if any, of a text such as `€ 12.50`. */
function split(text: string, usual: string): { amount: string; currency: string | null } | null {
  if (text.length > longestNumeral) return null;
  const match =
    /^(-|−|\()?\s*([^\d\s.,()−+-]*\.?)\s*([-−+]?[\d.,'’\s\u00a0\u202f]*\d\)?)\s*([^\d\s.,()]*\.?)\s*\)?$/u.exec(
      text.trim(),
    );
  if (!match) return null;
  const [, minus = '', before = '', amount = '', after = ''] = match;
  if (before && after) return null;
  const name = before || after;
  const currency = name ? currencyOf(name, usual) : null;
  if (name && !currency) return null;
  return { amount: minus ? `-${amount.replace(')', '')}` : amount, currency };
}

function readText(
  text: string,
  field: Field,
  scope: ParseScope,
  read: (numeral: string) => string | null,
): Money | Refusal {
  const usual = usualCurrency(field, scope);
  const parts = split(text, usual);
  return parts ? canonical(read(parts.amount), parts.currency ?? usual, field) : notMoney(field);
}

function numeralFrom(amount: unknown): string | null {
  if (typeof amount === 'number' && Number.isFinite(amount)) return machineNumeral(numeralOf(amount));
  return typeof amount === 'string' ? machineNumeral(amount) : null;
}

function parse(input: unknown, field: Field, scope: ParseScope): Money | null | Refusal {
  if (typeof input === 'string') return readText(input, field, scope, machineNumeral);
  if (typeof input === 'number') return canonical(numeralFrom(input), usualCurrency(field, scope), field);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return notMoney(field);
  const { amount, currency = usualCurrency(field, scope) } = input as Record<string, unknown>;
  if (amount === null || amount === '') return null;
  if (typeof currency !== 'string' || !codes.has(currency.toUpperCase()))
    return refuse(
      'notACurrency',
      `${field.label} takes a currency by its three letters, such as EUR or USD.`,
      '/currency',
    );
  const numeral = numeralFrom(amount);
  return numeral === null ? notMoney(field, '/amount') : canonical(numeral, currency.toUpperCase(), field);
}

function compared(input: unknown, field: Field, scope: ParseScope): Compared | Refusal {
  const money = parse(input, field, scope);
  if (money === null) return notMoney(field);
  if (money instanceof Refusal) return money;
  const stated =
    typeof input === 'object'
      ? 'currency' in input!
      : typeof input === 'string' && /[^\d\s.,'()−+-]/.test(input);
  return { amount: money.amount, currency: stated ? money.currency : null };
}

function comparedAll(input: unknown, field: Field, scope: ParseScope): Compared[] | Refusal {
  if (!Array.isArray(input)) return refuse('wrongOperand', 'Give a list of amounts.');
  const all = input.map(item => compared(item, field, scope));
  return (all.find(item => item instanceof Refusal) as Refusal | undefined) ?? (all as Compared[]);
}

function comparedPair(input: unknown, field: Field, scope: ParseScope): Compared[] | Refusal {
  if (!Array.isArray(input) || input.length !== 2) return refuse('wrongOperand', 'A range is [from, to].');
  return comparedAll(input, field, scope);
}

const byAmount = {
  type: 'numeric',
  key: (value: Money) => value.amount,
  compare: (a: Scalar, b: Scalar) => compareNumerals(String(a), String(b)),
};

const currencyIs = (cell: Cell, currencies: (string | null)[]): Sql => {
  const stated = currencies.filter(currency => currency !== null);
  return stated.length ? sql`${cell('currency')} = all(${stated}::text[])` : sql`true`;
};
const hasCurrency = (value: Money, currencies: (string | null)[]) =>
  currencies.every(currency => currency === null || currency === value.currency);

/** Lets an operator on amounts look at values of the operand's currency only. */
function within(operator: Operator<Money>, parse: Operator<Money>['parse']): Operator<Money> {
  const currencies = (operand: Json) =>
    (Array.isArray(operand) ? operand : [operand]).map(item => (item as Compared).currency);
  return {
    ...operator,
    parse: parse!,
    sql: (cell, operand, field, scope) =>
      sql`(${operator.sql(cell, operand, field, scope)} and ${currencyIs(cell, currencies(operand))})`,
    test: (value, operand, field, scope) =>
      operator.test(value, operand, field, scope) && hasCurrency(value, currencies(operand)),
  };
}

function moneyOperators(): Operators<Money> {
  const { is } = equality<Money>(byAmount) as { is: Operator<Money> };
  const isSame = within(is, compared);
  const { between, ...orders } = comparison<Money>(byAmount);
  return {
    is: isSame,
    isNot: {
      ...isSame,
      label: 'is not',
      nulls: true,
      sql: (cell, operand, field, scope) => sql`${isSame.sql(cell, operand, field, scope)} is not true`,
      test: (value, operand, field, scope) => value === null || !isSame.test(value, operand, field, scope),
    },
    ...Object.fromEntries(
      Object.entries(orders).map(([name, operator]) => [name, within(operator, compared)]),
    ),
    between: within(between!, comparedPair),
    inCurrency: {
      label: 'is in the currency',
      operand: 'one',
      parse: (input, field, scope) =>
        currencyOf(typeof input === 'string' ? input.trim() : '', usualCurrency(field, scope)) ??
        refuse('notACurrency', 'Give a currency by its three letters, such as EUR.'),
      sql: (cell, operand) => sql`${cell('currency')} = ${operand}::text`,
      test: (value, operand) => value.currency === operand,
    },
    ...emptiness<Money>(),
  };
}

/**
 * An aggregate per currency, since amounts of different currencies do not add up: one `{amount, currency}` when all are
 * in one currency, otherwise a list of such, in order of currency.
 */
function perCurrency(label: string, aggregate: (amount: Sql, only: Sql) => Sql): Aggregate {
  return {
    label,
    // Most amounts are in the usual currency: these are aggregated as they come, and only others are gathered by theirs.
    sql: (cell, field, scope) => {
      const usual = sql`${usualCurrency(field, scope)}::text`;
      const other = sql`filter (where ${cell('currency')} <> ${usual})`;
      return sql`(select case when count(*) > 1 then jsonb_agg(total order by total ->> 'currency')
        else (jsonb_agg(total)) -> 0 end
      from (select jsonb_build_object('amount', amount::text, 'currency', currency) as total
        from (select ${aggregate(cell(), sql`filter (where ${cell('currency')} = ${usual})`)} as amount, ${usual} as currency
          union all select ${aggregate(sql`each.amount`, sql``)}, each.currency
            from unnest(array_agg(${cell()}) ${other}, array_agg(${cell('currency')}) ${other}) as each(amount, currency)
            group by each.currency) each_total where amount is not null) totals)`;
    },
  };
}

/**
 * The sum in the workspace's currency, by today's exchange rates, or those of the moment read at. Amounts of currencies
 * without a rate do not disappear: each such currency is summed by itself, and the answer is a list.
 */
const total: Aggregate = {
  label: 'Total',
  sql: (cell, _field, scope) => {
    const home = scope.currency;
    const currency = cell('currency');
    const rate = scope.rateOf(currency);
    const unrated = sql`filter (where ${currency} <> ${home}::text and ${rate} is null)`;
    return sql`(select case when count(*) > 1 then jsonb_agg(total order by place, total ->> 'currency')
        else (jsonb_agg(total)) -> 0 end
      from (select place, jsonb_build_object('amount', amount::text, 'currency', currency) as total
        from (select 0 as place, round(sum(${cell()} * ${rate}), ${sql.lit(minorDigits(home))}) as amount, ${home}::text as currency
          union all select 1, sum(each.amount), each.currency
            from unnest(array_agg(${cell()}) ${unrated}, array_agg(${currency}) ${unrated}) as each(amount, currency)
            group by each.currency) each_total where amount is not null) totals)`;
  },
};

/** An exact amount with its currency. */
export const moneyType: FieldType<Money> = {
  name: 'money',
  label: 'Money',
  help: 'An exact amount with its currency, such as the value of a deal.',
  icon: 'coins',
  options: Type.Object({ currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })) }),
  storage: {
    kind: 'columns',
    columns: [
      { suffix: '', type: 'numeric' },
      { suffix: 'currency', type: 'text' },
    ],
    put: value => (value ? [value.amount, value.currency] : [null, null]),
    restore: json => [sql`(${json} ->> 'amount')::numeric`, sql`${json} ->> 'currency'`],
  },
  schema: () =>
    Type.Object({
      amount: Type.String({ pattern: '^-?\\d+(\\.\\d+)?$' }),
      currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    }),
  inputSchema: () =>
    Type.Union([
      Type.Object({
        amount: Type.Union([Type.String(), Type.Number()]),
        currency: Type.Optional(Type.String()),
      }),
      Type.String(),
      Type.Number(),
    ]),
  parse,
  parseText: (text, field, scope) => readText(text, field, scope, part => readNumeral(part, scope.locale)),
  format: (value, _field, scope) => `${showNumeral(value.amount, scope.locale)} ${value.currency}`,
  json: cell =>
    sql`case when ${cell()} is null then null else json_build_object('amount', ${cell()}::text, 'currency', ${cell('currency')}) end`,
  text: cell => sql`${cell()}::text || ' ' || ${cell('currency')}`,
  operators: moneyOperators(),
  sort: cell => [
    { sql: cell(), type: 'numeric' },
    { sql: cell('currency'), type: 'text' },
  ],
  group: cell =>
    sql`case when ${cell()} is null then null else jsonb_build_object('amount', ${cell()}::text, 'currency', ${cell('currency')}) end`,
  aggregates: {
    sum: perCurrency('Sum', (amount, only) => sql`sum(${amount}) ${only}`),
    avg: perCurrency('Average', (amount, only) => sql`trim_scale(round(avg(${amount}) ${only}, 6))`),
    min: perCurrency('Least', (amount, only) => sql`min(${amount}) ${only}`),
    max: perCurrency('Greatest', (amount, only) => sql`max(${amount}) ${only}`),
    total,
    filled: counts.filled!,
  },
  worth: (cell, scope) => sql`(${cell()} * ${scope.rateOf(cell('currency'))})`,
  cel: {
    type: 'double',
    sql: cell => sql`(${cell()})::double precision`,
    value: money => Number(money.amount),
  },
  fact: { kind: 'number', of: ({ amount }) => Number(amount) },
  samples: [
    {
      input: { amount: '12.5', currency: 'eur' },
      value: { amount: '12.50', currency: 'EUR' },
      text: '12.50 EUR',
    },
    { input: 1200, value: { amount: '1200.00', currency: 'EUR' }, text: '1200.00 EUR' },
    { input: '¥ 980', value: { amount: '980', currency: 'JPY' }, text: '980 JPY' },
    { input: '-0.005 USD', value: { amount: '-0.005', currency: 'USD' }, text: '-0.005 USD' },
    {
      input: { amount: '123456789012345678901234.10', currency: 'USD' },
      value: { amount: '123456789012345678901234.10', currency: 'USD' },
      text: '123456789012345678901234.10 USD',
    },
  ],
  refused: [
    { input: 'a lot', code: 'notMoney' },
    { input: { amount: '1,5', currency: 'EUR' }, code: 'notMoney' },
    { input: { amount: '5', currency: 'XXQ' }, code: 'notACurrency' },
    { input: { amount: `1${'0'.repeat(30)}` }, code: 'tooLong' },
    { input: [5, 'EUR'], code: 'notMoney' },
  ],
};

/** An exact amount with its currency: `amount: money({ label: 'Value' })`. */
export const money = declared<MoneyOptions, Money>(moneyType);
