import { isNewer } from "../../../shared/discord/snowflake.ts";
import { createDocument } from "../../../shared/documents/document.ts";
import { atOneMoment, type CurrencySum, potWithin } from "../../../shared/money/ledger-sums.ts";
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
    /** Racers who get a seat at creation, unless they race or wait in another lobby; nobody by default. */
    readonly seated?: readonly SeatedRacer[];
  };

/** Someone who gets a seat without pressing Join. */
export interface SeatedRacer {
  readonly racerId: string;
  /** The public display name. */
  readonly name: string | undefined;
}

/** Returns the fields to change, if any. Runs again if the lobby was changed concurrently. */
type Decision = (lobby: Lobby, transaction: Transaction) => MaybePromise<Fields | undefined>;
type Fields = Readonly<Record<string, unknown>>;

/** A decision that needs no database read returns its value synchronously. */
type MaybePromise<T> = T | Promise<T>;

/** Microseconds per second. */
const MICROSECONDS = 1_000_000;
/** Nanoseconds per microsecond. */
const NANOSECONDS_EACH = 1000;

/** A lobby, its pot and its recently booked sales, all read at the same moment. */
export interface LobbyAndPot {
  readonly lobby: Lobby;
  readonly pot: readonly CurrencySum[];
  /** In booking order. */
  readonly sales: readonly BookedSale[];
  /** The read time in microseconds, by the database's clock. */
  readonly version: number;
}

export type Lobbies = ReturnType<typeof createLobbies>;

/**
 * The `lobbies` collection. Every change that affects who shares in a sale is recorded with the time at which the
 * database committed it. Sales can therefore be booked without locking their lobbies, and no change to a lobby
 * waits for a sale.
 */
export function createLobbies(database: Database) {
  const collection = async () => (await database()).collection("lobbies");

  /**
   * Updates fields of a lobby and replaces the placeholder times of earlier writes by their commit times. False if
   * the lobby does not exist.
   */
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

  /** Applies a decision to a lobby. Returns the current lobby, or undefined if it does not exist. */
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
     * Creates a lobby. Idempotent: a repeat changes nothing. A host can have only one active lobby: if another one
     * is active, this returns that lobby and creates nothing. A racer can be in only one lobby: racers to be seated
     * who are in another lobby stay there.
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
        // The host keeps their overlay link, which shows the newest race.
        const key = others[0] && { pot_key: others[0].potKey };
        if (problem) return problem;
        const roster = await seatedRoster(lobby, transaction, place.parent);
        createDocument(transaction, place, { ...fields, ...rosterFields(roster), ...key });
        return undefined;
      });
    },

    /**
     * Changes the roster of a lobby that is not over and whose time has not run out. `decide` records its changes
     * with the time it receives. If `racerId` is given, `decide` also receives the id of any other lobby in which
     * that racer races or waits.
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
        // Racers who left before the race are dropped from the roster.
        const kept = lobby.state === "open" ? intervals.filter(({ leftAt }) => !leftAt) : intervals;
        return { ...rosterFields({ ...roster, intervals: kept }), ...actFields(acts) };
      });
    },

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
        return { ...roster, state: "racing", opened_at: WHEN_WRITTEN, closes_at: closesAt };
      });
    },

    /** Closes the commission window once, never later than its planned end. */
    finish(id: string): Promise<Lobby | undefined> {
      return change(id, ({ state }) =>
        state === "racing"
          ? { ...NO_MEMBERS, state: "finished", closed_at: WHEN_WRITTEN }
          : undefined,
      );
    },

    /** Closes a window whose planned end has passed, unless it was extended. */
    finishDue(id: string, now: Date): Promise<Lobby | undefined> {
      return change(id, ({ state, closesAt }) =>
        state === "racing" && closesAt && closesAt <= now
          ? { ...NO_MEMBERS, state: "finished", closed_at: closesAt }
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
        return { closes_at: until, prolonged_from: lobby.closesAt };
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
        return { ...NO_MEMBERS, state: "cancelled", is_lapsed: isLapsed };
      });
    },

    /**
     * Deletes a lobby that nobody has seen because the bot may not post in its channel. False if the lobby is no
     * longer open, has a message or has any recorded join or leave; then it stays.
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

    /** Gives the overlay a new link, once per interaction; the newest interaction wins. The old link stops working. */
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

    /** Sets or clears the pot's goal while the lobby is active, once per interaction; the newest interaction wins. */
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

    /** Records the winner of a race, once per interaction; the newest interaction wins. */
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

    /** Records the id of the lobby's message. */
    async posted(id: string, messageId: string): Promise<void> {
      await note(id, () => ({ message_id: messageId }));
    },

    /** Records who was notified of their first share. */
    async notified(id: string, racerIds: readonly string[]): Promise<void> {
      await note(id, ({ notifiedIds }) => ({
        notified_ids: [...new Set([...notifiedIds, ...racerIds])],
      }));
    },

    /** Records that the messages show this revision of the lobby, unless the lobby has changed since. */
    async shown({ id, revision }: Pick<Lobby, "id" | "revision">): Promise<void> {
      await note(id, (now) => (now.revision === revision ? { is_board_due: false } : undefined));
    },

    /**
     * The newest lobby of the host who owns this overlay key, with its pot, the sales booked since `since` and the
     * read time. Undefined if no lobby has the key or the host has since replaced it.
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

/** The roster of a new lobby: the racers to be seated who are in no other lobby. */
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
