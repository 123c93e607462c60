import { INSTITUTION_CODE } from '../certificate/certificate-number.js';
import { KIND_IDS } from '../certificate/kind.js';
import { LEVEL_FRAMEWORKS } from '../certificate/level.js';
import { INSTITUTION_KINDS } from './statement-schema.js';
import { instant } from './time.js';
import type { Accreditation, Interval } from './types.js';

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

/**
 * Reads a row of part `accreditations` that is written as registries write nearly all of theirs: members in the order of the schema,
 * no blanks, no escapes. Country-wide bundles hold tens of thousands of rows, and reading them so is about ten times faster.
 *
 * @param line JSON text of the row
 * @returns exactly what `parseJson` and `parseStatement` return for it; undefined for every line they refuse, **and** for
 *   unusual ones they accept: whoever gets undefined asks them
 */
export function readPlainAccreditation(line: string): Accreditation | undefined {
  if (line.length > MOST_CHARACTERS || !PLAIN_ROW.test(line)) return undefined;
  const row = JSON.parse(line) as Accreditation;
  const { id, authority, institution, signingKeys, actions } = row;
  if (id.length > 200 || authority.length > 200 || institution.length > 200 || authority === institution)
    return undefined;
  const own = `${institution}#`;
  if (signingKeys.some((item) => !item.id.startsWith(own) || item.id.length > 300)) return undefined;
  if (signingKeys.length > 1 && new Set(signingKeys.map((item) => item.id)).size < signingKeys.length) return undefined;
  return signingKeys.every(isOrdered) && actions.every(isOrdered) ? row : undefined;
}

function isOrdered({ validFrom, validUntil }: Interval): boolean {
  try {
    const begins = instant(validFrom);
    return validUntil === undefined || instant(validUntil) > begins;
  } catch {
    return false;
  }
}
