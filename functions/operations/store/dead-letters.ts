import { type DocumentOf, VERSION_FIELD } from "../../../shared/documents/define-document.ts";
import {
  type DeadLetterState,
  deadLetterDocument,
} from "../../../shared/documents/definitions/dead-letter.ts";
import type { Database, DocumentSnapshot, Query } from "../../../shared/ports/database.ts";
import { type DeadLetterChanges, deadLetterChanges, toDeadLetter } from "./dead-letters/change.ts";
import { createFailures } from "./dead-letters/failures.ts";
import { createReplays } from "./dead-letters/replays.ts";

/** A complete stored dead letter. */
export type KeptDeadLetter = DocumentOf<typeof deadLetterDocument>;

/** A dead letter as a list shows it. */
export type DeadLetterSummary = Pick<KeptDeadLetter, "id" | (typeof SUMMARY)[number]>;

/** The fields of a summary. */
const SUMMARY = ["functionName", "reason", "keptAt", "state", "attempts"] as const;
const readSummary = deadLetterDocument.part(...SUMMARY);
const SUMMARY_NAMES = SUMMARY.map((name) => deadLetterDocument.fields[name].storedName);

/** Documents per query. */
const PAGE = 500;

export type DeadLetters = ReturnType<typeof createDeadLetters>;

/**
 * The `dead_letters` collection: messages that could not be handled, stored permanently. A dead letter is open until
 * an operator replays or discards it, and is reopened if its replay fails.
 */
export function createDeadLetters(database: Database) {
  const collection = async () => deadLetterDocument.all(await database());
  const change = deadLetterChanges(database);

  return {
    ...createFailures(database, change),
    ...createReplays(change),

    async get(id: string): Promise<KeptDeadLetter | undefined> {
      const snapshot = await (await collection()).doc(id).get();
      return snapshot.exists ? toDeadLetter(snapshot) : undefined;
    },

    /** All dead letters whose last failure was at `since` or later, oldest first, without their bodies. */
    async *since(since: Date): AsyncGenerator<DeadLetterSummary> {
      const query = (await collection())
        .where("kept_at", ">=", since)
        .orderBy("kept_at")
        .select(VERSION_FIELD, ...SUMMARY_NAMES)
        .limit(PAGE);
      for await (const document of pages(query)) {
        yield { id: document.id, ...readSummary(document) };
      }
    },

    /** Discards an open dead letter; returns its previous state, or undefined without a dead letter. */
    discard(id: string, reason: string, now: Date): Promise<DeadLetterState | undefined> {
      return change(id, ({ state, history }) => {
        if (state !== "open") return { result: state };
        const discarded = { what: "discarded", at: now, reason } as const;
        const changes: DeadLetterChanges = {
          state: "discarded",
          history: [...history, discarded],
        };
        return { changes, result: state };
      });
    },
  };
}

async function* pages(query: Query): AsyncGenerator<DocumentSnapshot> {
  let page = await query.get();
  for (;;) {
    yield* page.docs;
    const last = page.docs.at(-1);
    if (!last || page.docs.length < PAGE) return;
    page = await query.startAfter(last).get();
  }
}
