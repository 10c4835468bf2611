import { isNewer } from "../../../../shared/discord/snowflake.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import type { Lobby } from "../../domain/race.ts";
import type { RaceGoal } from "../../domain/race-goal.ts";
import { changeLobby, noteInLobby } from "./change-lobby.ts";
import { lobbyLists } from "./lobby-lists.ts";
import { isGoingOn } from "./lobby-reads.ts";

/** Changes of a lobby that decide nothing about money: its overlay, goal, winner and messages. */
export function lobbyDetails(database: Database) {
  return {
    /**
     * Gives a host's overlay a new link, once per interaction; the newest interaction wins. The old link stops working,
     * even if the host opens their next race meanwhile. Returns their newest lobby, which has the link.
     */
    async replacePotKey(
      hostId: string,
      { potKey, causeId }: { readonly potKey: string; readonly causeId: string },
    ): Promise<Lobby | undefined> {
      const newest = async () => (await lobbyLists(database).ofHost(hostId))[0]?.id;
      for (let id = await newest(); id !== undefined; ) {
        const lobby = await changeLobby(database, id, ({ potKeyCauseId }) =>
          isNewer(causeId, potKeyCauseId) ? { potKey, potKeyCauseId: causeId } : undefined,
        );
        const next = await newest();
        if (next === id) return lobby;
        id = next;
      }
      return undefined;
    },

    /** Sets or clears the pot's goal while the lobby is active, once per interaction; the newest interaction wins. */
    setGoal(
      id: string,
      goal: RaceGoal | undefined,
      causeId: string,
      now: Date,
    ): Promise<Lobby | undefined> {
      return changeLobby(database, id, (lobby) =>
        isGoingOn(lobby, now) && isNewer(causeId, lobby.goalCauseId)
          ? { goal, goalCauseId: causeId }
          : undefined,
      );
    },

    /** Records the winner of a race, once per interaction; the newest interaction wins. */
    nameWinner(
      id: string,
      { racerId, causeId }: { readonly racerId: string; readonly causeId: string },
    ): Promise<Lobby | undefined> {
      return changeLobby(database, id, ({ winnerCauseId }) =>
        winnerCauseId === undefined || isNewer(causeId, winnerCauseId)
          ? { winnerId: racerId, winnerCauseId: causeId }
          : undefined,
      );
    },

    /** Records the id of the lobby's message. */
    async posted(id: string, messageId: string): Promise<void> {
      await noteInLobby(database, id, () => ({ messageId }));
    },

    /** Records who was notified of their first share. */
    async notified(id: string, racerIds: readonly string[]): Promise<void> {
      await noteInLobby(database, id, ({ notifiedIds }) => ({
        notifiedIds: [...new Set([...notifiedIds, ...racerIds])],
      }));
    },

    /** Records that the messages show this revision of the lobby, unless the lobby has changed since. */
    async shown({ id, revision }: Pick<Lobby, "id" | "revision">): Promise<void> {
      await noteInLobby(database, id, (lobby) =>
        lobby.revision === revision ? { isBoardDue: false } : undefined,
      );
    },
  };
}
