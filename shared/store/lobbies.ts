import type { Firestore, Transaction } from "@google-cloud/firestore";
import type { Database } from "../clients/firestore.ts";
import {
  isNewer,
  isOpenAt,
  isOver,
  type Lobby,
  latestEnd,
  MAX_WINDOW_MS,
  type Roster,
  racersOf,
} from "../domain/race.ts";
import { createdNow, timestamp } from "./document.ts";
import { actFields, rosterFields, toLobby } from "./lobby-document.ts";

/** A lobby before anyone has joined. */
export type NewLobby = Pick<
  Lobby,
  "id" | "name" | "hostId" | "channelId" | "seats" | "rateBps" | "createdAt" | "potKey"
>;

const MAX_LISTED = 100;

export type Lobbies = ReturnType<typeof createLobbies>;

/**
 * The `lobbies` collection. Whatever decides who shares in a sale changes after the last sale that was
 * shared: each change looks for it in its own transaction, so that no sale is shared otherwise than the
 * recorded times say, whichever is booked first.
 */
export function createLobbies(database: Database) {
  const collection = async () => (await database()).collection("lobbies");

  /** Changes a lobby, or leaves it as it is. Gives it as it is then; undefined when there is none. */
  const change = async (
    id: string,
    now: Date,
    decide: (lobby: Lobby, at: Date) => Record<string, unknown> | undefined,
    { isOpening }: { readonly isOpening: boolean } = { isOpening: false },
  ): Promise<Lobby | undefined> => {
    const firestore = await database();
    const place = firestore.collection("lobbies").doc(id);
    const isThere = await firestore.runTransaction(async (transaction) => {
      const snapshot = await transaction.get(place);
      if (!snapshot.exists) return false;
      const lobby = toLobby(snapshot);
      const at =
        lobby.state === "racing" || isOpening
          ? await afterLastSale(firestore, transaction, isOpening ? undefined : id, now)
          : now;
      const fields = decide(lobby, at);
      const seen = { is_board_due: true, revision: lobby.revision + 1 };
      if (fields) transaction.update(place, { ...seen, ...fields });
      return true;
    });
    return isThere ? get(id) : undefined;
  };

  const newest = async (field: string, value: string): Promise<Lobby[]> => {
    const found = await (await collection())
      .where(field, "==", value)
      .orderBy("created_at", "desc")
      .limit(MAX_LISTED)
      .get();
    return found.docs.map(toLobby);
  };

  const get = async (id: string): Promise<Lobby | undefined> => {
    const snapshot = await (await collection()).doc(id).get();
    return snapshot.exists ? toLobby(snapshot) : undefined;
  };

  return {
    get,

    /** Puts a lobby in; a repeat changes nothing. */
    async create(lobby: NewLobby): Promise<void> {
      const fields = {
        ...{ name: lobby.name, host_id: lobby.hostId, channel_id: lobby.channelId },
        ...{ seats: lobby.seats, rate_bps: lobby.rateBps, state: "open", stints: [] },
        ...{ waiting_ids: [], created_at: lobby.createdAt, pot_key: lobby.potKey },
        is_board_due: true,
      };
      await createdNow((await collection()).doc(lobby.id).create(fields));
    },

    /** Lets people come and go, while the lobby is not over. */
    changeRoster(
      id: string,
      now: Date,
      decide: (lobby: Lobby, at: Date) => Roster & Partial<Pick<Lobby, "acts">>,
    ): Promise<Lobby | undefined> {
      return change(id, now, (lobby, at) => {
        const { stints, waitingIds, names = lobby.names, acts } = decide(lobby, at);
        if (isOver(lobby)) return undefined;
        // Who left before the race has no part in it.
        const kept = lobby.state === "open" ? stints.filter(({ leftAt }) => !leftAt) : stints;
        return {
          ...rosterFields({ stints: kept, waitingIds, names }),
          ...(acts && actFields(acts)),
        };
      });
    },

    /** Opens the commission window, once, if anyone is on the roster. */
    start(id: string, now: Date, windowMs: number): Promise<Lobby | undefined> {
      const open = (lobby: Lobby, at: Date) => {
        if (lobby.state !== "open" || racersOf(lobby).length === 0) return undefined;
        const closesAt = new Date(at.getTime() + windowMs);
        // Whoever is here races from the start, whatever another instance's clock said.
        const racers = racersOf(lobby).map((racerId) => ({
          racerId,
          joinedAt: at,
          leftAt: undefined,
        }));
        const roster = rosterFields({ ...lobby, stints: racers });
        return { ...roster, state: "racing", opened_at: at, closes_at: closesAt };
      };
      return change(id, now, open, { isOpening: true });
    },

    /** Closes the commission window, once; never later than it was to close. */
    finish(id: string, now: Date): Promise<Lobby | undefined> {
      return change(id, now, ({ state, closesAt = now }, at) =>
        state === "racing" ? { state: "finished", closed_at: earlier(at, closesAt) } : undefined,
      );
    },

    /** Closes a window that nobody has closed by then, unless it goes on for longer. */
    finishDue(id: string, now: Date): Promise<Lobby | undefined> {
      return change(id, now, ({ state, closesAt }) =>
        state === "racing" && closesAt && closesAt <= now
          ? { state: "finished", closed_at: closesAt }
          : undefined,
      );
    },

    /**
     * Lets an open window go on until `closesAt`, at the longest a day after it opened. One whose time
     * is over stays over: later sales may have been shared without it.
     */
    goOn(id: string, now: Date, closesAt: Date): Promise<Lobby | undefined> {
      const goOn = (lobby: Lobby, at: Date) => {
        const latest = latestEnd(lobby);
        if (!latest || !lobby.closesAt || lobby.closesAt <= at) return undefined;
        const until = earlier(closesAt, latest);
        return lobby.closesAt < until ? { closes_at: until } : undefined;
      };
      return change(id, now, goOn, { isOpening: true });
    },

    /** Ends a lobby before its race; one that has raced stays. */
    cancel(id: string, now: Date): Promise<Lobby | undefined> {
      return change(id, now, ({ state }) =>
        state === "open" ? { state: "cancelled" } : undefined,
      );
    },

    /** Takes back a lobby that nobody has seen: its channel is closed to us. */
    async takeBack(id: string): Promise<void> {
      await (await collection()).doc(id).delete();
    },

    /**
     * Gives the overlay another link, once for each interaction, the newest wins; the old one shows
     * nothing any more.
     */
    replacePotKey(
      id: string,
      now: Date,
      { potKey, causeId }: { readonly potKey: string; readonly causeId: string },
    ): Promise<Lobby | undefined> {
      return change(id, now, ({ potKeyCauseId }) =>
        isNewer(causeId, potKeyCauseId)
          ? { pot_key: potKey, pot_key_cause_id: causeId }
          : undefined,
      );
    },

    /** Remembers the lobby's message. */
    async posted(id: string, messageId: string): Promise<void> {
      await (await collection()).doc(id).update({ message_id: messageId });
    },

    /** The messages show a lobby as it was read, unless it has changed since. */
    async shown({ id, revision }: Pick<Lobby, "id" | "revision">): Promise<void> {
      const firestore = await database();
      const place = firestore.collection("lobbies").doc(id);
      await firestore.runTransaction(async (transaction) => {
        const now = (await transaction.get(place)).get("revision") ?? 0;
        if (now === revision) transaction.update(place, { is_board_due: false });
      });
    },

    /** The lobby whose overlay has this key. */
    async ofPot(potKey: string): Promise<Lobby | undefined> {
      const found = await (await collection()).where("pot_key", "==", potKey).limit(1).get();
      return found.docs.map(toLobby)[0];
    },

    /** A host's lobbies, newest first. */
    ofHost: (hostId: string) => newest("host_id", hostId),

    /** A channel's lobbies, newest first. */
    inChannel: (channelId: string) => newest("channel_id", channelId),

    /** Open windows that are to be closed by `until`, the first to end first. */
    async closingBy(until: Date): Promise<Lobby[]> {
      const found = await (await collection())
        .where("state", "==", "racing")
        .where("closes_at", "<=", until)
        .orderBy("closes_at")
        .limit(MAX_LISTED)
        .get();
      return found.docs.map(toLobby);
    },

    /** Lobbies whose windows have closed since, newest first. */
    async closedSince(since: Date): Promise<Lobby[]> {
      const closed = (await collection()).where("closed_at", ">", since);
      const found = await closed.orderBy("closed_at", "desc").limit(MAX_LISTED).get();
      return found.docs.map(toLobby);
    },

    /** Lobbies whose messages may not show what is true. */
    async boardsDue(): Promise<Lobby[]> {
      const due = (await collection()).where("is_board_due", "==", true);
      return (await due.limit(MAX_LISTED).get()).docs.map(toLobby);
    },
  };
}

/** A lobby, read within a transaction. */
export async function lobbyWithin(
  firestore: Firestore,
  transaction: Transaction,
  id: string,
): Promise<Lobby | undefined> {
  const snapshot = await transaction.get(firestore.collection("lobbies").doc(id));
  return snapshot.exists ? toLobby(snapshot) : undefined;
}

/** The lobbies whose windows were open at a moment, read within a transaction, by id. */
export async function openAt(
  firestore: Firestore,
  transaction: Transaction,
  at: Date,
): Promise<Lobby[]> {
  const lobbies = firestore.collection("lobbies");
  const closedSoonAfter = lobbies
    .where("closed_at", ">", at)
    .where("closed_at", "<=", new Date(at.getTime() + MAX_WINDOW_MS));
  const [running, closed] = await Promise.all([
    transaction.get(lobbies.where("state", "==", "racing")),
    transaction.get(closedSoonAfter),
  ]);
  return [...running.docs, ...closed.docs]
    .map(toLobby)
    .filter((lobby) => isOpenAt(lobby, at))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/**
 * `now`, or just after the last sale that was shared: in a lobby, or of all. Clocks of instances differ
 * by seconds.
 */
async function afterLastSale(
  firestore: Firestore,
  transaction: Transaction,
  lobbyId: string | undefined,
  now: Date,
): Promise<Date> {
  const sales = firestore.collection("sales");
  const concerned = lobbyId ? sales.where("lobby_ids", "array-contains", lobbyId) : sales;
  const newest = await transaction.get(concerned.orderBy("sold_at", "desc").limit(1));
  const [last] = newest.docs;
  const soldAt = last && timestamp.parse(last.get("sold_at"));
  return soldAt && soldAt >= now ? new Date(soldAt.getTime() + 1) : now;
}

function earlier(one: Date, other: Date): Date {
  return new Date(Math.min(one.getTime(), other.getTime()));
}
