/** The view `receipt`. */
export function ReceiptView() {
  return null;
}
