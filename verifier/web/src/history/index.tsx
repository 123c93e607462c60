/** The view `history`. */
export function HistoryView() {
  return null;
}
