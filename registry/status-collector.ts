import { z } from 'zod';
import { didWebUrl } from '../shared/did/did-web-url.js';
import { errorCode, YizhengError } from '../shared/errors.js';
import { MIN_STATUS_LIST_ENTRIES } from '../shared/status/bitstring.js';
import { decodeBitstring } from '../shared/status/encode-bitstring.js';
import { STATUS_LIST_LIMITS, verifyStatusList } from '../shared/status/verify-status-list.js';
import { createTrustView, type FeedContent } from '../shared/trust/trust-view.js';
import { rfc3339 } from '../shared/trust/time.js';
import type { Accreditation } from '../shared/trust/types.js';
import type { SafeFetch } from '../server/safe-fetch.js';
import type { Authority } from './authorities.js';
import type { RegistryEffects } from './effects.js';
import { fetchBytes, fetchJson, SITE_DEADLINE_MS, withDeadline } from './fetch-json.js';
import { fetchInstitutionDocument } from './institution-document.js';
import type { Statements } from './statements.js';

/** What collecting found out; the lists it names were not taken. */
export interface CollectProblem {
  institution: string;
  url?: string;
  code: string;
}

const MAX_LISTS = 500;
const listsSchema = z.object({ lists: z.array(z.url().max(300)).max(MAX_LISTS) });

/**
 * Collects the status lists of the institutions an authority accredits, so that a bundle answers "revoked?" without a network.
 *
 * Where the lists are is named by the institution's DID document (service `BitstringStatusLists`). A list is taken only when it is
 * signed by a key of that institution as the authority accredited it, lies below the institution's own address, is the list of its
 * own address, is not older than the one held, and takes back no revocation the one held shows.
 */
export class StatusCollector {
  constructor(
    private readonly effects: RegistryEffects,
    private readonly statements: Statements,
  ) {}

  /** Fetches, checks and stores. What cannot be fetched keeps its last good list. */
  async collect(authority: Authority): Promise<{ taken: number; problems: CollectProblem[] }> {
    const accreditations = (await this.statements.list(authority.slug, 'accreditation')).map((kept) => kept.statement);
    const events = (await this.statements.list(authority.slug, 'event')).map((kept) => kept.statement);
    const view = createTrustView([{ ...EMPTY, authority: authority.did, accreditations, events }], authority.did);
    const problems: CollectProblem[] = [];
    let taken = 0;
    for (const institution of institutionsOf(accreditations)) {
      const problem = (error: unknown, url?: string): void => {
        const found = { institution, code: errorCode(error), ...(url === undefined ? {} : { url }) };
        problems.push(found);
        this.effects.logger.warn(found, 'a status list was not collected');
      };
      const fetch = withDeadline(this.effects.fetch, SITE_DEADLINE_MS);
      try {
        for (const url of await listUrls(fetch, institution))
          try {
            await this.take(fetch, authority, institution, url, view.keysOf(authority.did));
            taken++;
          } catch (error) {
            problem(error, url);
          }
      } catch (error) {
        problem(error);
      }
    }
    return { taken, problems };
  }

  private async take(
    fetch: SafeFetch,
    { slug }: Authority,
    institution: string,
    url: string,
    keyOf: Parameters<typeof verifyStatusList>[1]['keyOf'],
  ): Promise<void> {
    if (!url.startsWith(`${didWebUrl(institution)}/`))
      throw new YizhengError('STATUS_LIST_FOREIGN', 'The list does not lie below the address of the institution.');
    const bytes = await fetchBytes(fetch, url, STATUS_LIST_LIMITS.maxBytes);
    const now = this.effects.clock();
    const list = await verifyStatusList(bytes, { keyOf, now: rfc3339(now.getTime()) });
    if (list.issuer !== institution || list.id !== url)
      throw new YizhengError(
        'STATUS_LIST_FOREIGN',
        'The list at this address is another one, or of another institution.',
      );
    const credential = new TextDecoder().decode(bytes);
    await this.effects.database.write(async (transaction) => {
      const held = (await transaction('registry_status_lists').where({ slug, url }).first()) as
        { credential: string } | undefined;
      if (held && validFromOf(held.credential) > Date.parse(list.validFrom))
        throw new YizhengError('STATUS_LIST_OLDER', 'The list is older than the one already collected.');
      if (held && list.purpose === 'revocation' && clearsBit(bitsOf(held.credential), list.bits))
        throw new YizhengError('STATUS_UNREVOKED', 'The list takes back a revocation, which is for ever.');
      const row = { credential, collected_at: now.toISOString() };
      if (held) await transaction('registry_status_lists').where({ slug, url }).update(row);
      else await transaction('registry_status_lists').insert({ slug, url, ...row });
    });
  }
}

const EMPTY: Omit<FeedContent, 'authority'> = {
  name: '',
  sequence: 0,
  manifestSha256: '',
  issuedAt: '1970-01-01T00:00:00Z',
  nextUpdate: '1970-01-01T00:00:00Z',
  staleAfter: '1970-01-01T00:00:00Z',
  accreditations: [],
  recognitions: [],
  events: [],
  reviews: [],
  supplyChain: [],
  statusLists: [],
};

async function listUrls(fetch: SafeFetch, institution: string): Promise<string[]> {
  const { statusLists } = await fetchInstitutionDocument(fetch, institution);
  if (statusLists === undefined) return [];
  const parsed = listsSchema.safeParse(await fetchJson(fetch, statusLists));
  if (!parsed.success)
    throw new YizhengError('STATUS_LISTS_INVALID', 'The addresses of the status lists cannot be read.');
  return parsed.data.lists;
}

function institutionsOf(accreditations: readonly Accreditation[]): string[] {
  return [...new Set(accreditations.map((row) => row.institution))].sort();
}

/** Bits of a list that was verified when it was taken. */
function bitsOf(credential: string): Uint8Array {
  const { credentialSubject } = JSON.parse(credential) as { credentialSubject: { encodedList: string } };
  return decodeBitstring(credentialSubject.encodedList, MIN_STATUS_LIST_ENTRIES);
}

function clearsBit(held: Uint8Array, offered: Uint8Array): boolean {
  return held.some((byte, i) => (byte & ~(offered[i] ?? 0)) !== 0);
}

function validFromOf(credential: string): number {
  return Date.parse((JSON.parse(credential) as { validFrom: string }).validFrom);
}
