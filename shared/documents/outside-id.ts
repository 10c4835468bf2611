/**
 * Ids of our documents, of Stripe's objects and of orders older than this system: letters, digits, `-` and `_`. Slashes
 * and dots, which could lead to another path, are not allowed.
 */
const ID = /^[A-Za-z0-9_-]{1,200}$/;

/** Firestore reserves these. https://firebase.google.com/docs/firestore/quotas#limits */
const RESERVED = /^__.*__$/;

/** https://docs.discord.com/developers/reference#snowflakes */
const SNOWFLAKE = /^[0-9]{1,20}$/;

/**
 * Reads an id that arrived from outside: an option, a button, a form, a URL, a body, another service's
 * metadata. Spaces around it are allowed. Undefined for anything that cannot be a document's id, so that an id that
 * Firestore refuses never reaches it.
 */
export function readId(value: unknown): string | undefined {
  const id = typeof value === "string" ? value.trim() : "";
  return ID.test(id) && !RESERVED.test(id) ? id : undefined;
}

/** The same for a Discord id, or an id made from one: only digits. */
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
