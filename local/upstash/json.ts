declare global {
  interface JSON {
    /** Text that `stringify` copies as it is (ECMAScript's "JSON.parse source text access"). */
    rawJSON(text: string): object;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

/** What an answer is made of. */
export type JsonValue = string | number | null | object;

/** A number of a JSON text as it was written there. */
export class JsonNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** Parses JSON with every number as a `JsonNumber`, so that none loses digits. Throws on anything else. */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, { source }: { source?: string }) =>
    typeof value === "number" ? new JsonNumber(source ?? String(value)) : value,
  );
}

/** An integer that `JSON.stringify` writes with all its digits. */
export function wholeNumber(value: bigint): object {
  return JSON.rawJSON(String(value));
}
