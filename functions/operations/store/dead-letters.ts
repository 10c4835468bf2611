import * as z from "zod/mini";
import {
  createdNow,
  parseDocument,
  stored,
  timestamp,
} from "../../../shared/documents/document.ts";
import { type DeadLetter, REPLAY_ATTRIBUTE } from "../../../shared/events/message-dead-lettered.ts";
import type { Database, DocumentSnapshot, Query } from "../../../shared/ports/database.ts";

/** A dead letter's state; an `open` one still needs an operator. */
export const deadLetterStates = ["open", "replayed", "discarded"] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

/** An event in a dead letter's history. */
export interface DeadLetterEvent {
  readonly what: "failed" | "replayed" | "discarded";
  readonly at: Date;
  /** Why it failed or was discarded. */
  readonly reason: string | undefined;
}

/** A dead letter as a list shows it. */
export interface DeadLetterSummary {
  readonly id: string;
  readonly functionName: string;
  /** The reason of the last failure. */
  readonly reason: string;
  readonly state: DeadLetterState;
  /** The time of the last failure. */
  readonly keptAt: Date;
  /** The number of failures: the first, plus one for each replay that failed. */
  readonly attempts: number;
}

/** A complete stored dead letter. */
export interface KeptDeadLetter extends DeadLetterSummary {
  readonly attributes: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isReport: boolean;
  readonly history: readonly DeadLetterEvent[];
  /** The ids of its replays. */
  readonly replayIds: readonly string[];
}

/** The outcome of beginning a replay. */
export type ReplayStart =
  | { readonly outcome: "ready"; readonly replayId: string; readonly number: number }
  | { readonly outcome: "unknown" | "under-way" | "replayed" | "discarded" };

/** Documents per query. */
const PAGE = 500;
/** How long a replay may take; after that it counts as crashed. */
const REPLAY_TAKES_MS = 60_000;

const event = z.object({
  what: z.enum(["failed", "replayed", "discarded"]),
  at: timestamp,
  reason: stored(z.string()),
});
const summaryFields = {
  function_name: z.string(),
  reason: z.string(),
  kept_at: timestamp,
  state: z._default(z.enum(deadLetterStates), "open"),
  attempts: z._default(z.int(), 1),
};
const summaryDocument = z.object(summaryFields);
const deadLetterDocument = z.object({
  ...summaryFields,
  attributes: z.record(z.string(), z.string()),
  body: z.string(),
  is_report: z._default(z.boolean(), false),
  history: z._default(z.array(event), []),
  replay_ids: z._default(z.array(z.string()), []),
  failed_replay_ids: z._default(z.array(z.string()), []),
  replay_begun_at: stored(timestamp),
});

export type DeadLetters = ReturnType<typeof createDeadLetters>;

/**
 * The `dead_letters` collection: messages that could not be handled, stored permanently. A dead letter is open until
 * an operator replays or discards it, and is reopened if its replay fails.
 */
export function createDeadLetters(database: Database) {
  const collection = async () => (await database()).collection("dead_letters");

  /** Changes a dead letter in a transaction; returns the result of `decide`, or undefined without a dead letter. */
  const change = async <T>(
    id: string,
    decide: (deadLetter: StoredDeadLetter) => { fields?: Record<string, unknown>; result: T },
  ): Promise<T | undefined> => {
    const firestore = await database();
    const place = firestore.collection("dead_letters").doc(id);
    return firestore.runTransaction(async (transaction) => {
      const snapshot = await transaction.get(place);
      if (!snapshot.exists) return undefined;
      const { fields, result } = decide(toStored(snapshot));
      if (fields) transaction.update(place, fields);
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
        const fields = {
          function_name: deadLetter.functionName,
          reason: deadLetter.reason,
          attributes: deadLetter.attributes,
          body: deadLetter.body,
          kept_at: now,
          trace_id: traceId ?? null,
          is_report: deadLetter.isReport ?? false,
          state: "open",
          attempts: 1,
          history: [failed],
        };
        await createdNow(deadLetters.doc(deadLetter.id), fields);
        return deadLetter.id;
      }
      await change(before.id, ({ attempts, history, failedReplayIds }) => {
        if (failedReplayIds.includes(replayId)) return { result: undefined };
        const fields = {
          state: "open",
          attempts: attempts + 1,
          kept_at: now,
          reason: deadLetter.reason,
          failed_replay_ids: [...failedReplayIds, replayId],
          replay_begun_at: null,
          trace_id: traceId ?? null,
          history: [...history, failed].map(eventFields),
        };
        return { fields, result: undefined };
      });
      return before.id;
    },

    async get(id: string): Promise<KeptDeadLetter | undefined> {
      const snapshot = await (await collection()).doc(id).get();
      return snapshot.exists ? toStored(snapshot) : undefined;
    },

    /** All dead letters whose last failure was at `since` or later, oldest first, without their bodies. */
    async *since(since: Date): AsyncGenerator<DeadLetterSummary> {
      const query = (await collection())
        .where("kept_at", ">=", since)
        .orderBy("kept_at")
        .select(...Object.keys(summaryFields))
        .limit(PAGE);
      for await (const document of pages(query)) yield toSummary(document);
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
        const fields = { replay_ids: [...replayIds, replayId], replay_begun_at: now };
        return { fields, result: { outcome: "ready", replayId, number } };
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
        const fields = { state, replay_begun_at: null, history: inOrder.map(eventFields) };
        return { fields, result: state };
      });
      return after ?? "replayed";
    },

    /** Discards an open dead letter; returns its previous state, or undefined without a dead letter. */
    discard(id: string, reason: string, now: Date): Promise<DeadLetterState | undefined> {
      return change(id, ({ state, history }) => {
        if (state !== "open") return { result: state };
        const discarded = { what: "discarded", at: now, reason } as const;
        const fields = { state: "discarded", history: [...history, discarded].map(eventFields) };
        return { fields, result: state };
      });
    },
  };
}

interface StoredDeadLetter extends KeptDeadLetter {
  readonly failedReplayIds: readonly string[];
  readonly replayBegunAt: Date | undefined;
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

function eventFields({ what, at, reason }: DeadLetterEvent) {
  return { what, at, reason: reason ?? null };
}

function toSummary(snapshot: DocumentSnapshot): DeadLetterSummary {
  const fields = parseDocument(snapshot.ref.path, summaryDocument, snapshot.data());
  return summaryOf(snapshot.id, fields);
}

function summaryOf(id: string, fields: z.infer<typeof summaryDocument>): DeadLetterSummary {
  const { function_name: functionName, reason, state, kept_at: keptAt, attempts } = fields;
  return { id, functionName, reason, state, keptAt, attempts };
}

/** Reads a dead letter. One stored before states were introduced is open and has failed once. */
function toStored(snapshot: DocumentSnapshot): StoredDeadLetter {
  const fields = parseDocument(snapshot.ref.path, deadLetterDocument, snapshot.data());
  const { reason, kept_at: at, history } = fields;
  return {
    ...summaryOf(snapshot.id, fields),
    attributes: fields.attributes,
    body: fields.body,
    isReport: fields.is_report,
    history: history.length > 0 ? history : [{ what: "failed", at, reason }],
    replayIds: fields.replay_ids,
    failedReplayIds: fields.failed_replay_ids,
    replayBegunAt: fields.replay_begun_at,
  };
}
