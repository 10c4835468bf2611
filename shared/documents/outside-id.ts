/**
 * Ids of our documents, of Stripe's objects, of orders from before this system: letters, digits, `-`
 * and `_`. So there is no slash and no dot that could lead to another path.
 */
const ID = /^[A-Za-z0-9_-]{1,200}$/;

/** Firestore reserves these. https://firebase.google.com/docs/firestore/quotas#limits */
const RESERVED = /^__.*__$/;

/** https://docs.discord.com/developers/reference#snowflakes */
const SNOWFLAKE = /^[0-9]{1,20}$/;

/**
 * Reads an id that arrived from outside: an option, a button, a form, a URL, a body, another service's
 * metadata. Blanks around it are allowed. Undefined for everything that cannot be a document's id, so that
 * what Firestore would refuse never reaches it.
 */
export function readId(value: unknown): string | undefined {
  const id = typeof value === "string" ? value.trim() : "";
  return ID.test(id) && !RESERVED.test(id) ? id : undefined;
}

/** The same for an id of Discord's, or one that is made from it: digits alone. */
export function readSnowflake(value: unknown): string | undefined {
  const id = readId(value);
  return id !== undefined && SNOWFLAKE.test(id) ? id : undefined;
}

/** Whether a text is exactly such an id, for schemas. */
export function isId(text: string): boolean {
  return readId(text) === text;
}

/** The same for Discord's ids. */
export function isSnowflake(text: string): boolean {
  return readSnowflake(text) === text;
}
