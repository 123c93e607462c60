import { z } from 'zod';

/** A DID, e.g. `did:web:hrss.example`. */
export const didOption = z.string().regex(/^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/, { error: 'expected a DID' });

/** RFC 3339 with a time zone; gives UTC text with whole seconds. */
export const instantOption = z.iso
  .datetime({ offset: true, error: 'expected an instant like 2026-11-21T08:00:00+08:00' })
  .transform((text) => `${new Date(text).toISOString().slice(0, 19)}Z`);

/** Address of a service, without the last slash: https, or http on this machine. */
export const serviceUrlOption = z
  .string()
  .regex(/^(?:https:\/\/[a-z0-9.-]+|http:\/\/(?:localhost|127\.0\.0\.1))(?::\d{1,5})?(?:\/[A-Za-z0-9._~/-]*)?$/, {
    error: 'expected an https address (http for localhost only)',
  })
  .transform((url) => url.replace(/\/$/, ''));
