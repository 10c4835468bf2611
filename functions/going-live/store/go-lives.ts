import type { DocumentOf } from "../../../shared/documents/define-document.ts";
import { expiresAt, processedDocument } from "../../../shared/documents/definitions/processed.ts";
import type {
  Database,
  DocumentSnapshot,
  Firestore,
  Transaction,
} from "../../../shared/ports/database.ts";
import { goLiveDocument } from "../documents/go-live.ts";
import { goLiveOutcomeDocument, type OrderOutcome } from "../documents/go-live-outcome.ts";
import { formatLiveContext, type LiveContext, parseLiveContext } from "../domain/live-context.ts";
import {
  type ClaimRefusal,
  claimAnnouncement,
  holdClaims,
  postingBegunAt,
  withdrawClaims,
} from "./announcement-claims.ts";

/** One verified go-live: the request, the stream that proved it, and where to answer. */
export interface GoLive extends Omit<DocumentOf<typeof goLiveDocument>, "context"> {
  readonly context: LiveContext;
}

const PROVISIONAL: ReadonlySet<OrderOutcome> = new Set(["broken", "delayed"]);

const readRefusal = processedDocument.part("refusal");

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
  const reference = async (id: string) => goLiveDocument.place(await database(), id);
  const refusalOf = (firestore: Firestore, id: string) =>
    processedDocument.place(firestore, `go-live-refusal:${id}`);
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
      const context = formatLiveContext(goLive.context);
      goLiveDocument.create(transaction, place, { ...goLive, context });
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
        const times = { processedAt: now, expiresAt: expiresAt(now) };
        if (!refused?.exists) processedDocument.create(transaction, place, { refusal, ...times });
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
      const kept = goLiveOutcomeDocument.place(await database(), id, orderId);
      if (await goLiveOutcomeDocument.createNow(kept, { outcome })) return;
      const before = goLiveOutcomeDocument.read(await kept.get());
      const isBetter = PROVISIONAL.has(before.outcome) && !PROVISIONAL.has(outcome);
      if (isBetter) await goLiveOutcomeDocument.setNow(kept, { outcome });
    },

    /** The outcomes so far, by order id. */
    async outcomes(id: string): Promise<ReadonlyMap<string, OrderOutcome>> {
      const found = await goLiveOutcomeDocument.all(await database(), id).get();
      const outcomes = found.docs.map(goLiveOutcomeDocument.read);
      return new Map(outcomes.map(({ id: orderId, outcome }) => [orderId, outcome]));
    },
  };
}

function toRefusal(snapshot: DocumentSnapshot): string | undefined {
  return snapshot.exists ? readRefusal(snapshot).refusal : undefined;
}

function toGoLive(snapshot: DocumentSnapshot): GoLive | undefined {
  if (!snapshot.exists) return undefined;
  const stored = goLiveDocument.read(snapshot);
  const context = parseLiveContext(stored.context);
  return context && { ...stored, context };
}
