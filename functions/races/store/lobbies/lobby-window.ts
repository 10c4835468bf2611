import type { Database } from "../../../../shared/ports/database.ts";
import { asOf, type Lobby, latestEnd, racersOf, stateAt } from "../../domain/race.ts";
import { changeLobby } from "./change-lobby.ts";
import { NO_MEMBERS, rosterFields, WHEN_WRITTEN } from "./lobby-document.ts";

/** The commission window: when sales are shared. */
export function lobbyWindow(database: Database) {
  const change = (id: string, decide: Parameters<typeof changeLobby>[2]) =>
    changeLobby(database, id, decide);

  return {
    /** Opens the commission window once, if the roster is not empty and the lobby has not lapsed. */
    start(id: string, now: Date, windowMs: number): Promise<Lobby | undefined> {
      return change(id, (lobby) => {
        if (stateAt(lobby, now) !== "open" || racersOf(lobby).length === 0) return undefined;
        const closesAt = new Date(now.getTime() + windowMs);
        const racers = racersOf(lobby).map((racerId) => ({
          racerId,
          joinedAt: WHEN_WRITTEN,
          leftAt: undefined,
        }));
        const roster = rosterFields({ ...lobby, intervals: racers });
        return { ...roster, state: "racing", openedAt: WHEN_WRITTEN, closesAt };
      });
    },

    /** Closes the commission window once, never later than its planned end. */
    finish(id: string): Promise<Lobby | undefined> {
      return change(id, ({ state }) =>
        state === "racing"
          ? { ...NO_MEMBERS, state: "finished", closedAt: WHEN_WRITTEN }
          : undefined,
      );
    },

    /** Closes a window whose planned end has passed, unless it was extended. */
    finishDue(id: string, now: Date): Promise<Lobby | undefined> {
      return change(id, ({ state, closesAt }) =>
        state === "racing" && closesAt && closesAt <= now
          ? { ...NO_MEMBERS, state: "finished", closedAt: closesAt }
          : undefined,
      );
    },

    /**
     * Extends an open window to `closesAt`, at most to a day after it opened. A window that has already ended is
     * not reopened, even if the end only shows in the extension's commit time: sales may already have been shared
     * without it.
     */
    goOn(id: string, now: Date, closesAt: Date): Promise<Lobby | undefined> {
      return change(id, (lobby) => {
        const latest = latestEnd(lobby);
        const isRacing = stateAt(lobby, now) === "racing";
        if (!isRacing || !latest || !lobby.closesAt) return undefined;
        const until = earlier(closesAt, latest);
        if (lobby.closesAt >= until) return undefined;
        return { closesAt: until, prolongedFrom: lobby.closesAt };
      });
    },

    /**
     * Cancels a lobby before its race and records whether it had already lapsed. A lobby that has raced is left
     * unchanged.
     */
    cancel(id: string, now: Date): Promise<Lobby | undefined> {
      return change(id, (lobby) => {
        const { isLapsed } = asOf(lobby, now);
        if (lobby.state !== "open") return undefined;
        return { ...NO_MEMBERS, state: "cancelled", isLapsed };
      });
    },
  };
}

function earlier(one: Date, other: Date): Date {
  return new Date(Math.min(one.getTime(), other.getTime()));
}
