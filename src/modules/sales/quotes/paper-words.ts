/** What stands on quotes beside what people wrote, in the languages of the interface. */

const order = [
  'quote',
  'date',
  'validUntil',
  'contact',
  'description',
  'quantity',
  'price',
  'discount',
  'taxRate',
  'amount',
  'subtotal',
  'discountTotal',
  'net',
  'tax',
  'total',
  'optional',
  'monthly',
  'position',
  'version',
  'month',
  'quarter',
  'year',
  'vatNumber',
] as const;

export type PaperWords = Record<(typeof order)[number], string>;

const texts: Record<string, string> = {
  en: 'Quote|Date|Valid until|Contact|Description|Quantity|Price|Discount|Tax|Amount|Subtotal|Discount|Total without tax|Tax|Total|optional|Of it per month|No.|Version|per month|per quarter|per year|VAT number',
  de: 'Angebot|Datum|Gültig bis|Ansprechperson|Beschreibung|Menge|Preis|Rabatt|USt.|Betrag|Zwischensumme|Rabatt|Summe netto|USt.|Gesamtbetrag|optional|Davon monatlich|Pos.|Fassung|pro Monat|pro Quartal|pro Jahr|USt-IdNr.',
  fr: 'Devis|Date|Valable jusqu’au|Interlocuteur|Désignation|Quantité|Prix|Remise|TVA|Montant|Sous-total|Remise|Total HT|TVA|Total TTC|en option|Dont par mois|N°|Version|par mois|par trimestre|par an|N° de TVA',
  es: 'Presupuesto|Fecha|Válido hasta|Contacto|Descripción|Cantidad|Precio|Descuento|IVA|Importe|Subtotal|Descuento|Base imponible|IVA|Total|opcional|De ello al mes|N.º|Versión|al mes|al trimestre|al año|NIF-IVA',
  ar: 'عرض سعر|التاريخ|صالح حتى|جهة الاتصال|الوصف|الكمية|السعر|الخصم|الضريبة|المبلغ|المجموع الفرعي|الخصم|الإجمالي دون ضريبة|الضريبة|الإجمالي|اختياري|منه شهريًا|رقم|النسخة|شهريًا|كل ربع سنة|سنويًا|الرقم الضريبي',
};

/** The words of a language; English where it is none of these. */
export function paperWords(language: string): PaperWords {
  const words = (texts[language.split('-')[0]!] ?? texts.en!).split('|');
  return Object.fromEntries(order.map((name, index) => [name, words[index]!])) as PaperWords;
}
