import type {
  CollectionReference,
  Database,
  Transaction,
} from "../../../../shared/ports/database.ts";
import { lobbyDocument } from "../../documents/lobby.ts";
import type { Lobby } from "../../domain/race.ts";
import { seriesKeyOf } from "../../domain/series.ts";
import { rosterFields, toLobby, WHEN_WRITTEN } from "./lobby-document.ts";
import { MAX_LISTED } from "./lobby-lists.ts";
import { isGoingOn, lobbyElsewhere } from "./lobby-reads.ts";

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

/** Creating lobbies, and taking them back. */
export function newLobbies(database: Database) {
  return {
    /**
     * Creates a lobby. Idempotent: a repeat changes nothing. A host can have only one active lobby: if another one
     * is active, this returns that lobby and creates nothing. A racer can be in only one lobby: racers to be seated
     * who are in another lobby stay there.
     */
    async create(lobby: NewLobby): Promise<Lobby | undefined> {
      const { seated: _, ...fields } = lobby;
      const firestore = await database();
      const place = lobbyDocument.place(firestore, lobby.id);
      const ofHost = place.parent
        .where("host_id", "==", lobby.hostId)
        .orderBy("created_at", "desc")
        .limit(MAX_LISTED);
      return firestore.runTransaction(async (transaction) => {
        if ((await transaction.get(place)).exists) return undefined;
        const others = (await transaction.get(ofHost)).docs.map(toLobby);
        const problem = others.find((other) => isGoingOn(other, lobby.createdAt));
        // The host keeps their overlay link, which shows the newest race. A late command may still replace it.
        const { potKey, potKeyCauseId } = others[0] ?? { potKey: lobby.potKey };
        if (problem) return problem;
        const roster = await seatedRoster(lobby, transaction, place.parent);
        lobbyDocument.create(transaction, place, {
          ...NOT_GIVEN,
          ...fields,
          ...rosterFields(roster),
          potKey,
          potKeyCauseId,
          state: "open",
          isBoardDue: true,
          seriesKey: lobby.series === undefined ? undefined : seriesKeyOf(lobby.series),
        });
        return undefined;
      });
    },

    /**
     * Deletes a lobby that nobody has seen because the bot may not post in its channel. False if the lobby is no
     * longer open, has a message or has any recorded join or leave; then it stays.
     */
    async takeBack(id: string): Promise<boolean> {
      const firestore = await database();
      const place = lobbyDocument.place(firestore, id);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(place);
        if (!snapshot.exists) return true;
        const { state, acts, messageId } = toLobby(snapshot);
        if (state !== "open" || messageId || Object.keys(acts).length > 0) return false;
        transaction.delete(place);
        return true;
      });
    },
  };
}

/** Stored as null unless the new lobby has them. */
const NOT_GIVEN = {
  shopUrl: undefined,
  shopWord: undefined,
  goal: undefined,
  againOf: undefined,
  series: undefined,
} as const;

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
