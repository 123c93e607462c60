import type { HeldCertificate } from '../certificates/held-certificate.js';

/** A day that should not be missed. */
export interface Reminder {
  certificateId: string;
  /** A permit's review (应复审日期), the end of validity, or of an appointment. */
  kind: 'review' | 'expiry' | 'appointment';
  /** Last day, YYYY-MM-DD, China Standard Time. */
  on: string;
  /** Days left; negative when it has passed. */
  days: number;
  /** `soon` within {@link SOON_DAYS} days: building permits must be renewed in the three months before (DOMAIN §6.4). */
  urgency: 'overdue' | 'soon' | 'later';
}

/** How many days ahead a day is close. */
export const SOON_DAYS = 90;
const DAY = 86_400_000;
const CHINA = 8 * 3_600_000;

/**
 * Days to keep in mind, the nearest first. What a certificate says counts, whether it was checked lately or not.
 * @param now milliseconds since 1970
 */
export function reminders(certificates: readonly HeldCertificate[], now: number): Reminder[] {
  const today = Math.floor((now + CHINA) / DAY);
  const found = certificates.flatMap(({ id, verdict }) => {
    const record = verdict?.certificate;
    const due = [
      ['review', record?.permit?.reviewBy],
      ['expiry', record?.expiresOn],
      ['appointment', record?.appointment?.until],
    ] as const;
    return due.flatMap(([kind, on]): Reminder[] => {
      if (on === undefined) return [];
      const days = Date.parse(`${on}T00:00:00Z`) / DAY - today;
      return [
        { certificateId: id, kind, on, days, urgency: days < 0 ? 'overdue' : days <= SOON_DAYS ? 'soon' : 'later' },
      ];
    });
  });
  return found.toSorted((a, b) => a.days - b.days);
}
