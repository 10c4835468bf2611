import { isNewer } from "../../../shared/discord/snowflake.ts";
import { userDocument } from "../../../shared/documents/definitions/user.ts";
import type { Database } from "../../../shared/ports/database.ts";

const readCountry = userDocument.part("shipCountry", "shipCountryChangeId");

/** The country as it is now, and whether this call's change counts or a newer one does. */
export interface CountryChange {
  readonly outcome: "changed" | "superseded";
  readonly country: string | undefined;
}

export type ShipCountries = ReturnType<typeof createShipCountries>;

/** Where people's parcels go, as a country and nothing more: fields of `users`. */
export function createShipCountries(database: Database) {
  return {
    /** The country that someone has chosen. */
    async get(userId: string): Promise<string | undefined> {
      const place = userDocument.place(await database(), userId);
      return readCountry(await place.get()).shipCountry;
    },

    /** Whether someone's country is as the interaction of this id left it. */
    async isChosenBy(userId: string, changeId: string): Promise<boolean> {
      const place = userDocument.place(await database(), userId);
      return readCountry(await place.get()).shipCountryChangeId === changeId;
    },

    /**
     * Stores or removes someone's country. Idempotency: by the id of the interaction that chose it; an older one than the
     * last changes nothing.
     */
    async choose(
      { userId, changeId }: { readonly userId: string; readonly changeId: string },
      country: string | undefined,
    ): Promise<CountryChange> {
      const firestore = await database();
      const place = userDocument.place(firestore, userId);
      return firestore.runTransaction(async (transaction): Promise<CountryChange> => {
        const snapshot = await transaction.get(place);
        const { shipCountry, shipCountryChangeId: last } = readCountry(snapshot);
        if (last !== undefined && isNewer(last, changeId)) {
          return { outcome: "superseded", country: shipCountry };
        }
        if (last === changeId) return { outcome: "changed", country: shipCountry };
        const changes = { shipCountry: country, shipCountryChangeId: changeId };
        if (snapshot.exists) userDocument.update(transaction, place, changes);
        else userDocument.create(transaction, place, changes);
        return { outcome: "changed", country };
      });
    },
  };
}
