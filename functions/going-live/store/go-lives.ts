import * as z from "zod/mini";
import {
  createDocument,
  createdNow,
  expiresAt,
  parseDocument,
  replaceDocument,
  stored,
  timestamp,
} from "../../../shared/documents/document.ts";
import type {
  Database,
  DocumentSnapshot,
  Firestore,
  Transaction,
} from "../../../shared/ports/database.ts";
import { type Stream, streamSchema } from "../../../shared/twitch/stream.ts";
import { formatLiveContext, type LiveContext, parseLiveContext } from "../domain/live-context.ts";
import {
  type ClaimRefusal,
  claimAnnouncement,
  holdClaims,
  postingBegunAt,
  withdrawClaims,
} from "./announcement-claims.ts";

/** One verified go-live: the request, the stream that proved it, and where to answer. */
export interface GoLive {
  /** The interaction's id, or the calling service's idempotency key. */
  readonly id: string;
  readonly builderId: string;
  readonly context: LiveContext;
  readonly stream: Stream;
  readonly verifiedAtMs: number;
  /** Edits the Discord answer; absent when another service asked. */
  readonly interactionToken: string | undefined;
}

/** The outcome of one order of a go-live, as reported to the builder. */
export const orderOutcomes = [
  "buyer-notified",
  "notified-in-channel",
  "not-notified",
  "already-building",
  "closed",
  "not-found",
  "broken",
  "delayed",
] as const;
export type OrderOutcome = (typeof orderOutcomes)[number];
const PROVISIONAL: ReadonlySet<OrderOutcome> = new Set(["broken", "delayed"]);

const goLiveDocument = z.object({
  builder_id: z.string(),
  context: z.string(),
  stream: streamSchema,
  verified_at: timestamp,
  interaction_token: stored(z.string()),
});
const refusalDocument = z.object({ refusal: z.string() });
const outcomeDocument = z.object({ outcome: z.enum(orderOutcomes) });

/** A delivery of the same command, before or beside this one, has refused it. */
export interface RefusedBefore {
  readonly refusal: "refused-before";
  readonly text: string;
}

export type GoLives = ReturnType<typeof createGoLives>;

/**
 * The `go_lives` collection, each with a subcollection `outcomes` of one document an order. What a command was
 * refused with is in `processed`. One id has a go-live or a refusal, never both.
 */
export function createGoLives(database: Database) {
  const reference = async (id: string) => (await database()).collection("go_lives").doc(id);
  const refusalOf = (firestore: Firestore, id: string) =>
    firestore.collection("processed").doc(`go-live-refusal:${id}`);
  const keep = async <Refusal>(
    goLive: GoLive,
    claim: (firestore: Firestore, transaction: Transaction) => Promise<Refusal | undefined>,
  ): Promise<GoLive | RefusedBefore | Refusal> => {
    const firestore = await database();
    const place = await reference(goLive.id);
    return firestore.runTransaction(async (transaction) => {
      const kept = toGoLive(await transaction.get(place));
      if (kept) return kept;
      const text = toRefusal(await transaction.get(refusalOf(firestore, goLive.id)));
      if (text !== undefined) return { refusal: "refused-before", text };
      const refusal = await claim(firestore, transaction);
      if (refusal) return refusal;
      createDocument(transaction, place, fieldsOf(goLive));
      return goLive;
    });
  };

  return {
    async get(id: string): Promise<GoLive | undefined> {
      return toGoLive(await (await reference(id)).get());
    },

    /** The refusal of the command with this id; undefined if it was not refused. */
    async refusal(id: string): Promise<string | undefined> {
      return toRefusal(await refusalOf(await database(), id).get());
    },

    /**
     * Records a refusal before the user reads it, so that a redelivery gets the same one. Returns false if a
     * concurrent delivery has stored a go-live.
     */
    async refuse(id: string, refusal: string, now: Date): Promise<boolean> {
      const firestore = await database();
      const goLive = await reference(id);
      return firestore.runTransaction(async (transaction) => {
        const place = refusalOf(firestore, id);
        const [kept, refused] = await transaction.getAll(goLive, place);
        if (kept?.exists) return false;
        const times = { processed_at: now, expires_at: expiresAt(now) };
        if (!refused?.exists) createDocument(transaction, place, { refusal, ...times });
        return true;
      });
    },

    /** Stores a go-live. If this id already has a go-live or a refusal, returns that. */
    create(goLive: GoLive): Promise<GoLive | RefusedBefore> {
      return keep<never>(goLive, async () => undefined);
    },

    /**
     * Stores a go-live that announces something and claims the announcement in the same commit. Of concurrent
     * requests for one announcement, one succeeds; a redelivery finds its own.
     */
    createAnnounced(
      goLive: GoLive & { readonly context: { readonly kind: "chat" | "drop" } },
      dropId: string | undefined,
    ): Promise<GoLive | RefusedBefore | ClaimRefusal> {
      return keep(goLive, (firestore, transaction) =>
        claimAnnouncement(firestore, transaction, {
          goLiveId: goLive.id,
          kind: goLive.context.kind,
          streamId: goLive.stream.id,
          dropId,
          now: new Date(goLive.verifiedAtMs),
        }),
      );
    },

    /** Whether a go-live may still post its announcement; if so, renews its claim from `now`. */
    async holdsAnnouncement(id: string, kind: "chat" | "drop", now: Date): Promise<boolean> {
      return holdClaims(await database(), { goLiveId: id, kind, now });
    },

    /** When posting the announcement last began; undefined if it has not. */
    async announcementBegunAt(id: string, claimedAtMs: number): Promise<Date | undefined> {
      return postingBegunAt(await database(), id, claimedAtMs);
    },

    /** Withdraws the claim of an announcement that could not be posted, so that others may claim it. */
    async withdrawAnnouncement(id: string): Promise<void> {
      await withdrawClaims(await database(), id);
    },

    /** Keeps an order's first outcome; only `delayed` and `broken` give way to a better one. */
    async recordOutcome(id: string, orderId: string, outcome: OrderOutcome): Promise<void> {
      const kept = (await reference(id)).collection("outcomes").doc(orderId);
      if (await createdNow(kept, { outcome })) return;
      const before = parseDocument(kept.path, outcomeDocument, (await kept.get()).data());
      const isBetter = PROVISIONAL.has(before.outcome) && !PROVISIONAL.has(outcome);
      if (isBetter) await replaceDocument(kept, { outcome });
    },

    /** The outcomes so far, by order id. */
    async outcomes(id: string): Promise<ReadonlyMap<string, OrderOutcome>> {
      const found = await (await reference(id)).collection("outcomes").get();
      return new Map(
        found.docs.map((snapshot) => [
          snapshot.id,
          parseDocument(snapshot.ref.path, outcomeDocument, snapshot.data()).outcome,
        ]),
      );
    },
  };
}

function fieldsOf(goLive: GoLive) {
  return {
    builder_id: goLive.builderId,
    context: formatLiveContext(goLive.context),
    stream: goLive.stream,
    verified_at: new Date(goLive.verifiedAtMs),
    interaction_token: goLive.interactionToken ?? null,
  };
}

function toRefusal(snapshot: DocumentSnapshot): string | undefined {
  if (!snapshot.exists) return undefined;
  return parseDocument(snapshot.ref.path, refusalDocument, snapshot.data()).refusal;
}

function toGoLive(snapshot: DocumentSnapshot): GoLive | undefined {
  if (!snapshot.exists) return undefined;
  const fields = parseDocument(snapshot.ref.path, goLiveDocument, snapshot.data());
  const context = parseLiveContext(fields.context);
  return (
    context && {
      id: snapshot.id,
      builderId: fields.builder_id,
      context,
      stream: fields.stream,
      verifiedAtMs: fields.verified_at.getTime(),
      interactionToken: fields.interaction_token,
    }
  );
}
