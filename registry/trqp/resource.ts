import { certificateKind, KIND_IDS } from '../../shared/certificate/kind.js';
import { findLevel } from '../../shared/certificate/level.js';
import { YizhengError } from '../../shared/errors.js';
import type { CertificateFacts } from '../../shared/trust/types.js';

/** A qualification as TRQP names it. */
export type Qualification = Pick<CertificateFacts, 'kind' | 'occupation' | 'level'>;

const FORM = /^urn:yizheng:q:([a-z-]{1,40}):([A-Za-z0-9.%-]{1,300}):([a-z0-9-]{1,40}):([a-z0-9-]{1,40})$/;
const NONE = '-';

/**
 * Reads `urn:yizheng:q:<kind>:<occupation>:<framework>:<level>` (TRUST §4). `-` stands for what a kind does not have; items of permits
 * are percent-encoded in place of the occupation. Occupations are those of the 2022 catalogue.
 * @throws YizhengError `RESOURCE_UNKNOWN` (404)
 */
export function parseResource(resource: string): Qualification {
  const [, kindText, occupation = NONE, framework = NONE, value = NONE] = FORM.exec(resource) ?? [];
  const kind = KIND_IDS.find((id) => id === kindText);
  if (kind === undefined) throw unknown('expected urn:yizheng:q:<kind>:<occupation>:<framework>:<level>');
  const { frameworks, hasOccupation } = certificateKind(kind);
  const level = { framework, value };
  const leveled = framework !== NONE || value !== NONE;
  if (leveled ? !frameworks.includes(framework) || !findLevel(level) : frameworks.length > 0)
    throw unknown('this kind of certificate has no such level');
  if (hasOccupation && occupation === NONE) throw unknown('this kind of certificate names an occupation');
  return {
    kind,
    ...(occupation !== NONE && {
      occupation: { code: decoded(occupation), catalogueEdition: hasOccupation ? '2022' : 'permit' },
    }),
    ...(leveled && { level }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unknown('its percent-encoding is broken');
  }
}

function unknown(detail: string): YizhengError {
  return new YizhengError('RESOURCE_UNKNOWN', `The resource is not known: ${detail}.`, {
    at: '/resource',
    status: 404,
  });
}
