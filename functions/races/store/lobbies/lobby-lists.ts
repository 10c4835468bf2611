import type { Database } from "../../../../shared/ports/database.ts";
import { lobbyDocument } from "../../documents/lobby.ts";
import { type Lobby, MAX_OPEN_MS } from "../../domain/race.ts";
import { seriesKeyOf } from "../../domain/series.ts";
import { toLobby } from "./lobby-document.ts";
import { isGoingOn } from "./lobby-reads.ts";

/** The size limit of a list: more lobbies than anyone has at a time. */
export const MAX_LISTED = 100;

/** Queries that list lobbies of the `lobbies` collection. */
export function lobbyLists(database: Database) {
  const collection = async () => lobbyDocument.all(await database());

  const newest = async (field: string, value: string): Promise<Lobby[]> => {
    const found = await (await collection())
      .where(field, "==", value)
      .orderBy("created_at", "desc")
      .limit(MAX_LISTED)
      .get();
    return found.docs.map(toLobby);
  };

  return {
    /** A host's lobbies, newest first. */
    ofHost: (hostId: string) => newest("host_id", hostId),

    /** A host's lobbies of a series, newest first; at most 100. */
    async ofSeries(hostId: string, series: string): Promise<Lobby[]> {
      const found = await (await collection())
        .where("host_id", "==", hostId)
        .where("series_key", "==", seriesKeyOf(series))
        .orderBy("created_at", "desc")
        .limit(MAX_LISTED)
        .get();
      return found.docs.map(toLobby);
    },

    /** A channel's lobbies, newest first. */
    inChannel: (channelId: string) => newest("channel_id", channelId),

    /** The lobbies that are active at `at` and in which someone races or waits. */
    async withMember(racerId: string, at: Date): Promise<Lobby[]> {
      const found = await (await collection()).where("member_ids", "array-contains", racerId).get();
      return found.docs.map(toLobby).filter((lobby) => isGoingOn(lobby, at));
    },

    /** The newest lobby with this shop word; undefined if there is none. */
    async ofWord(word: string): Promise<Lobby | undefined> {
      return (await newest("shop_word", word))[0];
    },

    /** Open windows due to close by `until`, earliest end first. */
    async closingBy(until: Date): Promise<Lobby[]> {
      const found = await (await collection())
        .where("state", "==", "racing")
        .where("closes_at", "<=", until)
        .orderBy("closes_at")
        .limit(MAX_LISTED)
        .get();
      return found.docs.map(toLobby);
    },

    /** Open lobbies that were neither started in time nor cancelled, oldest first. */
    async lapsedBy(now: Date): Promise<Lobby[]> {
      const found = await (await collection())
        .where("state", "==", "open")
        .where("created_at", "<=", new Date(now.getTime() - MAX_OPEN_MS))
        .orderBy("created_at")
        .limit(MAX_LISTED)
        .get();
      return found.docs.map(toLobby);
    },

    /** Lobbies whose windows closed after `since`, most recently closed first. */
    async closedSince(since: Date): Promise<Lobby[]> {
      const closed = (await collection()).where("closed_at", ">", since);
      const found = await closed.orderBy("closed_at", "desc").limit(MAX_LISTED).get();
      return found.docs.map(toLobby);
    },

    /** Lobbies whose messages may be out of date, newest first (their ids are Discord's, which sort by time). */
    async boardsDue(): Promise<Lobby[]> {
      const due = (await collection())
        .where("is_board_due", "==", true)
        .orderBy("__name__", "desc");
      return (await due.limit(MAX_LISTED).get()).docs.map(toLobby);
    },
  };
}
