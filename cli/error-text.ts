import { YizhengError } from '../shared/errors.js';
import { translator, type Language } from '../shared/verdict/translator.js';

/** Chinese sentences for what users of the command line meet most; other errors show their English sentence and code. */
const CHINESE: Readonly<Record<string, string>> = {
  FILE_NOT_FOUND: '没有这个文件。',
  FILE_UNREADABLE: '文件读不了。',
  FILE_TOO_LARGE: '文件太大。',
  OPTION_INVALID: '选项的值不对。',
  CARRIER_UNKNOWN: '这不是证书:请给出证书的 JSON、二维码文字、二维码照片(PNG/JPEG)或 PDF。',
  IMAGE_NO_QR: '图片里没有找到二维码,请拍得更近、更正。',
  PDF_NO_CREDENTIAL: '这个 PDF 里没有证书数据。',
  JSON_SYNTAX: 'JSON 写法有误。',
  KEYSTORE_MODE: '密钥库文件别人也能读,请先 chmod 600。',
  KEYSTORE_NOT_FOUND: '没有密钥库文件,或读不了。',
  KEYSTORE_EXISTS: '密钥库文件已存在,不会覆盖。',
  KEYSTORE_PASSPHRASE_WRONG: '口令不对。',
  KEYSTORE_TAMPERED: '密钥库文件被改动或损坏,请从备份恢复。',
  PASSPHRASE_SOURCE: '请用 --passphrase-file 或 --passphrase-fd 指定口令来源(只能一个)。',
  PASSPHRASE_FILE_MODE: '口令文件别人也能读,请先 chmod 600。',
  PASSPHRASE_TOO_SHORT: '口令太短。',
  API_KEY_FILE_MODE: '密钥文件别人也能读,请先 chmod 600。',
  SERVICE_UNREACHABLE: '服务连不上。',
  SERVICE_ANSWER: '服务的回答看不懂,地址可能不对。',
  KEY_EXISTS: '已有在用的密钥,请改用 rotate。',
  KEY_NOT_FOUND: '没有这个密钥。',
  KEY_NOT_ACTIVE: '这个密钥已不能签名。',
};

/** An error as one block for a terminal: what happened, where, and the code to look it up by. */
export function errorText(error: unknown, language: Language): string {
  const title = language === 'en' ? 'Error' : '出错';
  if (!(error instanceof YizhengError)) {
    const detail = error instanceof Error ? error.message : String(error);
    return `${title} [INTERNAL]: ${detail}`;
  }
  const place = error.at === undefined ? '' : ` (${error.at})`;
  const english = `${error.message}${place} [${error.code}]`;
  if (language === 'en') return `${title}: ${english}`;
  const known = translator(language)(error.code);
  const chinese = CHINESE[error.code] ?? (known === error.code ? undefined : known);
  return chinese === undefined ? `${title}: ${english}` : `${title}: ${chinese}\n      ${english}`;
}
