import { describe, expect, test } from "@jest/globals";
import {
  builderDecisions,
  standingDecisions,
  standingStates,
  stateAfter,
} from "../../../../functions/members/domain/standing.ts";

describe("staff's decisions about a builder", () => {
  test("only approving or restoring makes someone approved", () => {
    const ways = standingDecisions.flatMap((decision) =>
      standingStates
        .filter((state) => stateAfter(builderDecisions, state, decision) === "approved")
        .map((state) => `${decision} ${state}`),
    );
    expect(ways).toEqual(["approve awaiting", "approve declined", "restore suspended"]);
  });

  test("nobody is approved without a proved channel", () => {
    for (const decision of standingDecisions) {
      expect(stateAfter(builderDecisions, "unproved", decision)).not.toBe("approved");
      expect(stateAfter(builderDecisions, "unregistered", decision)).toBeUndefined();
    }
  });

  test("no decision can be taken twice in a row", () => {
    for (const decision of standingDecisions) {
      for (const state of standingStates) {
        const after = stateAfter(builderDecisions, state, decision);
        if (after) expect(stateAfter(builderDecisions, after, decision)).toBeUndefined();
      }
    }
  });
});
