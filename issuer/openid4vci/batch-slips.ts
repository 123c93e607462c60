import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import type { RowRange } from '../batch/output/batch-certificates.js';
import { SLIPS_IN_FILE, type Slip } from '../files/print/messages.js';
import type { Institution } from '../institutions.js';
import type { CredentialOffers } from './credential-offers.js';
import { offerableLines, type OfferLine } from './offer-lines.js';
import type { OfferRequest } from './offer-request.js';

/** What is offered on slips. */
export interface BatchSlips extends RowRange {
  institution: Institution;
  batch: string;
  request: OfferRequest;
  /** Who makes them: API key or account. */
  actor: string;
}

/**
 * Makes an offer for each certificate of a batch, also for those still to be issued, as slips to print. Codes are withheld as
 * {@link CredentialOffers.make} says.
 * @throws YizhengError `SLIPS_TOO_MANY` (422): more than a file holds, choose rows; `BATCH_NOTHING_TO_OFFER` (409): none in these rows;
 *   `FONT_GLYPH_MISSING` (422) before anything is offered; as `CredentialOffers.make`
 */
export async function makeBatchSlips(knex: Knex, offers: CredentialOffers, wanted: BatchSlips): Promise<Slip[]> {
  const { institution, batch, from, to, request, actor } = wanted;
  const lines: OfferLine[] = [];
  for await (const page of offerableLines(knex, { institution: institution.code, batch, from, to })) {
    lines.push(...page);
    if (lines.length > SLIPS_IN_FILE)
      throw new YizhengError(
        'SLIPS_TOO_MANY',
        `A file holds at most ${SLIPS_IN_FILE} slips; say from which row to which.`,
        { status: 422 },
      );
  }
  if (lines.length === 0)
    throw new YizhengError('BATCH_NOTHING_TO_OFFER', 'There is nothing to be offered in these rows.', { status: 409 });
  // The fonts and what reads them take 20 MB, which a service that prints no slips has no use for.
  const { assertDrawable } = await import('../files/certificate-fonts.js');
  for (const { name } of lines) assertDrawable('name', name, 'bold');
  const made = await offers.make(
    institution,
    lines.map(({ subject }) => subject),
    request,
    actor,
  );
  return lines.flatMap(({ row, name, number }, i) => {
    const offer = made[i];
    if (!offer) return [];
    const { uri, walletLink, txCode, expiresAt } = offer;
    const certificate = number === '' ? `第 ${row} 行 · row ${row}` : number;
    return [
      {
        holder: name,
        certificate,
        uri,
        ...(walletLink !== undefined && { walletLink }),
        expiresAt,
        ...(txCode !== undefined && { txCode }),
      },
    ];
  });
}
