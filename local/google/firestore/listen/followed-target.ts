import type { Change } from "../storage/database.ts";
import { type Micros, toTimestamp } from "../storage/micros.ts";
import type { StoredDocument } from "../types.ts";
import type { Source } from "./target.ts";

/** One message to a listener. */
export type ListenResponse = Readonly<Record<string, unknown>>;

/** A listener's target, and the documents that the listener already knows. */
export class FollowedTarget {
  readonly id: number;
  #source: Source;
  #shown: Map<string, StoredDocument>;

  /** `shown` are the documents that the listener already knows. */
  constructor(id: number, source: Source, shown: readonly StoredDocument[]) {
    this.id = id;
    this.#source = source;
    this.#shown = new Map(shown.map((document) => [document.name, document]));
  }

  /** The messages that update the listener from what it knows to the current state. */
  catchUp(exists: (name: string) => boolean, atMicros: Micros): ListenResponse[] {
    const results = new Map(
      this.#source.results().map((document) => [document.name, document] as const),
    );
    const gone = [...this.#shown.keys()].filter((name) => !results.has(name));
    const missing = this.#source.names.filter((name) => !results.has(name));
    return [
      ...new Set([...gone, ...missing]).values().map((name) => this.#hide(name, exists, atMicros)),
      ...[...results.values()].flatMap((document) => this.#show(document)),
    ];
  }

  /** The messages about a commit; empty if it does not affect this target. */
  follow(
    changes: readonly Change[],
    exists: (name: string) => boolean,
    atMicros: Micros,
  ): ListenResponse[] {
    const { resultOf } = this.#source;
    const affecting = changes.filter((change) => this.#source.isAffectedBy(change));
    if (affecting.length === 0) return [];
    if (resultOf === undefined) return this.catchUp(exists, atMicros);
    return affecting.flatMap(({ name, after }) => {
      const result = after === undefined ? undefined : resultOf(after);
      if (result !== undefined) return this.#show(result);
      return this.#shown.has(name) ? [this.#hide(name, exists, atMicros)] : [];
    });
  }

  #show(document: StoredDocument): ListenResponse[] {
    const known = this.#shown.get(document.name);
    if (known !== undefined && isSameVersion(known, document)) return [];
    this.#shown.set(document.name, document);
    return [{ documentChange: { document, targetIds: [this.id], removedTargetIds: [] } }];
  }

  #hide(document: string, exists: (name: string) => boolean, atMicros: Micros): ListenResponse {
    this.#shown.delete(document);
    const removal = { document, removedTargetIds: [this.id], readTime: toTimestamp(atMicros) };
    return exists(document) ? { documentRemove: removal } : { documentDelete: removal };
  }
}

function isSameVersion(left: StoredDocument, right: StoredDocument): boolean {
  return (
    left.updateTime.seconds === right.updateTime.seconds &&
    left.updateTime.nanos === right.updateTime.nanos
  );
}
