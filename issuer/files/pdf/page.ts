/** Points of a length in millimetres. */
export const mm = (value: number): number => (value * 72) / 25.4;

/** A4 portrait, in points. */
export const PAGE = { width: mm(210), height: mm(297) };
/** Where texts begin and end, from the left edge. */
export const TEXT_LEFT = mm(27);
/** See {@link TEXT_LEFT}. */
export const TEXT_RIGHT = mm(183);

/** Colours no institution changes: what is read must stay readable. */
export const INK = '#1f2430';
/** For labels in English and notes. */
export const SOFT = '#6b6559';
/** The rosette behind the text. */
export const PALE = '#f3ead6';
