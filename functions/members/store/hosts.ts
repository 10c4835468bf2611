import type { Database } from "../../../shared/ports/database.ts";
import { hostDocument } from "../documents/host.ts";
import {
  type AnyStanding,
  hostDecisions,
  type Standing,
  type StandingState,
  UNREGISTERED,
} from "../domain/standing.ts";
import {
  changePlace,
  type DecisionResult,
  decideStanding,
  planStanding,
  type StandingOrder,
  standingIn,
  toStanding,
} from "./standing.ts";

/** Someone whom the team knows as a host of races, or as one who asks to be. */
export interface Host {
  readonly id: string;
  readonly standing: Standing;
}

export type Hosts = ReturnType<typeof createHosts>;

/** The `hosts` collection: who may host races; document id = Discord user id. */
export function createHosts(database: Database) {
  const collection = async () => hostDocument.all(await database());

  return {
    /** Anyone's standing as a host. */
    async standing(id: string): Promise<AnyStanding> {
      const snapshot = await (await collection()).doc(id).get();
      return snapshot.exists ? toStanding(snapshot) : UNREGISTERED;
    },

    /**
     * Someone asks to host. Nothing changes for whom the team knows already. Idempotency: once for each
     * person; gives their standing.
     */
    async ask(id: string, causeId: string, now: Date): Promise<AnyStanding> {
      const firestore = await database();
      const host = hostDocument.place(firestore, id);
      return firestore.runTransaction(async (transaction) => {
        const before = await standingIn(transaction, host);
        if (before.state !== UNREGISTERED.state) return before;
        const change = { id: causeId, to: "awaiting", byId: id, at: now } as const;
        const standing = planStanding(transaction, host, undefined, change);
        hostDocument.create(transaction, host, { standing, askedAt: now });
        return standing;
      });
    },

    /** Takes a decision of the team's about a host, once for each order. */
    async decide(id: string, order: StandingOrder): Promise<DecisionResult> {
      const firestore = await database();
      return decideStanding(
        firestore,
        hostDocument,
        hostDocument.place(firestore, id),
        hostDecisions,
        order,
      );
    },

    /** Whether a decision was taken by this interaction. */
    async hasChange(id: string, changeId: string): Promise<boolean> {
      return (await changePlace((await collection()).doc(id), changeId).get()).exists;
    },

    /** Those of one standing, at most `limit`. */
    async withStanding(state: StandingState, limit: number): Promise<Host[]> {
      const found = (await collection()).where("standing", "==", state).limit(limit);
      return (await found.get()).docs.map(hostDocument.read);
    },
  };
}
