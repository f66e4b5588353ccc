import type { Json } from '../engine/index.ts';
import { PickEdit } from './inputs.tsx';
import { Line } from './parts.tsx';
import { list, str } from './read.tsx';
import { type EditProps, useFieldServices } from './view.ts';

/** ISO codes that people choose from; their names come from the browser in the language of the person. */
const countries =
  'AD AE AF AG AI AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GI GL GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PR PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW';
const languages =
  'af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko ky lo lt lv mk ml mn mr ms my nb ne nl nn pa pl ps pt ro ru si sk sl sq sr sv sw ta te tg th tk tr uk ur uz vi zh zu';

export const countryCodes = countries.split(' ');
const languageCodes = languages.split(' ');

/** "AT" → "Austria" in the language of the locale; the code itself where there is no name. */
export function nameOf(code: string, type: 'region' | 'language', locale: string): string {
  try {
    return new Intl.DisplayNames([locale], { type }).of(code) ?? code;
  } catch {
    return code;
  }
}

const codes = { region: countryCodes, language: languageCodes };

type Kind = keyof typeof codes;

/** A code by its name. */
export function CodeName({ value, kind }: { value: Json; kind: Kind }) {
  return <Line>{nameOf(str(value), kind, useFieldServices().locale)}</Line>;
}

/** Chooses one code, or several, among their names. */
export function CodeEdit({ kind, many, ...props }: EditProps & { kind: Kind; many?: boolean }) {
  const { locale } = useFieldServices();
  const chosen = list(props.value).map(str);
  const options = codes[kind]
    .map(code => ({ id: code, label: nameOf(code, kind, locale), hint: code }))
    .sort((a, b) => a.label.localeCompare(b.label, locale));
  const shown = chosen.map(code => nameOf(code, kind, locale)).join(', ');
  return (
    <PickEdit
      edit={props}
      many={many ?? false}
      options={options}
      shown={chosen.length > 0 ? <Line>{shown}</Line> : null}
      chosen={chosen}
      onPick={({ id }) => {
        if (!many) return id;
        return chosen.includes(id) ? chosen.filter(each => each !== id) : [...chosen, id];
      }}
    />
  );
}
