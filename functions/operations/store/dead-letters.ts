import {
  type ChangesOf,
  type DocumentOf,
  VERSION_FIELD,
} from "../../../shared/documents/define-document.ts";
import {
  type DeadLetterState,
  deadLetterDocument,
} from "../../../shared/documents/definitions/dead-letter.ts";
import { type DeadLetter, REPLAY_ATTRIBUTE } from "../../../shared/events/message-dead-lettered.ts";
import type { Database, DocumentSnapshot, Query } from "../../../shared/ports/database.ts";

/** A complete stored dead letter. */
export type KeptDeadLetter = DocumentOf<typeof deadLetterDocument>;

/** A dead letter as a list shows it. */
export type DeadLetterSummary = Pick<KeptDeadLetter, "id" | (typeof SUMMARY)[number]>;

/** The fields of a summary. */
const SUMMARY = ["functionName", "reason", "keptAt", "state", "attempts"] as const;
const readSummary = deadLetterDocument.part(...SUMMARY);
const SUMMARY_NAMES = SUMMARY.map((name) => deadLetterDocument.fields[name].storedName);

/** The outcome of beginning a replay. */
export type ReplayStart =
  | { readonly outcome: "ready"; readonly replayId: string; readonly number: number }
  | { readonly outcome: "unknown" | "under-way" | "replayed" | "discarded" };

/** Documents per query. */
const PAGE = 500;
/** How long a replay may take; after that it counts as crashed. */
const REPLAY_TAKES_MS = 60_000;

export type DeadLetters = ReturnType<typeof createDeadLetters>;

/**
 * The `dead_letters` collection: messages that could not be handled, stored permanently. A dead letter is open until
 * an operator replays or discards it, and is reopened if its replay fails.
 */
export function createDeadLetters(database: Database) {
  const collection = async () => deadLetterDocument.all(await database());

  /** Changes a dead letter in a transaction; returns the result of `decide`, or undefined without a dead letter. */
  const change = async <T>(
    id: string,
    decide: (deadLetter: KeptDeadLetter) => { changes?: Changes; result: T },
  ): Promise<T | undefined> => {
    const firestore = await database();
    const place = deadLetterDocument.place(firestore, id);
    return firestore.runTransaction(async (transaction) => {
      const snapshot = await transaction.get(place);
      if (!snapshot.exists) return undefined;
      const { changes, result } = decide(toDeadLetter(snapshot));
      if (changes) deadLetterDocument.update(transaction, place, changes);
      return result;
    });
  };

  return {
    /**
     * Stores a failure and returns the id of its dead letter. A failed replay reopens the original dead letter and is
     * added to its history. Idempotency: a failure that is delivered again changes nothing.
     */
    async keep(deadLetter: DeadLetter, traceId: string | undefined, now: Date): Promise<string> {
      const deadLetters = await collection();
      const replayId = deadLetter.attributes[REPLAY_ATTRIBUTE] ?? deadLetter.id;
      const sentAgain = await deadLetters
        .where("replay_ids", "array-contains", replayId)
        .limit(1)
        .get();
      const [before] = sentAgain.docs;
      const failed = { what: "failed", at: now, reason: deadLetter.reason } as const;
      if (!before) {
        const place = deadLetters.doc(deadLetter.id);
        await deadLetterDocument.createNow(place, {
          functionName: deadLetter.functionName,
          reason: deadLetter.reason,
          attributes: deadLetter.attributes,
          body: deadLetter.body,
          keptAt: now,
          traceId,
          isReport: deadLetter.isReport ?? false,
          state: "open",
          attempts: 1,
          history: [failed],
        });
        return deadLetter.id;
      }
      await change(before.id, ({ attempts, history, failedReplayIds }) => {
        if (failedReplayIds.includes(replayId)) return { result: undefined };
        const changes: Changes = {
          state: "open",
          attempts: attempts + 1,
          keptAt: now,
          reason: deadLetter.reason,
          failedReplayIds: [...failedReplayIds, replayId],
          replayBegunAt: undefined,
          traceId,
          history: [...history, failed],
        };
        return { changes, result: undefined };
      });
      return before.id;
    },

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

    /**
     * Begins a replay of an open dead letter: from now on, a failure under `replayId` belongs to this dead letter. With
     * `isAgain`, also replays one that was replayed or discarded before. Of two concurrent calls, one gets `ready`.
     * Crash safety: after a crash before `replayed`, the state stays and a replay can begin again a minute later.
     */
    async beginReplay(
      id: string,
      idOfReplay: (number: number) => string,
      now: Date,
      isAgain: boolean,
    ): Promise<ReplayStart> {
      const start = await change<ReplayStart>(id, ({ state, replayIds, replayBegunAt }) => {
        if (state !== "open" && !isAgain) return { result: { outcome: state } };
        const sinceMs = now.getTime() - (replayBegunAt?.getTime() ?? Number.NEGATIVE_INFINITY);
        if (sinceMs < REPLAY_TAKES_MS) return { result: { outcome: "under-way" } };
        const number = replayIds.length + 1;
        const replayId = idOfReplay(number);
        const changes = { replayIds: [...replayIds, replayId], replayBegunAt: now };
        return { changes, result: { outcome: "ready", replayId, number } };
      });
      return start ?? { outcome: "unknown" };
    },

    /** Records a replay sent at `at`. The dead letter stays open if the replay's failure was stored first. */
    async replayed(id: string, replayId: string, at: Date): Promise<DeadLetterState> {
      const after = await change<DeadLetterState>(id, ({ history, failedReplayIds }) => {
        const state = failedReplayIds.includes(replayId) ? "open" : "replayed";
        const sent = { what: "replayed", at, reason: undefined } as const;
        // A failure at the same moment is this replay's, so it is sorted after it.
        const inOrder = [sent, ...history].sort((one, two) => one.at.getTime() - two.at.getTime());
        return { changes: { state, replayBegunAt: undefined, history: inOrder }, result: state };
      });
      return after ?? "replayed";
    },

    /** Discards an open dead letter; returns its previous state, or undefined without a dead letter. */
    discard(id: string, reason: string, now: Date): Promise<DeadLetterState | undefined> {
      return change(id, ({ state, history }) => {
        if (state !== "open") return { result: state };
        const discarded = { what: "discarded", at: now, reason } as const;
        const changes: Changes = { state: "discarded", history: [...history, discarded] };
        return { changes, result: state };
      });
    },
  };
}

type Changes = ChangesOf<typeof deadLetterDocument>;

async function* pages(query: Query): AsyncGenerator<DocumentSnapshot> {
  let page = await query.get();
  for (;;) {
    yield* page.docs;
    const last = page.docs.at(-1);
    if (!last || page.docs.length < PAGE) return;
    page = await query.startAfter(last).get();
  }
}

/** Reads a dead letter. One stored before states were introduced is open and has failed once. */
function toDeadLetter(snapshot: DocumentSnapshot): KeptDeadLetter {
  const deadLetter = deadLetterDocument.read(snapshot);
  const { keptAt: at, reason, history } = deadLetter;
  return history.length > 0
    ? deadLetter
    : { ...deadLetter, history: [{ what: "failed", at, reason }] };
}
