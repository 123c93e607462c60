/** The view `roster`. */
export function RosterView() {
  return null;
}
