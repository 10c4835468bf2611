import { atOneMoment, type CurrencySum, potWithin } from "../../../../shared/money/ledger-sums.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { lobbyDocument } from "../../documents/lobby.ts";
import type { Lobby } from "../../domain/race.ts";
import type { BookedSale } from "../../domain/sale.ts";
import { bookedWithin } from "../sales/sale-reads.ts";
import { toLobby } from "./lobby-document.ts";

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

/**
 * The newest lobby of the host who owns an overlay key, with its pot, the sales booked since `since` and the read
 * time. Undefined if no lobby has the key or the host has since replaced it.
 */
export async function readPot(
  database: Database,
  potKey: string,
  { since, holdDays }: { readonly since: Date; readonly holdDays: number },
): Promise<LobbyAndPot | undefined> {
  const firestore = await database();
  const lobbies = lobbyDocument.all(firestore);
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
}
