import type { PersonalFacts } from '../../shared/proof/forms/personal-facts.js';
import type { OfferRequest } from './offer-request.js';

/** Personal facts as a clerk sends them, in the form the SD-JWT VC is made from. */
export function personalOf({ idNumber, birthDate, photo }: NonNullable<OfferRequest['personal']>): PersonalFacts {
  return {
    ...(idNumber === undefined ? {} : { idNumber }),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(photo && { photo: { mediaType: photo.mediaType, bytes: new Uint8Array(Buffer.from(photo.base64, 'base64')) } }),
  };
}
