import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type Act,
  asOf,
  grant,
  isOpenAt,
  isOver,
  join,
  type Lobby,
  latestEnd,
  leave,
  MAX_INTERVALS,
  MAX_INTERVALS_EACH,
  MAX_OPEN_MS,
  MAX_WAITING,
  nameIn,
  type Roster,
  type RosterRequest,
  racersAt,
  racersOf,
  stateAt,
} from "../../../../functions/races/domain/race.ts";
import { isNewer } from "../../../../shared/discord/snowflake.ts";

type Room = Roster & Pick<Lobby, "acts">;

const at = (ms: number) => new Date(ms);
const room = (seats: number): Room => ({ seats, intervals: [], waitingIds: [], acts: {} });

/** A room after a wish, as it is stored. */
function granted(before: Room, wish: RosterRequest, now: Date): Room {
  const { act, roster } = grant(before, wish, now);
  const acts = act === "superseded" ? before.acts : { ...before.acts, [wish.racerId]: act };
  return { ...before, ...roster, acts };
}

const wishes = fc.array(
  fc.record({
    racerId: fc.constantFrom("ann", "bob", "cy", "dee", "eve"),
    what: fc.constantFrom("join" as const, "leave" as const),
  }),
  { maxLength: 40 },
);

/** The wishes as they come in; each has an id, and the later the greater, as is its time. */
function* comings(script: readonly Omit<RosterRequest, "id">[]) {
  for (const [index, wish] of script.entries()) {
    yield { wish: { ...wish, id: String(index + 1) }, now: at(index) };
  }
}

describe("a roster", () => {
  test("never has more racers than seats, and nobody waits while a seat is free", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), wishes, (seats, script) => {
        let now = room(seats);
        for (const each of comings(script)) {
          now = granted(now, each.wish, each.now);
          const racers = racersOf(now);
          expect(racers.length).toBeLessThanOrEqual(seats);
          if (now.waitingIds.length > 0) expect(racers).toHaveLength(seats);
          expect(new Set([...racers, ...now.waitingIds]).size).toBe(
            racers.length + now.waitingIds.length,
          );
        }
      }),
    );
  });

  test("has nobody twice and never too many racers at any time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), wishes, (seats, script) => {
        let now = room(seats);
        for (const each of comings(script)) now = granted(now, each.wish, each.now);
        for (let ms = 0; ms <= 101; ms += 1) {
          const racers = racersAt(now, at(ms));
          expect(new Set(racers).size).toBe(racers.length);
          expect(racers.length).toBeLessThanOrEqual(seats);
        }
        expect(racersAt(now, at(101))).toEqual(racersOf(now));
      }),
    );
  });

  test("does not change when a request is redelivered, and gives the same answer", () => {
    fc.assert(
      fc.property(wishes, (script) => {
        let now = room(2);
        for (const each of comings(script)) {
          const { act } = grant(now, each.wish, each.now);
          now = granted(now, each.wish, each.now);
          const again = grant(now, each.wish, at(200));
          expect(again.act).toEqual(act);
          expect(granted(now, each.wish, at(200))).toEqual(now);
        }
      }),
    );
  });

  test("gives a free seat to the person who has waited longest", () => {
    let now = room(1);
    for (const [index, racerId] of ["ann", "bob", "cy"].entries()) {
      now = granted(now, { id: `1${index}`, racerId, what: "join" }, at(index));
    }
    const { act, roster } = grant(now, { id: "20", racerId: "ann", what: "leave" }, at(9));
    expect(act).toEqual({ id: "20", outcome: "left", movedUp: "bob" });
    expect(roster.waitingIds).toEqual(["cy"]);
    expect(roster.intervals.map(({ racerId }) => racerId)).toEqual(["ann", "bob"]);
    expect(racersAt(roster, at(8))).toEqual(["ann"]);
    expect(racersAt(roster, at(9))).toEqual(["bob"]);
  });

  test("does not readmit anyone who was removed from this lobby", () => {
    const joined = granted(room(2), { id: "1", racerId: "ann", what: "join" }, at(1));
    const kick: RosterRequest = { id: "2", racerId: "ann", what: "kick" };
    const kicked = granted(joined, kick, at(2));
    expect(racersOf(kicked)).toEqual([]);
    expect(granted(kicked, kick, at(3))).toEqual(kicked);
    const again = grant(kicked, { id: "3", racerId: "ann", what: "join" }, at(3));
    expect(again.act).toMatchObject({ outcome: "kicked" });
    expect(racersOf(again.roster)).toEqual([]);
  });

  test("admits nobody who races or waits elsewhere", () => {
    const wish: RosterRequest = { id: "1", racerId: "ann", what: "join" };
    const { act, roster } = grant(room(2), wish, at(1), { elsewhereId: "7" });
    expect(act).toMatchObject({ outcome: "elsewhere", elsewhereId: "7" });
    expect(racersOf(roster)).toEqual([]);
  });

  test("does not grow without limit when someone joins and leaves repeatedly, and still admits others", () => {
    let now: Roster = room(2);
    for (let ms = 0; ms < 2 * MAX_INTERVALS_EACH; ms += 2) {
      now = leave(join(now, "ann", at(ms)).roster, "ann", at(ms + 1)).roster;
    }
    expect(now.intervals).toHaveLength(MAX_INTERVALS_EACH);
    expect(join(now, "ann", at(99), "Ann")).toEqual({ outcome: "too-often", roster: now });
    expect(join(now, "bob", at(99)).outcome).toBe("joined");
  });

  test("never exceeds a document's size, however many join and wait", () => {
    const intervals = Array.from({ length: MAX_INTERVALS - 2 }, (_, index) => ({
      racerId: `racer-${index}`,
      joinedAt: at(0),
      leftAt: at(1),
    }));
    const seated = join({ ...room(1), intervals }, "ann", at(2)).roster;
    const full = join(seated, "bob", at(2)).roster;
    expect(full.waitingIds).toEqual(["bob"]);
    expect(join(full, "cy", at(3)).outcome).toBe("too-many");
    expect(join(leave(full, "ann", at(3)).roster, "cy", at(4)).outcome).toBe("too-many");
  });

  test("loses only the person who leaves; their earlier intervals stay unchanged", () => {
    const both = join(join(room(2), "ann", at(1)).roster, "bob", at(2)).roster;
    const left = leave(both, "ann", at(3)).roster;
    expect(racersOf(left)).toEqual(["bob"]);
    const again = leave(join(left, "ann", at(4)).roster, "ann", at(5)).roster;
    expect(again.intervals).toEqual([
      { racerId: "ann", joinedAt: at(1), leftAt: at(3) },
      { racerId: "bob", joinedAt: at(2), leftAt: undefined },
      { racerId: "ann", joinedAt: at(4), leftAt: at(5) },
    ]);
  });

  test("removes from the waiting list only those who no longer wait", () => {
    let now = join(room(1), "ann", at(1)).roster;
    for (const racerId of ["bob", "cy"]) now = join(now, racerId, at(2)).roster;
    const { outcome, movedUp, roster } = leave(now, "bob", at(3));
    expect([outcome, movedUp, roster.waitingIds]).toEqual(["no-longer-waiting", undefined, ["cy"]]);
    expect(racersOf(roster)).toEqual(["ann"]);
  });

  test("bars only people who were present when removed", () => {
    const kick: RosterRequest = { id: "1", racerId: "ann", what: "kick" };
    const { act, roster } = grant(room(2), kick, at(1));
    expect(act).toMatchObject({ outcome: "not-here" });
    expect(join(roster, "ann", at(2)).outcome).toBe("joined");
  });

  test("stores people's names if they gave one", () => {
    const { roster } = join({ ...room(2), names: { bob: "Bob" } }, "ann", at(1), "Ann");
    expect(roster.names).toEqual({ ann: "Ann", bob: "Bob" });
    expect(join(roster, "cy", at(1)).roster.names).toStrictEqual(roster.names);
    const { names = {} } = roster;
    expect(["ann", "cy", "toString"].map((id) => nameIn({ names }, id))).toEqual([
      "Ann",
      "Racer",
      "Racer",
    ]);
  });

  test("limits the length of the waiting list", () => {
    let now = join(room(1), "first", at(0)).roster;
    for (let index = 0; index < MAX_WAITING; index += 1) {
      now = join(now, `waiting-${index}`, at(0)).roster;
    }
    expect(join(now, "late", at(0))).toEqual({ outcome: "full", roster: now });
    expect(leave(now, "late", at(0)).outcome).toBe("not-here");
  });
});

describe("a request older than the person's latest one", () => {
  test.each<[string, string]>([
    ["9", "10"],
    ["1234567890123456788", "1234567890123456789"],
  ])("is %s where that was %s, and changes nothing", (older, newer) => {
    const act: Act = { id: newer, outcome: "left", movedUp: undefined };
    const before = { ...room(8), acts: { ann: act } };
    const wish: RosterRequest = { id: older, racerId: "ann", what: "join" };
    expect(grant(before, wish, at(5))).toEqual({ act: "superseded", roster: before });
    expect([isNewer(newer, older), isNewer(older, newer)]).toEqual([true, false]);
  });

  test("counts as possibly done and no longer stored", () => {
    const before = { ...room(8), forgottenActId: "10" };
    const wish = (id: string): RosterRequest => ({ id, racerId: "ann", what: "join" });
    expect(grant(before, wish("10"), at(5)).act).toBe("superseded");
    expect(grant(before, wish("9"), at(5)).act).toBe("superseded");
    expect(grant(before, wish("11"), at(5)).act).toMatchObject({ outcome: "joined" });
  });

  test("does not affect others' requests", () => {
    const act: Act = { id: "10", outcome: "left", movedUp: undefined };
    const before = { ...room(8), acts: { ann: act } };
    const { act: done } = grant(before, { id: "9", racerId: "bob", what: "join" }, at(5));
    expect(done).toMatchObject({ outcome: "joined" });
  });
});

describe("a window", () => {
  const window = (closedAt?: number, closesAt = 100) => ({
    openedAt: at(10),
    closesAt: at(closesAt),
    closedAt: closedAt === undefined ? undefined : at(closedAt),
  });

  test.each([
    [9, false],
    [10, true],
    [99, true],
    [100, false],
  ])("that nobody has closed yet is at %i open: %s", (ms, isOpen) => {
    expect(isOpenAt(window(), at(ms))).toBe(isOpen);
  });

  test.each([
    [10, true],
    [49, true],
    [50, false],
  ])("that was closed is at %i open: %s", (ms, isOpen) => {
    expect(isOpenAt(window(50), at(ms))).toBe(isOpen);
  });

  test("that has not opened is not open, and has no latest end", () => {
    const closed = { openedAt: undefined, closedAt: undefined, closesAt: undefined };
    expect(isOpenAt(closed, at(10))).toBe(false);
    expect(latestEnd(closed)).toBeUndefined();
    expect(latestEnd(window())).toEqual(at(10 + 24 * 3_600_000));
  });
});

describe("a lobby", () => {
  const lobby = (state: Lobby["state"], closesAt?: Date) => ({ state, closesAt, createdAt: at(0) });

  test("that is not started within a day is cancelled", () => {
    const open = lobby("open");
    expect(stateAt(open, at(MAX_OPEN_MS - 1))).toBe("open");
    expect(stateAt(open, at(MAX_OPEN_MS))).toBe("cancelled");
    expect(stateAt(lobby("racing"), at(MAX_OPEN_MS))).toBe("racing");
    const stored = { ...open, isLapsed: false } as Lobby;
    expect(asOf(stored, at(MAX_OPEN_MS - 1))).toBe(stored);
    expect(asOf(stored, at(MAX_OPEN_MS))).toMatchObject({ state: "cancelled", isLapsed: true });
  });

  test("is finished when its race's time is over, and only then", () => {
    expect(stateAt(lobby("racing", at(100)), at(99))).toBe("racing");
    expect(stateAt(lobby("racing", at(100)), at(100))).toBe("finished");
    expect(stateAt(lobby("cancelled", at(100)), at(100))).toBe("cancelled");
    expect(stateAt(lobby("open"), at(100))).toBe("open");
  });

  test.each([
    ["open", false],
    ["racing", false],
    ["finished", true],
    ["cancelled", true],
  ] as const)("that is %s is over: %s", (state, isItOver) => {
    expect(isOver({ state })).toBe(isItOver);
  });
});
