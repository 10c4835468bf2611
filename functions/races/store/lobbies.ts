import { isNewer } from "../../../shared/discord/snowflake.ts";
import { createDocument } from "../../../shared/documents/document.ts";
import { atOneMoment, type CurrencySum, potWithin } from "../../../shared/money/ledger-store.ts";
import type { CollectionReference, Database, Transaction } from "../../../shared/ports/database.ts";
import {
  asOf,
  isOver,
  type Lobby,
  latestEnd,
  type Roster,
  racersOf,
  stateAt,
} from "../domain/race.ts";
import type { RaceGoal } from "../domain/race-goal.ts";
import type { BookedSale } from "../domain/sale.ts";
import { seriesKeyOf } from "../domain/series.ts";
import {
  actFields,
  NO_MEMBERS,
  rosterFields,
  settledTimes,
  toLobby,
  WHEN_WRITTEN,
} from "./lobby-document.ts";
import { lobbyLists, MAX_LISTED } from "./lobby-lists.ts";
import { isGoingOn, lobbyElsewhere } from "./lobby-reads.ts";
import { bookedWithin } from "./sale-reads.ts";

/** A lobby before anyone has joined. */
export type NewLobby = Pick<
  Lobby,
  "id" | "name" | "hostId" | "channelId" | "seats" | "rateBps" | "createdAt" | "potKey"
> &
  Partial<Pick<Lobby, "shopUrl" | "shopWord" | "againOf" | "goal" | "series">> & {
    /** Who has a seat from the beginning, unless they race or wait elsewhere; by default nobody. */
    readonly seated?: readonly SeatedRacer[];
  };

/** Someone who gets a seat without pressing Join. */
export interface SeatedRacer {
  readonly racerId: string;
  /** What everyone may read. */
  readonly name: string | undefined;
}

/** The fields that change, if any. It runs again when others changed the lobby meanwhile. */
type Decision = (lobby: Lobby, transaction: Transaction) => MaybePromise<Fields | undefined>;
type Fields = Readonly<Record<string, unknown>>;

/** What needs no look at the database is there at once. */
type MaybePromise<T> = T | Promise<T>;

/** In a second. */
const MICROSECONDS = 1_000_000;
/** In a microsecond. */
const NANOSECONDS_EACH = 1000;

/** A lobby, its pot and the sales that were booked lately, as they were at one moment. */
export interface LobbyAndPot {
  readonly lobby: Lobby;
  readonly pot: readonly CurrencySum[];
  /** In the order in which they were booked. */
  readonly sales: readonly BookedSale[];
  /** The moment in microseconds, by the database's clock. */
  readonly version: number;
}

export type Lobbies = ReturnType<typeof createLobbies>;

/**
 * The `lobbies` collection. What decides who shares in a sale is recorded with the time at which the database
 * committed it, so that sales are booked without a lock on their lobbies and changes wait for no sale.
 */
export function createLobbies(database: Database) {
  const collection = async () => (await database()).collection("lobbies");

  /** Writes fields of a lobby, with the times of what was written before. False when there is none. */
  const note = async (id: string, decide: Decision): Promise<boolean> => {
    const firestore = await database();
    const place = firestore.collection("lobbies").doc(id);
    return firestore.runTransaction(async (transaction) => {
      const snapshot = await transaction.get(place);
      if (!snapshot.exists) return false;
      const lobby = toLobby(snapshot);
      const fields = await decide(lobby, transaction);
      if (fields) transaction.update(place, { ...settledTimes(lobby), ...fields });
      return true;
    });
  };

  /** Changes a lobby, or leaves it as it is. Gives it as it is then; undefined when there is none. */
  const change = async (id: string, decide: Decision): Promise<Lobby | undefined> => {
    const isThere = await note(id, async (lobby, transaction) => {
      const fields = await decide(lobby, transaction);
      return fields && { is_board_due: true, revision: lobby.revision + 1, ...fields };
    });
    return isThere ? get(id) : undefined;
  };

  const get = async (id: string): Promise<Lobby | undefined> => {
    const snapshot = await (await collection()).doc(id).get();
    return snapshot.exists ? toLobby(snapshot) : undefined;
  };

  return {
    ...lobbyLists(database),

    get,

    /**
     * Puts a lobby in; a repeat changes nothing. A host has one at a time: gives the one that keeps
     * this from being there, if there is one. People are in one lobby at a time: someone who is to be seated and
     * is in another stays there.
     */
    async create(lobby: NewLobby): Promise<Lobby | undefined> {
      const fields = {
        name: lobby.name,
        host_id: lobby.hostId,
        channel_id: lobby.channelId,
        seats: lobby.seats,
        rate_bps: lobby.rateBps,
        state: "open",
        created_at: lobby.createdAt,
        pot_key: lobby.potKey,
        shop_url: lobby.shopUrl ?? null,
        shop_word: lobby.shopWord ?? null,
        goal: lobby.goal ?? null,
        again_of: lobby.againOf ?? null,
        is_board_due: true,
        series: lobby.series ?? null,
        series_key: lobby.series === undefined ? null : seriesKeyOf(lobby.series),
      };
      const firestore = await database();
      const place = firestore.collection("lobbies").doc(lobby.id);
      const ofHost = place.parent
        .where("host_id", "==", lobby.hostId)
        .orderBy("created_at", "desc")
        .limit(MAX_LISTED);
      return firestore.runTransaction(async (transaction) => {
        if ((await transaction.get(place)).exists) return undefined;
        const others = (await transaction.get(ofHost)).docs.map(toLobby);
        const problem = others.find((other) => isGoingOn(other, lobby.createdAt));
        // The overlay's link stays the host's, and shows the newest race.
        const key = others[0] && { pot_key: others[0].potKey };
        if (problem) return problem;
        const roster = await seatedRoster(lobby, transaction, place.parent);
        createDocument(transaction, place, { ...fields, ...rosterFields(roster), ...key });
        return undefined;
      });
    },

    /**
     * Lets people come and go, while the lobby is not over and its time is not. The decision records what
     * happens under the time it is given. Where a racer is named it knows in which other lobby they race or
     * wait.
     */
    changeRoster(
      id: string,
      now: Date,
      decide: (
        lobby: Lobby,
        at: Date,
        elsewhereId: string | undefined,
      ) => Roster & Partial<Pick<Lobby, "acts">>,
      racerId?: string,
    ): Promise<Lobby | undefined> {
      return change(id, async (lobby, transaction) => {
        const elsewhere =
          racerId === undefined
            ? undefined
            : await lobbyElsewhere(await collection(), transaction, racerId, { at: now, but: id });
        const roster = { ...lobby, ...decide(lobby, WHEN_WRITTEN, elsewhere?.id) };
        if (isOver({ state: stateAt(lobby, now) })) return undefined;
        const { intervals, acts } = roster;
        // Who left before the race has no part in it.
        const kept = lobby.state === "open" ? intervals.filter(({ leftAt }) => !leftAt) : intervals;
        return { ...rosterFields({ ...roster, intervals: kept }), ...actFields(acts) };
      });
    },

    /** Opens the commission window, once, if anyone is on the roster and it is not too late for it. */
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
        return { ...roster, state: "racing", opened_at: WHEN_WRITTEN, closes_at: closesAt };
      });
    },

    /** Closes the commission window, once; never later than it was to close. */
    finish(id: string): Promise<Lobby | undefined> {
      return change(id, ({ state }) =>
        state === "racing"
          ? { ...NO_MEMBERS, state: "finished", closed_at: WHEN_WRITTEN }
          : undefined,
      );
    },

    /** Closes a window that nobody has closed by then, unless it goes on for longer. */
    finishDue(id: string, now: Date): Promise<Lobby | undefined> {
      return change(id, ({ state, closesAt }) =>
        state === "racing" && closesAt && closesAt <= now
          ? { ...NO_MEMBERS, state: "finished", closed_at: closesAt }
          : undefined,
      );
    },

    /**
     * Lets an open window go on until `closesAt`, at the longest a day after it opened. One whose time
     * is over stays over, also when that is found out by the time of the commit: sales may have been shared
     * without it.
     */
    goOn(id: string, now: Date, closesAt: Date): Promise<Lobby | undefined> {
      return change(id, (lobby) => {
        const latest = latestEnd(lobby);
        const isRacing = stateAt(lobby, now) === "racing";
        if (!isRacing || !latest || !lobby.closesAt) return undefined;
        const until = earlier(closesAt, latest);
        if (lobby.closesAt >= until) return undefined;
        return { closes_at: until, prolonged_from: lobby.closesAt };
      });
    },

    /** Ends a lobby before its race, and keeps whether it was too late for that; one that has raced stays. */
    cancel(id: string, now: Date): Promise<Lobby | undefined> {
      return change(id, (lobby) => {
        const { isLapsed } = asOf(lobby, now);
        if (lobby.state !== "open") return undefined;
        return { ...NO_MEMBERS, state: "cancelled", is_lapsed: isLapsed };
      });
    },

    /**
     * Takes back a lobby that nobody has seen: its channel is closed to us. False when someone has:
     * then it stays.
     */
    async takeBack(id: string): Promise<boolean> {
      const firestore = await database();
      const place = firestore.collection("lobbies").doc(id);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        if (!snapshot.exists) return true;
        const { state, acts, messageId } = toLobby(snapshot);
        if (state !== "open" || messageId || Object.keys(acts).length > 0) return false;
        transaction.delete(place);
        return true;
      });
    },

    /**
     * Gives the overlay another link, once for each interaction, the newest wins; the old one shows
     * nothing any more.
     */
    replacePotKey(
      id: string,
      { potKey, causeId }: { readonly potKey: string; readonly causeId: string },
    ): Promise<Lobby | undefined> {
      return change(id, ({ potKeyCauseId }) =>
        isNewer(causeId, potKeyCauseId)
          ? { pot_key: potKey, pot_key_cause_id: causeId }
          : undefined,
      );
    },

    /** Sets what the pot is to reach, or takes it away, once for each interaction; the newest counts. */
    setGoal(
      id: string,
      goal: RaceGoal | undefined,
      causeId: string,
      now: Date,
    ): Promise<Lobby | undefined> {
      return change(id, (lobby) =>
        isGoingOn(lobby, now) && isNewer(causeId, lobby.goalCauseId)
          ? { goal: goal ?? null, goal_cause_id: causeId }
          : undefined,
      );
    },

    /** Names who won a race, once for each interaction; the newest counts. */
    nameWinner(
      id: string,
      { racerId, causeId }: { readonly racerId: string; readonly causeId: string },
    ): Promise<Lobby | undefined> {
      return change(id, ({ winnerCauseId }) =>
        winnerCauseId === undefined || isNewer(causeId, winnerCauseId)
          ? { winner_id: racerId, winner_cause_id: causeId }
          : undefined,
      );
    },

    /** Remembers the lobby's message. */
    async posted(id: string, messageId: string): Promise<void> {
      await note(id, () => ({ message_id: messageId }));
    },

    /** Remembers who was notified of their first share. */
    async notified(id: string, racerIds: readonly string[]): Promise<void> {
      await note(id, ({ notifiedIds }) => ({
        notified_ids: [...new Set([...notifiedIds, ...racerIds])],
      }));
    },

    /** The messages show a lobby as it was read, unless it has changed since. */
    async shown({ id, revision }: Pick<Lobby, "id" | "revision">): Promise<void> {
      await note(id, (now) => (now.revision === revision ? { is_board_due: false } : undefined));
    },

    /**
     * The newest lobby of the host whose overlay has this key, with its pot and what was booked since a moment,
     * and when all that was so. None where the host has replaced the key since.
     */
    async ofPot(potKey: string, since: Date, holdDays: number): Promise<LobbyAndPot | undefined> {
      const firestore = await database();
      const lobbies = firestore.collection("lobbies");
      const withKey = lobbies.where("pot_key", "==", potKey).limit(1);
      return atOneMoment(firestore, async (transaction) => {
        const [known] = (await transaction.get(withKey)).docs.map(toLobby);
        if (!known) return undefined;
        const ofHost = lobbies.where("host_id", "==", known.hostId);
        const found = await transaction.get(ofHost.orderBy("created_at", "desc").limit(1));
        const [lobby] = found.docs.map(toLobby);
        if (lobby?.potKey !== potKey) return undefined;
        const { seconds, nanoseconds } = found.readTime;
        const version = seconds * MICROSECONDS + Math.floor(nanoseconds / NANOSECONDS_EACH);
        const [pot, sales] = await Promise.all([
          potWithin(firestore, transaction, lobby.id),
          bookedWithin(firestore, transaction, { lobbyId: lobby.id, since, holdDays }),
        ]);
        return { lobby, pot, sales, version };
      });
    },
  };
}

/** The roster of a new lobby: those to be seated who are in no other. */
async function seatedRoster(
  { id, seated = [], createdAt }: NewLobby,
  transaction: Transaction,
  lobbies: CollectionReference,
) {
  const names = Object.fromEntries(
    seated.flatMap(({ racerId, name }) => (name === undefined ? [] : [[racerId, name]])),
  );
  const free = await Promise.all(
    seated.map(async ({ racerId }) => {
      const but = { at: createdAt, but: id };
      return (await lobbyElsewhere(lobbies, transaction, racerId, but)) ? [] : [racerId];
    }),
  );
  const intervals = free
    .flat()
    .map((racerId) => ({ racerId, joinedAt: WHEN_WRITTEN, leftAt: undefined }));
  return { intervals, names, waitingIds: [], kickedIds: [] };
}

function earlier(one: Date, other: Date): Date {
  return new Date(Math.min(one.getTime(), other.getTime()));
}
