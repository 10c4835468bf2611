declare global {
  interface JSON {
    /** Text that `stringify` copies unchanged (ECMAScript's "JSON.parse source text access"). */
    rawJSON(text: string): object;
  }
}

/** The values of a response. */
export type JsonValue = string | number | null | object;

/** An integer that `JSON.stringify` writes with all its digits. */
export function wholeNumber(value: bigint): object {
  return JSON.rawJSON(String(value));
}
