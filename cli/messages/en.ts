/** English: what to do about an error whose own message says only what is wrong; printed after that message. */
export const en: Readonly<Record<string, string>> = {
  OPTION_INVALID: 'See --help for what it takes.',
  FILE_UNREADABLE: 'Check that it is a file and that you may read it.',
  FIELD_UNKNOWN: 'Check its spelling; the help of the command shows an example.',
  CERTIFICATE_DUPLICATE: 'Nothing was issued again; to correct the certificate name it in supersedes.',
  CERTIFICATE_NOT_FOUND: 'Check the number and the address of the institution.',
  CORRECTION_OTHER_HOLDER: 'Use the API key of an approver or officer.',
  ISSUER_NOT_ACCREDITED: 'Have the authority accredit and publish, then refresh the bundle of the issuer.',
  BUNDLE_ROLLBACK:
    'This bundle is older than what you hold and was not used; leave out --bundle to check with what you hold.',
  BUNDLE_ANCHOR_UNPINNED:
    'Give --anchor-root with the digest (uEi…) the authority announces; `yizheng bundle info` prints the one in the bundle, compare them.',
  BUNDLE_ROOT_UNKNOWN: 'Compare the root digest with the one the authority announces, and give that as --anchor-root.',
  BUNDLE_ANCHOR_MISSING: 'Check --anchor, or use another bundle.',
  BUNDLE_SIGNATURE_INVALID: 'Do not use it; fetch it again.',
  BUNDLE_INVALID: 'Fetch it again; `yizheng bundle fetch` gets the right file.',
  STATE_DAMAGED: 'Give --bundle as well.',
  STATE_OF_OTHER_ANCHOR: 'Name another file with --state, or check --anchor.',
  TRUST_DATA_MISSING: 'Give --bundle, or run `yizheng bundle update` first.',
  QR_NOT_OURS: 'Give the JSON, QR text, QR photo or PDF of a certificate.',
  SERVICE_UNREACHABLE: 'Check the address and the network.',
  SERVICE_ANSWER: 'Check the address.',
  API_KEY_INVALID: 'Ask whoever runs the service for a new one.',
  API_KEY_MISSING: 'Give --key-file.',
  ROLE_MISSING: 'Use an API key with that role.',
  KEYSTORE_NOT_FOUND: 'Add --init to make it.',
  KEYSTORE_EXISTS: 'Leave out --init to use it.',
  KEY_NOT_FOUND: '`yizheng keys list` shows all.',
  DUAL_CONTROL_REQUIRED: 'Use `yizheng registry propose`.',
  NOT_PUBLISHED: 'Run `yizheng registry publish` first.',
  INSTITUTION_KEYS_MISSING: 'The institution makes a key first and serves its did.json.',
  AUTHORITY_UNKNOWN: 'Check --registry.',
  STATUS_LISTS_INVALID: 'The institution should check its issuer service.',
  STATUS_LIST_FOREIGN: 'The institution should check the addresses of its lists.',
  STATUS_LIST_KEY_UNKNOWN: 'Bring the signing keys of the accreditation up to date.',
  STATUS_LIST_OLDER: 'The institution should publish its lists again.',
  STATUS_LIST_PROOF_INVALID: 'The institution should publish its lists again.',
  FETCH_UNREACHABLE: 'Check the address and the network.',
  FETCH_STATUS: 'Check the address.',
};

/** English sentences for codes met without a message of their own, as in a list of problems. */
export const enSentences: Readonly<Record<string, string>> = {
  STATUS_LISTS_INVALID: 'The addresses of its status lists cannot be read.',
  STATUS_LIST_FOREIGN: 'The list is not one of this institution.',
  STATUS_LIST_OLDER: 'The list is older than the one already collected.',
  STATUS_LIST_PROOF_INVALID: 'The signature of the list does not hold.',
  STATUS_LIST_KEY_UNKNOWN: 'The key that signed the list is not accredited.',
  FETCH_UNREACHABLE: 'The address cannot be reached.',
  FETCH_TIMEOUT: 'It did not answer in time.',
  FETCH_STATUS: 'The address did not give what was asked for.',
  FETCH_HOST: 'The host is not a public DNS name.',
  FETCH_PORT: 'Only port 443 is fetched.',
  FETCH_SCHEME: 'Only https is fetched.',
  FETCH_HOST_NOT_ALLOWED: 'The host is not on the list of allowed hosts.',
};

/** English sentences in place of an error's own, where that one does not fit a terminal. */
export const enInstead: Readonly<Record<string, string>> = {
  QR_NOT_OURS:
    'The text in this file or code is not a Yizheng certificate; it was read, and no address in it was opened.',
};
