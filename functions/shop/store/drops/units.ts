import type {
  Database,
  Firestore,
  Transaction,
  WriteBatch,
} from "../../../../shared/ports/database.ts";
import { dropUnitDocument } from "../../documents/drop-unit.ts";
import type { StockLevel } from "../../domain/drop.ts";

/** Counts the units of a drop, which are one document each. */
export function createStockLevels(database: Database) {
  return {
    /** How many units are free, reserved and sold. */
    async stockLevel(id: string): Promise<StockLevel> {
      const units = dropUnitDocument.all(await database(), id);
      const count = async (state: string) =>
        (await units.where("state", "==", state).count().get()).data().count;
      const [free, reserved, sold] = await Promise.all([
        count("free"),
        count("reserved"),
        count("sold"),
      ]);
      return { free, reserved, sold };
    },
  };
}

/** Creates free units of a drop, numbered from `first` to `last`; none if `last` is lower. */
export function makeUnits(
  firestore: Firestore,
  writer: WriteBatch | Transaction,
  dropId: string,
  { first, last }: { readonly first: number; readonly last: number },
): void {
  for (let number = first; number <= last; number += 1) {
    const place = dropUnitDocument.place(firestore, dropId, String(number));
    dropUnitDocument.create(writer, place, { number, state: "free" });
  }
}
