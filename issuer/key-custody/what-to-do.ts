import type { KeyInfo } from '../../keys/custody.js';
import type { AuthorityKnowledge } from './authority-knowledge.js';

/**
 * The next step for a key: `tell-authority`: hand its record to the authority and import the new bundle; `activate`: it may take over;
 * `replace`: the authority no longer lets it sign; `rotate`: it signs for a year now; `tell-end`: the authority does not know it ended;
 * `tell-compromise`: verifiers still accept it.
 */
export const KEY_STEPS = [
  'none',
  'tell-authority',
  'activate',
  'replace',
  'rotate',
  'tell-end',
  'tell-compromise',
] as const;

/** One of {@link KEY_STEPS}. */
export type KeyStep = (typeof KEY_STEPS)[number];

const YEAR_MS = 365 * 24 * 3600_000;

/** What a custodian should do about a key next. */
export function nextStep(
  { state, validFrom }: Pick<KeyInfo, 'state' | 'validFrom'>,
  authority: Pick<AuthorityKnowledge, 'state'>,
  now: Date,
): KeyStep {
  const isKnown = authority.state === 'listed';
  switch (state) {
    case 'next':
      return isKnown ? 'activate' : 'tell-authority';
    case 'active':
      if (authority.state === 'ended' || authority.state === 'compromised') return 'replace';
      if (!isKnown) return 'tell-authority';
      return now.getTime() - Date.parse(validFrom) > YEAR_MS ? 'rotate' : 'none';
    case 'retired':
      return isKnown || authority.state === 'later' ? 'tell-end' : 'none';
    case 'compromised':
      return isKnown || authority.state === 'later' || authority.state === 'ended' ? 'tell-compromise' : 'none';
  }
}
