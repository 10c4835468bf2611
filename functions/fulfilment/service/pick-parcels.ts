import {
  type HoldReason,
  holdsOf,
  type ParcelState,
  strict,
} from "../../shipping/domain/parcel.ts";
import { subjectOf } from "../addresses/read-recipient.ts";
import type { Deps } from "../deps.ts";
import { isAddressOver } from "../domain/address-access.ts";
import { type PackedParcel, toShippable } from "../store/parcel-moves.ts";

/** Which of a builder's parcels are asked for. */
export interface PickAsked {
  readonly builderId: string;
  /** All open parcels if there are none. */
  readonly ids: readonly string[];
  /** Also those that there are reasons to wait with. */
  readonly isAnyway: boolean;
  /** Whether those that were sent are picked by their ids, too: one may come back, or a slip be printed late. */
  readonly withSent: boolean;
}

/** Why a parcel is left out; `address-over`: nobody reads its address any more. */
export type LeftOutReason = HoldReason | "address-over";

/** Parcels that are ready, and others with the reasons why they are not; no reason: there is no such parcel. */
export interface PickedParcels {
  readonly ready: readonly PackedParcel[];
  readonly leftOut: readonly { readonly id: string; readonly reasons: readonly LeftOutReason[] }[];
}

const SENT_STATES: readonly ParcelState[] = ["sent", "arrived"];

/** As many as are read at once: each one takes a call to Stripe. */
export const MAX_PICKED = 20;

/** Sorts the picked parcels of one builder into those that are ready to be packed and the others; at most 20. */
export async function pickParcels(
  { builderId, ids, isAnyway, withSent }: PickAsked,
  deps: Pick<Deps, "parcelMoves" | "deskLists" | "builders" | "clock">,
): Promise<PickedParcels> {
  const report = await deps.builders.streamReport(builderId);
  const now = deps.clock.now();
  const ready: PackedParcel[] = [];
  const leftOut: { id: string; reasons: readonly LeftOutReason[] }[] = [];
  for (const [id, packed] of await findPicked(builderId, ids, deps)) {
    if (packed?.parcel.builderId !== builderId) {
      leftOut.push({ id, reasons: [] });
      continue;
    }
    if (withSent && SENT_STATES.includes(packed.parcel.state)) {
      const isOver = isAddressOver(subjectOf(packed.parcel), now);
      if (isOver) leftOut.push({ id, reasons: ["address-over"] });
      else ready.push(packed);
      continue;
    }
    const all = holdsOf(packed.parcel, packed.orders.map(toShippable), { report, now });
    const reasons = isAnyway ? strict(all) : all;
    if (reasons.length > 0) leftOut.push({ id, reasons });
    else ready.push(packed);
  }
  return { ready, leftOut };
}

async function findPicked(
  builderId: string,
  ids: readonly string[],
  { parcelMoves, deskLists }: Pick<Deps, "parcelMoves" | "deskLists">,
): Promise<readonly (readonly [string, PackedParcel | undefined])[]> {
  if (ids.length === 0) {
    const { rows } = await deskLists.parcels("open", { builderId, after: undefined, search: "" });
    return rows.slice(0, MAX_PICKED).map((packed) => [packed.parcel.id, packed]);
  }
  const some = [...new Set(ids)].slice(0, MAX_PICKED);
  return Promise.all(some.map(async (id) => [id, await parcelMoves.packed(id)] as const));
}
