declare global {
  interface JSON {
    /** Text that `stringify` copies unchanged (ECMAScript's "JSON.parse source text access"). */
    rawJSON(text: string): object;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

/** The values of a response. */
export type JsonValue = string | number | null | object;

/** A JSON number in its original notation. */
export class JsonNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/**
 * Parses JSON with every number as a `JsonNumber`, so that no digits are lost. Throws for invalid
 * JSON.
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, { source }: { source?: string }) =>
    typeof value === "number" ? new JsonNumber(source ?? String(value)) : value,
  );
}

/** An integer that `JSON.stringify` writes with all its digits. */
export function wholeNumber(value: bigint): object {
  return JSON.rawJSON(String(value));
}
