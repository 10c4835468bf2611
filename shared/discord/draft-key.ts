/** Under which Redis has a form as someone sent it. */
export function draftKey(userId: string, form: string, interactionId: string): string {
  return `form-draft:${userId}:${form}:${interactionId}`;
}

/** The pattern of the keys of all forms that someone sent. */
export function draftKeysOf(userId: string): string {
  return `form-draft:${userId}:*`;
}
