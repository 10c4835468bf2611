/** Segments of letters, digits, `-` and `_`, so that no browser reads it as another site's address. */
const OWN_PATH = /^(?:\/[\w-]{1,200}){1,4}$/;

/** Whether a text is a path of this site, and nothing else. */
export function isOwnPath(text: string): boolean {
  return OWN_PATH.test(text);
}
