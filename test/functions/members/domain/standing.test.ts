import { describe, expect, test } from "@jest/globals";
import {
  builderDecisions,
  isApproved,
  mayFulfil,
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

test("only who is approved may act, and who is suspended may still see to what they have sold", () => {
  const standings = standingStates.map((state) => ({ state, reason: undefined, version: 1 }));
  const statesOf = (may: (standing: (typeof standings)[number]) => boolean) =>
    standings.filter(may).map(({ state }) => state);
  expect(statesOf(isApproved)).toEqual(["approved"]);
  expect(statesOf(mayFulfil)).toEqual(["approved", "suspended"]);
  expect([isApproved(undefined), mayFulfil(undefined)]).toEqual([false, false]);
});
