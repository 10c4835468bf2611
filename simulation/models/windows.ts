import { mustEqual, mustHold } from "../rules.ts";

/** A lobby as stored by one commit. Times are milliseconds. */
export interface LobbyState {
  readonly id: string;
  readonly rateBps: number;
  readonly openedAtMs: number | undefined;
  readonly closesAtMs: number | undefined;
  readonly closedAtMs: number | undefined;
  /** The end before it was prolonged; it applies if the prolonging came too late. */
  readonly prolongedFromMs: number | undefined;
  readonly roster: readonly RosterInterval[];
}

/** A racer's interval in a lobby. */
export interface RosterInterval {
  readonly racer: string;
  readonly joinedAtMs: number;
  readonly leftAtMs: number | undefined;
}

/** A window that shares in a sale, with its racers at that time, sorted by id. */
export interface SharingWindow {
  readonly lobbyId: string;
  readonly rateBps: number;
  readonly racers: readonly string[];
}

/** Stands for the time of the storing commit: docs/decisions/0034-rosters-without-locks.md. */
const WHEN_WRITTEN_MS = Date.UTC(9999, 11, 31);

/** W3 to W5: who raced in which window at which time, derived from the stored commits. */
export class PlainWindows {
  readonly #lobbies = new Map<string, LobbyState>();

  /**
   * Applies a stored lobby. Recorded times do not change, and new ones have the time of their
   * commit.
   */
  commit(stored: LobbyState, atMs: number): void {
    const { prolongedFromMs: from, closesAtMs: to } = stored;
    const closesAtMs = from !== undefined && from <= atMs ? from : to;
    const nowMs = Math.min(atMs, closesAtMs ?? atMs);
    const timeOf = (ms: number) => (ms === WHEN_WRITTEN_MS ? nowMs : ms);
    const now: LobbyState = {
      ...stored,
      closesAtMs,
      prolongedFromMs: undefined,
      openedAtMs: stored.openedAtMs && timeOf(stored.openedAtMs),
      closedAtMs: stored.closedAtMs && timeOf(stored.closedAtMs),
      roster: stored.roster.map(({ racer, joinedAtMs, leftAtMs }) => ({
        racer,
        joinedAtMs: timeOf(joinedAtMs),
        leftAtMs: leftAtMs && timeOf(leftAtMs),
      })),
    };
    const before = this.#lobbies.get(now.id);
    this.#lobbies.set(now.id, now);
    const recorded = timesOf(before);
    for (const [what, ms] of timesOf(now)) {
      const known = recorded.get(what);
      if (known !== undefined) mustEqual("W5", `${what} of lobby ${now.id}`, ms, known);
      else {
        // An instance whose clock is ahead may end a window slightly early, but records its proper
        // end.
        const isRight = ms === nowMs || (what === "the end" && ms === closesAtMs);
        mustHold("W5", isRight, () => `${what} of ${now.id} is ${ms}, stored at ${nowMs}`);
      }
    }
    for (const what of recorded.keys()) {
      mustHold("W5", timesOf(now).has(what), () => `${what} of lobby ${now.id} is gone`);
    }
  }

  /**
   * The windows that share in a sale: those open at its time, or only the named one if it was open;
   * each with its racers at that time. If the sale names no lobby, windows with a single racer get
   * no share.
   */
  sharing(atMs: number, named: string | undefined): readonly SharingWindow[] {
    const open = [...this.#lobbies.values()].filter(({ openedAtMs, closedAtMs, closesAtMs }) => {
      const endMs = closedAtMs ?? closesAtMs ?? Number.POSITIVE_INFINITY;
      return openedAtMs !== undefined && openedAtMs <= atMs && atMs < endMs;
    });
    const isNamed = open.some(({ id }) => id === named);
    return open
      .filter(({ id }) => !isNamed || id === named)
      .map(({ id, rateBps, roster }) => ({
        lobbyId: id,
        rateBps,
        racers: roster
          .filter(({ joinedAtMs, leftAtMs = Infinity }) => joinedAtMs <= atMs && atMs < leftAtMs)
          .map(({ racer }) => racer)
          .toSorted(),
      }))
      .filter(({ racers }) => racers.length > (isNamed ? 0 : 1));
  }
}

/** Every recorded time of a lobby, by what it records. */
function timesOf(lobby: LobbyState | undefined): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  const put = (what: string, ms: number | undefined) => {
    if (ms !== undefined) times.set(what, ms);
  };
  put("the opening", lobby?.openedAtMs);
  put("the end", lobby?.closedAtMs);
  // Before the start people join and leave without having raced.
  const raced = lobby?.openedAtMs === undefined ? [] : lobby.roster;
  for (const [index, { racer, joinedAtMs, leftAtMs }] of raced.entries()) {
    put(`the arrival of ${racer} as number ${index}`, joinedAtMs);
    put(`the leaving of ${racer} as number ${index}`, leftAtMs);
  }
  return times;
}
