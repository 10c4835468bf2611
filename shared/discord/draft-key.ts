/** The key in Redis of someone's submitted form. */
export function draftKey(userId: string, form: string, interactionId: string): string {
  return `form-draft:${userId}:${form}:${interactionId}`;
}

/** The pattern of the keys of all of someone's submitted forms. */
export function draftKeysOf(userId: string): string {
  return `form-draft:${userId}:*`;
}
