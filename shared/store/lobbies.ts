import type { DocumentSnapshot, Firestore, Transaction } from "@google-cloud/firestore";
import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import { isOpenAt, type Lobby, lobbyStates, type Roster, racersOf } from "../domain/race.ts";
import { createdNow, parseDocument, stored, timestamp } from "./document.ts";

/** A lobby before anyone has joined. */
export type NewLobby = Pick<
  Lobby,
  "id" | "name" | "hostId" | "channelId" | "seats" | "rateBps" | "createdAt" | "potKey"
>;

/** No window is open for longer: every "go on" gives an hour, and after so long there is no other. */
export const MAX_WINDOW_MS = 24 * 3_600_000;
const MAX_LISTED = 100;

const lobbyDocument = z.object({
  name: z.string(),
  host_id: z.string(),
  channel_id: z.string(),
  message_id: stored(z.string()),
  seats: z.int(),
  rate_bps: z.int(),
  state: z.enum(lobbyStates),
  stints: z.array(
    z.object({ racer_id: z.string(), joined_at: timestamp, left_at: stored(timestamp) }),
  ),
  waiting_ids: z.array(z.string()),
  names: z._default(z.record(z.string(), z.string()), {}),
  created_at: timestamp,
  opened_at: stored(timestamp),
  closed_at: stored(timestamp),
  closes_at: stored(timestamp),
  pot_key: z.string(),
  is_board_due: z._default(z.boolean(), false),
});

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
      if (fields) transaction.update(place, { is_board_due: true, ...fields });
      return true;
    });
    return isThere ? get(id) : undefined;
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
      decide: (lobby: Lobby, at: Date) => Roster,
    ): Promise<Lobby | undefined> {
      return change(id, now, (lobby, at) => {
        if (lobby.state !== "open" && lobby.state !== "racing") return undefined;
        const { stints, waitingIds, names = lobby.names } = decide(lobby, at);
        return { stints: stints.map(stintFields), waiting_ids: waitingIds, names };
      });
    },

    /** Opens the commission window, once, if anyone is on the roster. */
    start(id: string, now: Date, windowMs: number): Promise<Lobby | undefined> {
      const open = (lobby: Lobby, at: Date) => {
        if (lobby.state !== "open" || racersOf(lobby).length === 0) return undefined;
        const closesAt = new Date(at.getTime() + windowMs);
        return { state: "racing", opened_at: at, closes_at: closesAt };
      };
      return change(id, now, open, { isOpening: true });
    },

    /** Closes the commission window, once. */
    finish(id: string, now: Date): Promise<Lobby | undefined> {
      return change(id, now, ({ state }, at) =>
        state === "racing" ? { state: "finished", closed_at: at } : undefined,
      );
    },

    /** Closes a window that nobody has closed by `dueAt`, unless it goes on for longer. */
    finishDue(id: string, dueAt: Date): Promise<Lobby | undefined> {
      return change(id, dueAt, ({ state, closesAt }, at) => {
        if (state !== "racing" || !closesAt || closesAt > dueAt) return undefined;
        return { state: "finished", closed_at: at };
      });
    },

    /** Lets an open window go on until `closesAt`, at the longest a day after it opened. */
    goOn(id: string, now: Date, closesAt: Date): Promise<Lobby | undefined> {
      return change(id, now, ({ state, openedAt, closesAt: before }) => {
        if (state !== "racing" || !openedAt) return undefined;
        const latest = new Date(openedAt.getTime() + MAX_WINDOW_MS);
        const until = closesAt < latest ? closesAt : latest;
        return before && before >= until ? undefined : { closes_at: until };
      });
    },

    /** Ends a lobby before its race; one that has raced stays. */
    cancel(id: string, now: Date): Promise<Lobby | undefined> {
      return change(id, now, ({ state }) =>
        state === "open" ? { state: "cancelled" } : undefined,
      );
    },

    /** Gives the overlay another link; the old one shows nothing any more. */
    replacePotKey(id: string, now: Date, potKey: string): Promise<Lobby | undefined> {
      return change(id, now, () => ({ pot_key: potKey }));
    },

    /** Remembers the lobby's message, once. */
    async posted(id: string, messageId: string): Promise<void> {
      await (await collection()).doc(id).update({ message_id: messageId });
    },

    /** The messages show the lobby as it is. */
    async shown(id: string): Promise<void> {
      await (await collection()).doc(id).update({ is_board_due: false });
    },

    /** The lobby whose overlay has this key. */
    async ofPot(potKey: string): Promise<Lobby | undefined> {
      const found = await (await collection()).where("pot_key", "==", potKey).limit(1).get();
      return found.docs.map(toLobby)[0];
    },

    /** Lobbies that wait or race, newest first. */
    async active(): Promise<Lobby[]> {
      const found = await (await collection())
        .where("state", "in", ["open", "racing"])
        .orderBy("created_at", "desc")
        .limit(MAX_LISTED)
        .get();
      return found.docs.map(toLobby);
    },

    /** Open windows that were to be closed by now. */
    async overdue(now: Date): Promise<Lobby[]> {
      const found = await (await collection())
        .where("state", "==", "racing")
        .where("closes_at", "<=", now)
        .limit(MAX_LISTED)
        .get();
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
  const running = await transaction.get(lobbies.where("state", "==", "racing"));
  const closedSoonAfter = lobbies
    .where("closed_at", ">", at)
    .where("closed_at", "<=", new Date(at.getTime() + MAX_WINDOW_MS));
  const closed = await transaction.get(closedSoonAfter);
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

function stintFields({ racerId, joinedAt, leftAt }: Lobby["stints"][number]) {
  return { racer_id: racerId, joined_at: joinedAt, left_at: leftAt ?? null };
}

export function toLobby(snapshot: DocumentSnapshot): Lobby {
  const fields = parseDocument(snapshot.ref.path, lobbyDocument, snapshot.data());
  return {
    ...{ id: snapshot.id, name: fields.name, hostId: fields.host_id, state: fields.state },
    ...{ channelId: fields.channel_id, messageId: fields.message_id, seats: fields.seats },
    ...{ rateBps: fields.rate_bps, waitingIds: fields.waiting_ids, potKey: fields.pot_key },
    ...{ createdAt: fields.created_at, openedAt: fields.opened_at, closedAt: fields.closed_at },
    ...{ closesAt: fields.closes_at, isBoardDue: fields.is_board_due, names: fields.names },
    stints: fields.stints.map((stint) => ({
      ...{ racerId: stint.racer_id, joinedAt: stint.joined_at, leftAt: stint.left_at },
    })),
  };
}
