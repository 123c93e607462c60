import { YizhengError } from '../shared/errors.js';
import { translator, type Language } from '../shared/verdict/translator.js';
import { issueText } from './issue-text.js';
import { en, enInstead, enSentences } from './messages/en.js';
import { zhCN } from './messages/zh-CN.js';

/** Codes whose English message is what zod or a schema of ours says about one member; put into words by {@link issueText}. */
const OF_ONE_MEMBER = new Set([
  'OPTION_INVALID',
  'REQUEST_INVALID',
  'TEXT_FORBIDDEN',
  'LEVEL_UNKNOWN',
  'RECORD_INVALID',
  'STATEMENT_INVALID',
]);

/** Codes whose English message names facts (an id, an instant, a file) that no sentence in a catalogue can hold. */
const WITH_FACTS =
  /^(?:INTERNAL|PORT_TAKEN|DEMO_PORT_CHANGED|CERTIFICATE_DUPLICATE|RESERVED_NOT_COMPLETED|ROLE_MISSING|LEAD_TIME|(?:KIND|OCCUPATION|LEVEL|REGION|STANDARD)_OUT_OF_SCOPE|OCCUPATION_NAME_MISMATCH|NUMBER_FORMAT|FONT_GLYPH_MISSING|FACE_TEXT_TOO_LONG|SIGNING_KEY_CHANGED|JSON_(?:SYNTAX|DUPLICATE_KEY|NUMBER_RANGE)|KEYSTORE_(?:MODE|NOT_FOUND|LOCKED|TAMPERED)|PASSPHRASE_(?:FILE_.*|TOO_SHORT)|KEY_(?:AMBIGUOUS|EXISTS|NOT_ACTIVE|ID_TAKEN|INTERVAL)|FETCH_(?:STATUS|TIMEOUT)|SERVICE_ANSWER|FEED_KEY_CONFLICT|FEED_PART_.*|STATEMENT_(?:CITES|SCOPE|LEVEL)_.*|PROPOSAL_DECIDED)$/;

/**
 * The sentence for an error code by itself, as in a list of problems.
 * @returns undefined for a code nobody has put into words
 */
export function codeSentence(code: string, language: Language): string | undefined {
  const own = language === 'en' ? sentenceWithHint(code) : zhCN[code];
  if (own !== undefined) return own;
  const known = translator(language)(code);
  return known === code || known.includes('{{') ? undefined : known;
}

function sentenceWithHint(code: string): string | undefined {
  const sentence = enSentences[code];
  if (sentence === undefined) return undefined;
  const hint = en[code];
  return hint === undefined ? sentence : `${sentence} ${hint}`;
}

/** An error as one block for a terminal: what happened, where, what to do, and the code to look it up by. */
export function errorText(error: unknown, language: Language): string {
  const title = language === 'en' ? 'Error: ' : '出错:';
  if (!(error instanceof YizhengError)) {
    const detail = error instanceof Error ? error.message : String(error);
    return [`${title}${language === 'en' ? 'Something went wrong inside yizheng.' : zhCN['INTERNAL']} [INTERNAL]`, detail].join('\n      '); // prettier-ignore
  }
  return language === 'en' ? `${title}${english(error)}` : `${title}${chinese(error) ?? english(error)}`;
}

function english(error: YizhengError): string {
  const { code, at } = error;
  const issue = OF_ONE_MEMBER.has(code) ? withoutPlace(error, issueText('en')) : undefined;
  const message =
    issue === undefined ? (enInstead[code] ?? error.message) : at === undefined ? issue : `${at}: ${issue}`;
  const place = at === undefined || message.includes(at) ? '' : ` (${at})`;
  const hint = en[code];
  return `${message}${place} [${code}]${hint === undefined ? '' : `\n      ${hint}`}`;
}

function chinese(error: YizhengError): string | undefined {
  const { code, at, message } = error;
  const sentence = codeSentence(code, 'zh-CN');
  if (sentence === undefined) return undefined;
  const place = at === undefined ? '' : `(${at})`;
  const detail = OF_ONE_MEMBER.has(code)
    ? withoutPlace(error, issueText('zh-CN'))
    : WITH_FACTS.test(code)
      ? message
      : undefined;
  return `${sentence}${place}[${code}]${detail === undefined ? '' : `\n      ${detail}`}`;
}

function withoutPlace({ at, message }: YizhengError, say: (issue: string) => string): string {
  const issue = at !== undefined && message.startsWith(`${at}: `) ? message.slice(at.length + 2) : message;
  return say(issue.replace(/\.$/, ''));
}
