import type { Cloud } from "../../local/cloud/cloud.ts";
import type { Value } from "../../local/google/firestore/types.ts";
import type { StripeEvent } from "../models/stripe-books.ts";

/** A document's fields as plain values; times are milliseconds, rounded up. */
export type Fields = Readonly<Record<string, unknown>>;

/** A commit's change to one document. */
export interface StoredChange {
  /** Relative to the database's root, such as `orders/1`. */
  readonly path: string;
  readonly before: Fields | undefined;
  readonly after: Fields | undefined;
}

/** An event, in the order of occurrence. */
export type Entry<Seen = unknown> =
  | { readonly kind: "stripe"; readonly event: StripeEvent }
  | { readonly kind: "commit"; readonly atMs: number; changes(): readonly StoredChange[] }
  | { readonly kind: "seen"; readonly seen: Seen };

/** Documents about money, parcels, and what both depend on. */
const RECORDED =
  /^(?:orders\/[^/]+(?:\/refunds\/[^/]+)?|builders\/[^/]+\/debts\/[^/]+|ledger\/.+|lobbies\/[^/]+|payouts\/[^/]+|processed\/[^/]+|parcels\/[^/]+|cases\/[^/]+|(?:shipping_terms|inventory|auctions)\/[^/]+)$/;

/**
 * A run's inputs, outputs and commits: Stripe's events, commits, and whatever else is watched.
 * Stripe's events precede the first commit after them.
 */
export class SimulationRecord {
  readonly #entries: Entry[] = [];
  readonly #cloud: Pick<Cloud, "stripe">;
  #events = 0;
  #look: () => readonly unknown[] = () => [];

  constructor(cloud: Pick<Cloud, "stripe" | "onCommit">) {
    this.#cloud = cloud;
    cloud.onCommit?.((_database, changes, atMicros) => {
      const known = changes.flatMap(({ name, before, after }) => {
        const path = name.slice(name.indexOf("/documents/") + "/documents/".length);
        return RECORDED.test(path) ? [{ path, before, after }] : [];
      });
      if (known.length === 0) return;
      this.#catchUp();
      // Most simulations are checked once, so nothing is converted before that.
      const changesOf = () =>
        known.map(({ path, before, after }) => ({
          path,
          before: before && plainFields(before.fields),
          after: after && plainFields(after.fields),
        }));
      const atMs = Math.ceil(atMicros / 1_000);
      this.#entries.push({ kind: "commit", atMs, changes: changesOf });
    });
  }

  /** From now on `look` is called before each entry and returns new facts to record. */
  watch(look: () => readonly unknown[]): void {
    this.#look = look;
  }

  /** All entries so far, in order. */
  entries(): readonly Entry[] {
    this.#catchUp();
    return this.#entries;
  }

  #catchUp(): void {
    const events = this.#cloud.stripe?.events() ?? [];
    for (const event of events.slice(this.#events)) this.#entries.push({ kind: "stripe", event });
    this.#events = events.length;
    for (const seen of this.#look()) this.#entries.push({ kind: "seen", seen });
  }
}

function plainFields(fields: Readonly<Record<string, Value>>): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)]));
}

function plain(value: Value): unknown {
  switch (value.valueType) {
    case "integerValue":
      return Number(value.integerValue);
    case "doubleValue":
      return value.doubleValue;
    case "booleanValue":
      return value.booleanValue;
    case "stringValue":
      return value.stringValue;
    case "timestampValue": {
      const { seconds, nanos } = value.timestampValue;
      return Number(seconds) * 1_000 + Math.ceil(nanos / 1_000_000);
    }
    case "arrayValue":
      return value.arrayValue.values.map(plain);
    case "mapValue":
      return plainFields(value.mapValue.fields);
    default:
      return null;
  }
}
