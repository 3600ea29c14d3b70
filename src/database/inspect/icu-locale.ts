/** https://www.unicode.org/reports/tr35/tr35-collation.html#Collation_Settings: the names of ICU's older form. */
const KEYS: Readonly<Record<string, string>> = {
  collation: 'co',
  colalternate: 'ka',
  colbackwards: 'kb',
  colcasefirst: 'kf',
  colcaselevel: 'kc',
  colhiraganaquaternary: 'kh',
  colnormalization: 'kk',
  colnumeric: 'kn',
  colreorder: 'kr',
  colstrength: 'ks',
  kv: 'kv',
};

const VALUES: Readonly<Record<string, string>> = {
  yes: 'true',
  no: 'false',
  'non-ignorable': 'noignore',
  primary: 'level1',
  secondary: 'level2',
  tertiary: 'level3',
  quaternary: 'level4',
  quarternary: 'level4',
  identical: 'identic',
  phonebook: 'phonebk',
  traditional: 'trad',
  dictionary: 'dict',
  gb2312han: 'gb2312',
};

/**
 * A locale of ICU as a BCP 47 tag in its shortest form. PostgreSQL 16 and newer make `de-u-kn-true` or, with a newer
 * ICU, `de-u-kn` of `de@colNumeric=yes`; versions before, and those whose ICU does not convert, keep what was written.
 * Text with a word that is not known stays as it is.
 */
export function icuLocale(text: string): string {
  const tag = tagOf(text);
  return tag.includes('-u-') ? tag.replace(/-true(?=-|$)/g, '') : tag;
}

function tagOf(text: string): string {
  const [base = '', settings, ...rest] = text.split('@');
  if (settings === undefined || rest.length > 0) return text;
  const pairs = settings.split(';').map((pair) => pair.split('='));
  const tags = pairs.map(([name = '', value = '']) => {
    const key = KEYS[name.trim().toLowerCase()];
    const given = value.trim().toLowerCase();
    return key === undefined ? undefined : `${key}-${VALUES[given] ?? given}`;
  });
  if (tags.includes(undefined)) return text;
  const language = base === '' || base.toLowerCase() === 'root' ? 'und' : base.replaceAll('_', '-');
  return `${language}-u-${tags.sort().join('-')}`;
}
