import { join } from 'node:path';
import { offerRequestSchema, type NewOffer } from '../../issuer/openid4vci/index.js';
import { offerSlip } from '../offer-slip.js';
import { replaceFile } from '../replace-file.js';
import { INSTITUTIONS } from './alliance.js';
import type { SampleCertificate } from './issue-sample.js';
import type { OpenAlliance } from './open-alliance.js';

/** An offer of the demo's certificate to a wallet. */
export interface SampleOffer extends NewOffer {
  /** The same as a slip to print. */
  slip: string;
}

/** Offers the demo's certificate to a wallet through the ordinary path; every run makes a new offer. */
export async function offerSample({ issuer }: OpenAlliance, sample: SampleCertificate): Promise<SampleOffer> {
  const { institutions, openid4vci } = issuer.service;
  const institution = await institutions.get(INSTITUTIONS[0]?.code ?? '');
  const { id, certificateNumber } = sample.certificate;
  const made = await openid4vci.offers.offerCertificate(institution, id, offerRequestSchema.parse({}), 'demo');
  const slip = join(sample.folder, 'offer-slip.html');
  await replaceFile(slip, offerSlip({ ...made, certificate: certificateNumber }));
  return { ...made, slip };
}
