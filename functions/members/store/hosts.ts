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

/** A host of races, or someone who has asked to become one. */
export interface Host {
  readonly id: string;
  readonly standing: Standing;
}

export type Hosts = ReturnType<typeof createHosts>;

/** The `hosts` collection: who may host races. The document id is the Discord user id. */
export function createHosts(database: Database) {
  const collection = async () => hostDocument.all(await database());

  return {
    /** A person's standing as a host; everyone has one. */
    async standing(id: string): Promise<AnyStanding> {
      const snapshot = await (await collection()).doc(id).get();
      return snapshot.exists ? toStanding(snapshot) : UNREGISTERED;
    },

    /**
     * Records that someone asks to host. Changes nothing for a person who already has a standing as a host. Returns
     * their standing. Idempotent per person.
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

    /** Applies a team decision about a host, once per order. */
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

    /** Whether this interaction has changed the host's standing. */
    async hasChange(id: string, changeId: string): Promise<boolean> {
      return (await changePlace((await collection()).doc(id), changeId).get()).exists;
    },

    /** Hosts with the given standing, at most `limit`. */
    async withStanding(state: StandingState, limit: number): Promise<Host[]> {
      const found = (await collection()).where("standing", "==", state).limit(limit);
      return (await found.get()).docs.map(hostDocument.read);
    },
  };
}
