import type { Database } from "../clients/firestore.ts";
import { createPersonAuctions } from "./person-auctions.ts";
import { createPersonOrders } from "./person-orders.ts";
import { createPersonRaces } from "./person-races.ts";
import { createPersonRecord } from "./person-record.ts";
import { createPersonTraces } from "./person-traces.ts";

export type PersonalData = ReturnType<typeof createPersonalData>;

/**
 * Everything that names a person, collection by collection: what of it is still open, and how it is
 * deleted or put in a pseudonym's name. Doing either again changes nothing. `record` is what they may read.
 */
export function createPersonalData(database: Database) {
  return {
    orders: createPersonOrders(database),
    auctions: createPersonAuctions(database),
    races: createPersonRaces(database),
    traces: createPersonTraces(database),
    record: createPersonRecord(database),
  };
}
