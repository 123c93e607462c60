import type { JsonObject } from '../../shared/json/parse-json.js';
import { errorCode } from '../../shared/errors.js';
import type { StatusPurpose } from '../../shared/status/status-list-credential.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import type { Institutions } from '../institutions.js';
import type { OpenId4Vci } from '../openid4vci/index.js';
import type { StatusLists } from '../status-lists.js';

/** What is known of status lists when a certificate is judged. */
export interface StatusKnowledge {
  trust: TrustView;
  statusTokenOf: (uri: string) => string | undefined;
}

/** Lists one certificate may name: two Bitstring lists and a Token Status List, and what else somebody wrote there. */
const MOST_LISTS = 6;
const LIST = /^([SY]\d{12})\/status\/(revocation|suspension|tokens)\/([1-9]\d{0,4})$/;

/**
 * Trust data in which the status lists this host publishes itself stand in their newest form, so that a revocation made here counts at
 * once; they are checked like any other. Lists of others are as old as the authority's bundle.
 * @param documents credentials as they were opened, not believed yet
 */
export async function withOwnStatus(
  trust: TrustView,
  documents: readonly JsonObject[],
  {
    baseUrl,
    institutions,
    statusLists,
    openid4vci,
  }: {
    baseUrl: string;
    institutions: Institutions;
    statusLists: StatusLists;
    openid4vci: Pick<OpenId4Vci, 'tokenStatusLists'>;
  },
): Promise<StatusKnowledge> {
  const own = new Map<string, string>();
  for (const url of documents.flatMap((document) =>
    addressesIn(document, `${baseUrl}/institutions/`).slice(0, MOST_LISTS),
  )) {
    const [, code, purpose, list] = LIST.exec(url.slice(`${baseUrl}/institutions/`.length)) ?? [];
    if (code === undefined || purpose === undefined || own.has(url)) continue;
    try {
      const institution = await institutions.get(code);
      own.set(
        url,
        purpose === 'tokens'
          ? await openid4vci.tokenStatusLists.current(institution, Number(list))
          : await statusLists.current(institution, purpose as StatusPurpose, Number(list)),
      );
    } catch (error) {
      if (errorCode(error) !== 'NOT_FOUND') throw error;
    }
  }
  return {
    trust: {
      ...trust,
      statusListOf: (url, authority) => {
        const found = trust.statusListOf(url, authority);
        const credential = own.get(url);
        return credential === undefined
          ? found
          : { url, credential, authority: authority ?? found?.authority ?? '', asOf: found?.asOf ?? '' };
      },
    },
    statusTokenOf: (uri) => own.get(uri),
  };
}

/** Every text in a document that begins like this. */
function addressesIn(value: unknown, beginning: string): string[] {
  if (typeof value === 'string') return value.startsWith(beginning) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((inner) => addressesIn(inner, beginning));
}
