/** The view `verify-view`. */
export function VerifyView() {
  return null;
}
