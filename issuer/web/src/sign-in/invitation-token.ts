const FORM = /^#invitation=([A-Za-z0-9_-]{43})$/;
let token: string | undefined;

/** Takes an invitation out of the address, where nobody who looks over a shoulder or into the history should find it. */
export function takeInvitation(): void {
  const found = FORM.exec(location.hash)?.[1];
  if (found === undefined) return;
  token = found;
  history.replaceState(null, '', location.pathname + location.search);
}

/** The invitation this page was opened with. */
export function invitationToken(): string | undefined {
  return token;
}

/** It was used. */
export function forgetInvitation(): void {
  token = undefined;
}
