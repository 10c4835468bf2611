/** What a service will do by itself at a time. */
export interface Due {
  /** The service's name as people read it: "Cloud Tasks". */
  readonly service: string;
  /** What it will do: "settles an auction". */
  readonly what: string;
  /** What that concerns: "auctionId 15, attempt 2". */
  readonly about?: string;
}

/** Describes what a timer will do; undefined once it will do nothing. */
export type Describe = () => Due | undefined;

/** Something that a service will do, with its time in milliseconds since the epoch. */
export interface DueThing extends Due {
  readonly atMs: number;
}

/** Longer values are cut off. */
const MOST_VALUE = 60;
/** Details that only machines read. */
const UNSAID = /trace|version|schema/i;

/** The plain values of a JSON body, as people read them: "orderId 15, reason expired". */
export function saysOf(body: Buffer): string {
  try {
    return plainValues(JSON.parse(body.toString())).join(", ");
  } catch {
    return "";
  }
}

function plainValues(value: unknown, name = ""): string[] {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) =>
      UNSAID.test(key) ? [] : plainValues(inner, Array.isArray(value) ? name : key),
    );
  }
  const text = String(value);
  return text === "" || value === null ? [] : [`${name} ${text.slice(0, MOST_VALUE)}`.trim()];
}
