import { readSentLines, type SentLine } from "../domain/sent-lines.ts";
import { isShippedBy, type ShipDeps, type ShipResult, shipParcel } from "./ship-parcel.ts";

/** Whose parcels are marked as sent, and under which id. */
export interface Pasting {
  readonly builderId: string;
  /** The id of the command or form that says so. */
  readonly changeId: string;
}

/** A line of what was pasted, and what became of it; no result: it cannot be read. */
export type ShippedLine = SentLine & { readonly result?: ShipResult };

/**
 * Marks a builder's parcels as sent, from lines of orders and tracking numbers.
 *
 * Idempotency: a parcel is sent once, so that pasting the same lines again changes nothing. Crash safety: each line is
 * a commit of its own, and pasting again does the rest.
 */
export async function shipLines(
  pasted: string,
  { builderId, changeId }: Pasting,
  deps: ShipDeps,
): Promise<readonly ShippedLine[]> {
  const shipped: ShippedLine[] = [];
  const numbers = new Map<string, string>();
  for (const line of readSentLines(pasted)) {
    if ("error" in line) {
      shipped.push(line);
      continue;
    }
    const { text, orderId, tracking, carrier } = line;
    const parcelId = (await deps.orders.get(orderId))?.parcel?.id ?? orderId;
    const number = numbers.get(parcelId) ?? tracking;
    numbers.set(parcelId, number);
    if (number !== tracking) {
      shipped.push({ text, error: "other-number" });
      continue;
    }
    const shipment = { orderId, builderId, changeId, tracking, carrier, isAnyway: false };
    shipped.push({ ...line, result: await shipParcel(shipment, deps) });
  }
  return shipped;
}

/** Whether an earlier delivery of a command has marked one of the parcels as sent. */
export async function isBegunToShip(
  pasted: string,
  { changeId }: Pick<Pasting, "changeId">,
  deps: Pick<ShipDeps, "orders" | "parcels">,
): Promise<boolean> {
  for (const line of readSentLines(pasted)) {
    if ("orderId" in line && (await isShippedBy(changeId, line.orderId, deps))) return true;
  }
  return false;
}
