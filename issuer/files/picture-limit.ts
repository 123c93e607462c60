/** Largest picture taken for print, in bytes. */
export const MAX_PICTURE_BYTES = 2_000_000;
