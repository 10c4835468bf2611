import { createHash } from "node:crypto";
import type { LocalClock } from "../../../kit/clock.ts";
import { type FieldPath, getField, parseFieldPath } from "../field-paths.ts";
import type { Concurrency } from "../transactions/concurrency.ts";
import type { FieldOverride, StoredDocument } from "../types.ts";
import type { Database } from "./database.ts";
import { toMicros } from "./micros.ts";
import type { Store } from "./store.ts";

const HOUR_MS = 3_600_000;

/**
 * Firestore deletes within 24 hours after expiry and until then still returns the document:
 * https://firebase.google.com/docs/firestore/ttl#ttl_deletion
 */
const MAX_DELAY_HOURS = 24;

/** What `Expiry` needs. */
export interface ExpiryParts {
  readonly clock: LocalClock;
  readonly store: Store;
  readonly concurrency: Concurrency;
  /** Overrides with `ttl` are the policies. */
  readonly overrides: readonly FieldOverride[];
}

/**
 * Deletes documents that have expired by a TTL policy. Each is deleted up to a day late, with a
 * delay derived from its name, so that no code can rely on the time. Deletions run on the hour as
 * ordinary commits, which wait for locks and reach listeners. Documents without a policy cost
 * nothing, and one timer serves all others.
 */
export class Expiry {
  #parts: ExpiryParts;
  #policies: ReadonlyMap<string, FieldPath>;
  /** The documents by the hour of their deletion, in hours since the epoch. */
  #byHour = new Map<number, Map<string, Database>>();
  #hourOf = new Map<string, number>();
  #unsubscribe: () => void;
  #timer: { readonly hour: number; readonly stop: () => void } | undefined;

  constructor(parts: ExpiryParts) {
    this.#parts = parts;
    this.#policies = new Map(
      parts.overrides
        .filter(({ ttl }) => ttl)
        .map(({ collectionGroup, fieldPath }) => [collectionGroup, parseFieldPath(fieldPath)]),
    );
    for (const [database, document] of parts.store.all()) {
      this.#follow(database, document.name, document);
    }
    this.#unsubscribe = parts.store.subscribe((database, changes) => {
      for (const { name, after } of changes) this.#follow(database, name, after);
    });
  }

  /** Stops all deletions. */
  close(): void {
    this.#unsubscribe();
    this.#timer?.stop();
  }

  #follow(database: Database, name: string, document: StoredDocument | undefined): void {
    const end = name.lastIndexOf("/");
    const policy = this.#policies.get(name.slice(name.lastIndexOf("/", end - 1) + 1, end));
    if (policy === undefined) return;
    this.#forget(name);
    const expiresAt = document && getField(document.fields, policy);
    if (expiresAt?.valueType !== "timestampValue") return;
    const expiresAtMs = toMicros(expiresAt.timestampValue) / 1000;
    const earliestMs = Math.max(expiresAtMs, this.#parts.clock.nowMs());
    this.#plan(database, name, Math.ceil(earliestMs / HOUR_MS) + delayHoursOf(name));
  }

  #forget(name: string): void {
    const hour = this.#hourOf.get(name);
    if (hour === undefined) return;
    this.#hourOf.delete(name);
    const others = this.#byHour.get(hour);
    others?.delete(name);
    if (others?.size === 0) this.#byHour.delete(hour);
  }

  #plan(database: Database, name: string, hour: number): void {
    this.#hourOf.set(name, hour);
    const others = this.#byHour.get(hour) ?? new Map<string, Database>();
    this.#byHour.set(hour, others.set(name, database));
    if (this.#timer === undefined || hour < this.#timer.hour) this.#wakeAt(hour);
  }

  #wakeAt(hour: number): void {
    this.#timer?.stop();
    const sweep = () => {
      this.#timer = undefined;
      this.#sweep(hour);
    };
    const stop = this.#parts.clock.at(hour * HOUR_MS, sweep, () => ({
      service: "Firestore",
      what: "deletes documents whose time to live is over",
      about: `${this.#byHour.get(hour)?.size ?? 0} documents`,
    }));
    this.#timer = { hour, stop };
  }

  #sweep(hour: number): void {
    const due = this.#byHour.get(hour) ?? new Map<string, Database>();
    this.#byHour.delete(hour);
    for (const [name, database] of due) {
      this.#hourOf.delete(name);
      void this.#delete(database, name, hour);
    }
    const next = Math.min(...this.#byHour.keys());
    if (Number.isFinite(next) && this.#timer === undefined) this.#wakeAt(next);
  }

  /**
   * A document that changes meanwhile is rescheduled by that change. A locked one is retried an
   * hour later.
   */
  async #delete(database: Database, name: string, hour: number): Promise<void> {
    const document = database.get(name);
    if (document === undefined) return;
    const { updateTime } = document;
    const deletion = {
      name,
      content: null,
      transforms: [],
      precondition: { conditionType: "updateTime", updateTime } as const,
    };
    try {
      await this.#parts.concurrency.commit(database, [deletion]);
    } catch {
      if (database.get(name) === document) this.#plan(database, name, hour + 1);
    }
  }
}

/** A delay from 0 to below 24 hours that is the same for a document in every run. */
function delayHoursOf(name: string): number {
  return createHash("sha256").update(name).digest().readUInt32BE() % MAX_DELAY_HOURS;
}
