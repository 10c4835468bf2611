import { type HoldReason, holdsOf, strict } from "../../shipping/domain/parcel.ts";
import type { Deps } from "../deps.ts";
import { type PackedParcel, toShippable } from "../store/parcel-moves.ts";

/** Which of a builder's parcels are asked for. */
export interface PickAsked {
  readonly builderId: string;
  /** All open parcels if there are none. */
  readonly ids: readonly string[];
  /** Also those that there are reasons to wait with. */
  readonly isAnyway: boolean;
}

/** Parcels that may be sent, and others with the reasons why they may not; no reason: there is no such parcel. */
export interface PickedParcels {
  readonly ready: readonly PackedParcel[];
  readonly leftOut: readonly { readonly id: string; readonly reasons: readonly HoldReason[] }[];
}

/** As many as are read at once: each one takes a call to Stripe. */
export const MAX_PICKED = 20;

/** Sorts the picked parcels of one builder into those that may be sent now and the others; at most 20. */
export async function pickParcels(
  { builderId, ids, isAnyway }: PickAsked,
  deps: Pick<Deps, "parcelMoves" | "deskLists" | "builders" | "clock">,
): Promise<PickedParcels> {
  const report = await deps.builders.streamReport(builderId);
  const now = deps.clock.now();
  const ready: PackedParcel[] = [];
  const leftOut: { id: string; reasons: readonly HoldReason[] }[] = [];
  for (const [id, packed] of await findPicked(builderId, ids, deps)) {
    if (packed?.parcel.builderId !== builderId) {
      leftOut.push({ id, reasons: [] });
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
