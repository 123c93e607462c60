import { z } from 'zod';
import { useMemo } from 'preact/hooks';
import { Wording } from '../../../../shared/trust/explain/wording.js';
import { createTrustView } from '../../../../shared/trust/trust-view.js';
import { useStore } from '../../../../ui/app/store.js';
import { call } from '../api/call.js';
import type { Role } from '../api/schemas.js';
import { tenantPath, tenantsPath } from '../api/service.js';
import { rolesNow, sessionState } from '../api/session-state.js';
import { useCall } from '../api/use-call.js';
import { AUTHORITY } from '../app/view-access.js';
import { useText } from '../i18n/index.js';
import { authoritySchema, keptListSchema, type Authority } from './schemas.js';

const authoritiesSchema = z.object({ authorities: z.array(z.object({ did: z.string(), name: z.string() })) });

/** What every view of an authority's desk needs. */
export interface Desk {
  /** Address below which everything of the authority is. */
  path: string;
  /** Undefined until it is known. */
  authority?: Authority;
  /** Names of authorities by DID, as far as they are known. */
  names: ReadonlyMap<string, string>;
  roles: readonly Role[];
  /** Id of the account at work. */
  own: string;
  error?: unknown;
}

/** The authority whose work is shown, and what the others are called. */
export function useDesk(): Desk {
  const session = useStore(sessionState);
  const path = tenantPath(session.tenant);
  const roles = rolesNow(session);
  const reads = roles.some((role) => AUTHORITY.includes(role));
  const found = useCall(
    async (signal) => {
      const [authority, { authorities }, { statements }] = await Promise.all([
        call(path, authoritySchema, { signal }),
        call(tenantsPath(), authoritiesSchema, { signal }),
        reads ? call(`${path}/statements?kind=recognition&limit=500`, keptListSchema, { signal }) : { statements: [] },
      ]);
      const names = new Map([
        ...statements.map(({ subject }) => [subject.id, subject.name] as const),
        ...authorities.map(({ did, name }) => [did, name] as const),
        [authority.did, authority.name] as const,
      ]);
      return { authority, names };
    },
    [path, reads],
  );
  return {
    path,
    names: found.value?.names ?? NO_NAMES,
    roles,
    own: session.signedIn?.account.id ?? '',
    ...(found.value && { authority: found.value.authority }),
    ...(found.error !== undefined && { error: found.error }),
  };
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** Says names, days, levels and lists in the reader's language. @param names by DID */
export function useWording(names: ReadonlyMap<string, string>): Wording {
  const { sentences } = useText();
  return useMemo(() => {
    const view = { ...createTrustView([], ''), authorityName: (did: string) => names.get(did) };
    return new Wording(view, sentences);
  }, [names, sentences]);
}
