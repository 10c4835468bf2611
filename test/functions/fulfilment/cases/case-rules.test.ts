import { describe, expect, test } from "@jest/globals";
import { caseDocument } from "../../../../functions/shipping/documents/case.ts";
import {
  type CaseActor,
  type CaseMove,
  type CaseState,
  caseDeadline,
  findCaseObstacle,
  isLive,
  movedCase,
} from "../../../../functions/shipping/domain/case.ts";

const STATES: readonly CaseState[] = ["open", "answered", "escalated", "settled", "withdrawn"];
const ACTORS: readonly CaseActor[] = ["buyer", "builder", "staff", "time", "bank", "refund"];
const DAY_MS = 86_400_000;
const now = new Date("2026-06-01T12:00:00Z");

/** Every move that is possible, as "state: actor". */
const rules: Readonly<Record<CaseMove, readonly string[]>> = {
  answer: ["open: builder", "answered: builder"],
  refund: [
    "open: builder",
    "open: staff",
    "open: refund",
    "answered: builder",
    "answered: staff",
    "answered: refund",
    "escalated: builder",
    "escalated: staff",
    "escalated: refund",
  ],
  replace: [
    "open: builder",
    "open: staff",
    "answered: builder",
    "answered: staff",
    "escalated: builder",
    "escalated: staff",
  ],
  close: [
    "open: staff",
    "open: bank",
    "answered: staff",
    "answered: time",
    "answered: bank",
    "escalated: staff",
    "escalated: bank",
  ],
  withdraw: ["open: buyer", "answered: buyer", "escalated: buyer"],
  escalate: ["open: builder", "open: time", "answered: buyer", "answered: builder"],
};
const moves: readonly CaseMove[] = ["answer", "refund", "replace", "close", "withdraw", "escalate"];

describe("a case", () => {
  test.each(moves)("makes the move %s from these states, by these people, alone", (move) => {
    const possible = STATES.flatMap((state) =>
      ACTORS.filter((by) => movedCase(state, move, by)).map((by) => `${state}: ${by}`),
    );
    expect(possible).toEqual(rules[move]);
  });

  test("is over once it is settled or withdrawn", () => {
    expect(STATES.filter((state) => isLive({ state }))).toEqual(["open", "answered", "escalated"]);
  });

  test("waits three days for an answer, and a week for the buyer to object to one", () => {
    expect(caseDeadline("open", now)).toEqual(new Date(now.getTime() + 3 * DAY_MS));
    expect(caseDeadline("answered", now)).toEqual(new Date(now.getTime() + 7 * DAY_MS));
    for (const state of ["escalated", "settled", "withdrawn"] as const) {
      expect(caseDeadline(state, now)).toBeUndefined();
    }
  });

  test.each([
    [60, undefined, undefined],
    [61, undefined, "too-late"],
    [61, 30, undefined],
    [61, 31, "too-late"],
  ])("of a parcel sent %p and arrived %p days ago: %p", (sent, arrived, obstacle) => {
    const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);
    const parcel = {
      state: arrived === undefined ? ("sent" as const) : ("arrived" as const),
      sentAt: ago(sent),
      arrivedAt: arrived === undefined ? undefined : ago(arrived),
    };
    expect(findCaseObstacle(parcel, undefined, now)).toBe(obstacle);
    expect(findCaseObstacle(parcel, { state: "withdrawn" }, now)).toBe(obstacle);
    expect(findCaseObstacle(parcel, { state: "answered" }, now)).toBe("known");
    expect(findCaseObstacle(parcel, { state: "settled" }, now)).toBe("over");
  });

  test("is about what was sent", () => {
    const open = { state: "open" as const, sentAt: undefined, arrivedAt: undefined };
    expect(findCaseObstacle(open, undefined, now)).toBe("not-sent");
  });

  test("is kept for disputes", () => expect(caseDocument.kept).toContain("disputes"));
});
