import { INSTITUTION_CODE } from '../certificate/certificate-number.js';
import { KIND_IDS } from '../certificate/kind.js';
import { LEVEL_FRAMEWORKS } from '../certificate/level.js';
import { INSTITUTION_KINDS } from './statement-schema.js';
import { instant } from './time.js';
import type { Accreditation } from './types.js';

/** So short that no list in it can be longer, and nothing nested deeper, than the schema and the JSON limits allow. */
const MOST_CHARACTERS = 8000;

const either = (values: readonly string[]): string => `(?:${values.join('|')})`;
const list = (item: string): string => `\\[${item}(?:,${item})*\\]`;
const did = 'did:web:[a-z0-9.-]+(?:%3A\\d{1,5})?(?::[A-Za-z0-9._-]+)*';
const time = '"\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:Z|[+-]\\d{2}:\\d{2})"';
const interval = `"validFrom":${time}(?:,"validUntil":${time})?`;
const occupation = '"(?:(?:1999|2015|2022):)?(?:\\*|[1-8](?:-\\d{2}){0,2}-\\*|[1-8](?:-\\d{2}){3})"';
const levels = LEVEL_FRAMEWORKS.map(
  ({ id, values }) => `"framework":"${id}","value":"${either(values.map(({ value }) => value))}"`,
);
const key =
  `\\{"id":"${did}#[A-Za-z0-9._-]+","type":"Multikey",` +
  `"publicKeyMultibase":"z6Mk[1-9A-HJ-NP-Za-km-z]{44}",${interval}\\}`;
const scope =
  `\\{"kind":${list(`"${either(KIND_IDS)}"`)},"occupation":${list(occupation)},"level":${list(`\\{${either(levels)}\\}`)},` +
  `"region":${list('"(?:\\*|\\d{2}\\*|\\d{4}\\*|\\d{6})"')},"candidates":"(?:public|own-employees|supply-chain)"` +
  `(?:,"quota":\\{"limit":[1-9]\\d{0,14},"per":"(?:year|month)"\\})?\\}`;
const action = `\\{"action":"issue",${interval},"scope":${scope}(?:,"requireLogProof":(?:true|false))?\\}`;
const PLAIN_ROW = new RegExp(
  `^\\{"id":"urn:yizheng:accreditation:[A-Za-z0-9:._%-]+","authority":"${did}","institution":"${did}",` +
    `"legalName":"[\\u4e00-\\u9fff\\uff08\\uff09A-Za-z0-9()]{1,60}","institutionKind":"${either(INSTITUTION_KINDS)}",` +
    `"institutionCode":"${INSTITUTION_CODE.source.slice(1, -1)}"` +
    `(?:,"unifiedSocialCreditCode":"[0-9A-HJ-NPQRTUWXY]{18}")?` +
    `,"signingKeys":${list(key)},"actions":${list(action)}\\}$`,
);

const ACTIONS = ',"actions":';
const INTERVALS = /"validFrom":"([^"]*)"(?:,"validUntil":"([^"]*)")?/g;

/**
 * Reads a row of part `accreditations` that is written as registries write nearly all of theirs: members in the order of the schema,
 * no blanks, no escapes. Country-wide bundles hold tens of thousands of rows, and reading them so is about twenty times faster.
 *
 * Everything is checked at once; the objects of `actions` are made when somebody first asks for them. Few of a country's
 * institutions are ever asked about, and their scopes are most of the bundle.
 *
 * @param line JSON text of the row
 * @returns exactly what `parseJson` and `parseStatement` return for it; undefined for every line they refuse, **and** for
 *   unusual ones they accept: whoever gets undefined asks them
 */
export function readPlainAccreditation(line: string): Accreditation | undefined {
  if (line.length > MOST_CHARACTERS || !PLAIN_ROW.test(line)) return undefined;
  const end = line.indexOf(ACTIONS);
  const head = JSON.parse(`${line.slice(0, end)}}`) as Omit<Accreditation, 'actions'>;
  const { id, authority, institution, signingKeys } = head;
  if (id.length > 200 || authority.length > 200 || institution.length > 200 || authority === institution)
    return undefined;
  const own = `${institution}#`;
  if (signingKeys.some((item) => !item.id.startsWith(own) || item.id.length > 300)) return undefined;
  if (signingKeys.length > 1 && new Set(signingKeys.map((item) => item.id)).size < signingKeys.length) return undefined;
  return areOrdered(line) ? withActions(head, line.slice(end + ACTIONS.length, -1)) : undefined;
}

/** Are the days of the calendar, and does every interval of the row begin before it ends? */
function areOrdered(line: string): boolean {
  INTERVALS.lastIndex = 0;
  try {
    for (let found = INTERVALS.exec(line); found; found = INTERVALS.exec(line)) {
      const [, validFrom = '', validUntil] = found;
      const begins = instant(validFrom);
      if (validUntil !== undefined && instant(validUntil) <= begins) return false;
    }
    return true;
  } catch {
    return false;
  }
}

const UNREAD = Symbol('JSON text of the actions');
const READ_WHEN_ASKED = {
  configurable: true,
  enumerable: true,
  get(this: { [UNREAD]: string }): Accreditation['actions'] {
    const value = JSON.parse(this[UNREAD]) as Accreditation['actions'];
    Object.defineProperty(this, 'actions', { value, configurable: true, enumerable: true, writable: true });
    return value;
  },
};

/** One getter for all rows: with one of its own, each would be slow to make and to read. */
function withActions(head: Omit<Accreditation, 'actions'>, actions: string): Accreditation {
  Object.defineProperty(head, UNREAD, { value: actions });
  return Object.defineProperty(head, 'actions', READ_WHEN_ASKED) as Accreditation;
}
