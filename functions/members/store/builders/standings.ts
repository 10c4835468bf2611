import type { Database } from "../../../../shared/ports/database.ts";
import { builderDocument } from "../../documents/builder.ts";
import {
  type AnyStanding,
  builderDecisions,
  type Standing,
  UNREGISTERED,
} from "../../domain/standing.ts";
import { toBuilder } from "../builder-document.ts";
import {
  changePlace,
  type DecisionResult,
  decideStanding,
  readChange,
  type StandingOrder,
} from "../standing.ts";

/** The standings of builders, and the recorded changes of them. */
export function createBuilderStandings(database: Database) {
  const placeOf = async (id: string) => builderDocument.place(await database(), id);

  return {
    /** A person's standing as a builder; everyone has one. */
    async standing(id: string): Promise<AnyStanding> {
      return toBuilder(await (await placeOf(id)).get())?.standing ?? UNREGISTERED;
    },

    /** Applies a team decision about a builder, once per order. */
    async decide(id: string, order: StandingOrder): Promise<DecisionResult> {
      const firestore = await database();
      const place = builderDocument.place(firestore, id);
      return decideStanding(firestore, builderDocument, place, builderDecisions, order);
    },

    /** Whether a builder's standing was changed under this id. */
    async hasChange(id: string, changeId: string): Promise<boolean> {
      return (await changePlace(await placeOf(id), changeId).get()).exists;
    },

    /** The standing after the change with this id; undefined if there is no such change. */
    async changed(id: string, changeId: string): Promise<Standing | undefined> {
      const change = await changePlace(await placeOf(id), changeId).get();
      if (!change.exists) return undefined;
      const { to, reason, version } = readChange(change);
      return { state: to, reason, version };
    },
  };
}
