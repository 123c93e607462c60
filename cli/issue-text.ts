import type { Language } from '../shared/verdict/translator.js';

const KINDS: Readonly<Record<string, readonly [chinese: string, english: string]>> = {
  object: ['一个对象 { … }', 'an object { … }'],
  record: ['一个对象 { … }', 'an object { … }'],
  array: ['一个列表 [ … ]', 'a list [ … ]'],
  string: ['文字', 'a text'],
  number: ['数字', 'a number'],
  int: ['整数', 'a whole number'],
  boolean: ['true 或 false', 'true or false'],
  undefined: ['没有', 'nothing'],
  null: ['null', 'null'],
};

type Words = (groups: readonly string[]) => readonly [chinese: string, english: string];

/** What zod and our schemas say about a member (English, also over HTTP), and how a person reads it. */
const ISSUES: readonly (readonly [RegExp, Words])[] = [
  [
    /^Invalid input: expected (\w+), received undefined$/,
    ([expected = '']) => {
      const [chinese, english] = kind(expected);
      return [`缺少这一项,应填${chinese}`, `is missing; ${english} belongs here`];
    },
  ],
  [
    /^Invalid input: expected (\w+), received (\w+)$/,
    ([expected = '', received = '']) => {
      const [chinese, english] = kind(expected);
      return [`应为${chinese},现为${kind(received)[0]}`, `must be ${english}, not ${kind(received)[1]}`];
    },
  ],
  [/^Invalid input: expected (.+)$/, ([value = '']) => [`只能是 ${value}`, `must be ${value}`]],
  [/^Invalid input$/, () => ['内容不对', 'is not valid']],
  [
    /^Invalid option: expected one of (.+)$/,
    ([list = '']) => {
      const values = list.replaceAll('"', '').split('|');
      return [`只能是:${values.join('、')}`, `must be one of: ${values.join(', ')}`];
    },
  ],
  [/^[Ee]xpected one of (.+)$/, ([list = '']) => [`只能是:${list}`, `must be one of: ${list}`]],
  [
    /^Too (?:small|big): expected \w+ to have ([<>]=?)(\d+) (character|item)s?$/,
    ([sign = '', count = '', unit = '']) => {
      const isLeast = sign.startsWith('>');
      const chinese = unit === 'item' ? '项' : '个字';
      return [`${isLeast ? '至少' : '至多'} ${count} ${chinese}`, `must have at ${isLeast ? 'least' : 'most'} ${count} ${unit}s`]; // prettier-ignore
    },
  ],
  [
    /^Too (?:small|big): expected \w+ to be ([<>]=?)(-?[\d.]+)$/,
    ([sign = '', bound = '']) => [`须 ${sign} ${bound}`, `must be ${sign} ${bound}`],
  ],
  [/^Invalid string: must match pattern .*$/, () => ['写法不对', 'is not written as it must be']],
  [/^Invalid (ISO \w+|URL|datetime)$/, ([form = '']) => [`写法不对(${form})`, `is not a valid ${form}`]],
  [/^must be a code like (.+)$/, ([sample = '']) => [`应形如 ${sample}`, `must be a code like ${sample}`]],
  [/^must be a date like (.+)$/, ([sample = '']) => [`日期应形如 ${sample}`, `must be a date like ${sample}`]],
  [/^expected an instant like (.+)$/, ([sample = '']) => [`时间应形如 ${sample}`, `must be an instant like ${sample}`]],
  [
    /^[Ee]xpected an https address \(http for localhost only\)$/,
    () => ['应为 https 地址(本机可用 http)', 'must be an https address (http for localhost only)'],
  ],
  [/^expected a DID$/, () => ['应为 DID,如 did:web:hrss.example', 'must be a DID like did:web:hrss.example']],
  [/^Expected a certificate file or a DID$/, () => ['应为证书文件或 DID', 'must be a certificate file or a DID']],
  [/^is not a day of the calendar$/, () => ['没有这一天', 'is not a day of the calendar']],
  [/^is not an instant of the calendar$/, () => ['没有这个时间', 'is not an instant of the calendar']],
  [/^must not be empty$/, () => ['不能为空', 'must not be empty']],
  [/^is longer than (\d+) characters$/, ([max = '']) => [`不得超过 ${max} 个字`, `is longer than ${max} characters`]],
  [
    /^holds the invisible or control character (U\+[0-9A-F]+); remove it$/,
    ([sign = '']) => [
      `有看不见的字符或控制字符 ${sign},请删去`,
      `holds the invisible or control character ${sign}; remove it`,
    ],
  ],
  [
    /^has blanks at its ends or two in a row$/,
    () => ['首尾有空格,或有连续空格', 'has blanks at its ends or two in a row'],
  ],
  [/^is not in Unicode form NFC$/, () => ['文字须为 Unicode NFC 形式', 'is not in Unicode form NFC']],
  [/^is missing(?: for kind (\S+))?$/, ([of]) => ['缺少这一项', of === undefined ? 'is missing' : `is missing for kind ${of}`]], // prettier-ignore
  [/^does not belong to kind (\S+)$/, ([of = '']) => [`${of} 类证书没有这一项`, `does not belong to kind ${of}`]],
  [
    /^must be one of (.+) for kind (\S+)$/,
    ([list = '', of = '']) => [`${of} 类证书只能是:${list}`, `must be one of ${list} for kind ${of}`],
  ],
  [/^lies before the date of issue$/, () => ['早于发证日期', 'lies before the date of issue']],
  [/^lies after the date of issue$/, () => ['晚于发证日期', 'lies after the date of issue']],
  [
    /^holds an identity number, which must not stand there$/,
    () => ['写有身份证号码,不得写在这里', 'holds an identity number, which must not stand there'],
  ],
  [/^ends before it begins$/, () => ['终止早于开始', 'ends before it begins']],
  [/^is missing, so nothing is granted$/, () => ['没有填,等于什么也没批准', 'is missing, so nothing is granted']],
  [/^goes together with urgent: true$/, () => ['须与 urgent: true 一起填', 'goes together with urgent: true']],
  [/^names a key twice$/, () => ['同一把密钥写了两次', 'names a key twice']],
];

/**
 * Puts what a schema says about one member into words of a language.
 * @returns a translator of such texts; one it does not know comes back as it is
 */
export function issueText(language: Language): (issue: string) => string {
  return (issue) => {
    for (const [form, words] of ISSUES) {
      const found = form.exec(issue);
      if (found) return words(found.slice(1))[language === 'en' ? 1 : 0];
    }
    return issue;
  };
}

function kind(name: string): readonly [chinese: string, english: string] {
  return KINDS[name] ?? [name, name];
}
