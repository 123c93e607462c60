/** The view `settings`. */
export function SettingsView() {
  return null;
}
