import type { Database } from "../../../../shared/ports/database.ts";
import { lobbyDocument } from "../../documents/lobby.ts";
import { isOver, type Lobby, type Roster, stateAt } from "../../domain/race.ts";
import { changeLobby } from "./change-lobby.ts";
import { actFields, rosterFields, WHEN_WRITTEN } from "./lobby-document.ts";
import { lobbyElsewhere } from "./lobby-reads.ts";

/** Decides on a roster's changes, which are recorded with the time `at`. */
type RosterDecision = (
  lobby: Lobby,
  at: Date,
  elsewhereId: string | undefined,
) => Roster & Partial<Pick<Lobby, "acts">>;

/** The roster: who shares in sales. */
export function lobbyRoster(database: Database) {
  return {
    /**
     * Changes the roster of a lobby that is not over and whose time has not run out. `decide` records its changes
     * with the time it receives. If `racerId` is given, `decide` also receives the id of any other lobby in which
     * that racer races or waits.
     */
    changeRoster(
      id: string,
      now: Date,
      decide: RosterDecision,
      racerId?: string,
    ): Promise<Lobby | undefined> {
      return changeLobby(database, id, async (lobby, transaction) => {
        const lobbies = lobbyDocument.all(await database());
        const elsewhere =
          racerId === undefined
            ? undefined
            : await lobbyElsewhere(lobbies, transaction, racerId, { at: now, but: id });
        const roster = { ...lobby, ...decide(lobby, WHEN_WRITTEN, elsewhere?.id) };
        if (isOver({ state: stateAt(lobby, now) })) return undefined;
        const { intervals, acts } = roster;
        // Racers who left before the race are dropped from the roster.
        const kept = lobby.state === "open" ? intervals.filter(({ leftAt }) => !leftAt) : intervals;
        return { ...rosterFields({ ...roster, intervals: kept }), ...actFields(acts) };
      });
    },
  };
}
