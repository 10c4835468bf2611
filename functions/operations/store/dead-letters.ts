import * as z from "zod/mini";
import {
  createdNow,
  parseDocument,
  stored,
  timestamp,
} from "../../../shared/documents/document.ts";
import { type DeadLetter, REPLAY_ATTRIBUTE } from "../../../shared/events/message-dead-lettered.ts";
import type { Database, DocumentSnapshot, Query } from "../../../shared/ports/database.ts";

/** Whether somebody still has to see to a dead letter. */
export const deadLetterStates = ["open", "replayed", "discarded"] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

/** Something that was done with a dead letter, or came of it. */
export interface DeadLetterEvent {
  readonly what: "failed" | "replayed" | "discarded";
  readonly at: Date;
  /** Why it failed, or was discarded. */
  readonly reason: string | undefined;
}

/** A dead letter as a list shows it. */
export interface DeadLetterSummary {
  readonly id: string;
  readonly functionName: string;
  /** Why it failed the last time. */
  readonly reason: string;
  readonly state: DeadLetterState;
  /** When it failed the last time. */
  readonly keptAt: Date;
  /** How often it has come here: once, and once for each time it was sent again and failed again. */
  readonly attempts: number;
}

/** A kept dead letter, whole. */
export interface KeptDeadLetter extends DeadLetterSummary {
  readonly attributes: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isReport: boolean;
  readonly history: readonly DeadLetterEvent[];
  /** The times it was sent again, by their ids. */
  readonly replayIds: readonly string[];
}

/** What readying a dead letter to be sent again came to. */
export type ReplayStart =
  | { readonly outcome: "ready"; readonly replayId: string; readonly number: number }
  | { readonly outcome: "unknown" | "under-way" | "replayed" | "discarded" };

/** Read at a time. */
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
 * The `dead_letters` collection: what could not be done, kept for good. A dead letter is open until an
 * operator has sent it again or discarded it; sent again and failed again, it is open again.
 */
export function createDeadLetters(database: Database) {
  const collection = async () => (await database()).collection("dead_letters");

  /** Changes a dead letter by what it is at that moment; gives what `decide` gave, or undefined without one. */
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
     * Keeps a failure once, however often it is delivered, and gives the id of its dead letter: what was sent
     * again and failed again is the same dead letter, open again, with what it went through before.
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

    /** Every dead letter that failed last at `since` or later, oldest first, without its body. */
    async *since(since: Date): AsyncGenerator<DeadLetterSummary> {
      const query = (await collection())
        .where("kept_at", ">=", since)
        .orderBy("kept_at")
        .select(...Object.keys(summaryFields))
        .limit(PAGE);
      for await (const document of pages(query)) yield toSummary(document);
    },

    /**
     * Readies an open dead letter to be sent again: from now on a failure under `replayId` is this dead letter's.
     * With `isAgain` also one that was sent again or discarded before. Of two at the same time one is
     * ready; a crash before `replayed` leaves it open, and a minute later it can be sent again.
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

    /** It was sent again at `at`. It stays open if it has failed already: that may be quicker than we are. */
    async replayed(id: string, replayId: string, at: Date): Promise<DeadLetterState> {
      const after = await change<DeadLetterState>(id, ({ history, failedReplayIds }) => {
        const state = failedReplayIds.includes(replayId) ? "open" : "replayed";
        const sent = { what: "replayed", at, reason: undefined } as const;
        // A failure at the same moment is this replay's own, and comes after it.
        const inOrder = [sent, ...history].sort((one, two) => one.at.getTime() - two.at.getTime());
        const fields = { state, replay_begun_at: null, history: inOrder.map(eventFields) };
        return { fields, result: state };
      });
      return after ?? "replayed";
    },

    /** Nobody has to see to an open dead letter any more; gives its state before, undefined without one. */
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

/** Reads a dead letter. Those from before there were states are open, and have failed once. */
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
