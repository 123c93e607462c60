import type { Authority } from '../../registry/index.js';
import type { RootPin } from '../../shared/trust/verify-feed.js';
import { AUTHORITIES, INSTITUTIONS, recognition } from './alliance.js';
import type { OpenAlliance } from './open-alliance.js';

const ACTOR = 'demo';

/** An authority of the demo with what a verifier pins. */
export interface SeededAuthority extends Authority {
  root: RootPin;
  bundleUrl: string;
}

/**
 * Brings the demo alliance up: authorities with their registries, institutions with their keys, accreditations, recognitions both
 * ways, publication. What is there already stays as it is.
 * @param say called before each step
 */
export async function seedAlliance(
  alliance: OpenAlliance,
  say: (chinese: string, english: string) => void,
): Promise<SeededAuthority[]> {
  const { issuer, registry, addresses } = alliance;
  const { authorities, statements } = registry.service;
  const seeded: SeededAuthority[] = [];
  for (const { slug, name } of AUTHORITIES) {
    // Whoever tries the demo is alone; a real authority needs a second person.
    const authority = await authorities.create({ slug, name, dualControl: [] }, ACTOR);
    const { version, digestMultibase } = await authorities.root(slug);
    const bundleUrl = `${addresses.registry}/authorities/${slug}/bundle.json`;
    seeded.push({ ...authority, root: { version, digestMultibase }, bundleUrl });
  }
  const bySlug = (slug: string): SeededAuthority => {
    const found = seeded.find((authority) => authority.slug === slug);
    if (!found) throw new TypeError(`no demo authority ${slug}`);
    return found;
  };

  say('登记机构与备案', 'registering and accrediting institutions');
  for (const { code, name, authority, accreditation, isDesk = false } of INSTITUTIONS) {
    const { did, root, bundleUrl } = bySlug(authority);
    const { institution } = await issuer.service.institutions.create(
      { code, name, authority: { did, root, bundleUrl }, requiresApproval: isDesk },
      ACTOR,
    );
    const known = await statements.list(authority, 'accreditation');
    if (known.some(({ statement }) => statement.institution === institution.did)) continue;
    await statements.accredit(
      authority,
      { institution: institution.did, legalName: name, institutionCode: code, ...accreditation },
      ACTOR,
    );
  }

  say('签署互认声明', 'signing statements of recognition');
  for (const { slug, recognises } of AUTHORITIES) {
    const known = await statements.list(slug, 'recognition');
    for (const other of recognises.map(bySlug)) {
      if (known.some(({ statement }) => statement.subject === other.did)) continue;
      const parties = [bySlug(slug).did, other.did].sort();
      await statements.recognise(slug, recognition(other, parties), ACTOR);
    }
  }
  await publishAlliance(alliance);
  return seeded;
}

/**
 * Publishes every authority twice over: first each its own feed, then bundles with the partners' newest feeds; then the issuer takes
 * the bundles in.
 * @throws YizhengError as `update`
 */
export async function publishAlliance({ issuer, registry }: OpenAlliance): Promise<void> {
  for (const { slug } of AUTHORITIES) await registry.service.update(slug, ACTOR);
  for (const { slug } of AUTHORITIES) await registry.service.update(slug, ACTOR);
  await issuer.service.accreditations.refresh(await issuer.service.institutions.list());
}
