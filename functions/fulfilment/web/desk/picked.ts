import { readId } from "../../../../shared/documents/outside-id.ts";
import { plainLine } from "../../../../shared/web/text.ts";
import { readRecipient } from "../../addresses/read-recipient.ts";
import type { Deps } from "../../deps.ts";
import { pickParcels } from "../../service/pick-parcels.ts";
import { type PackedParcel, toShippable } from "../../store/parcel-moves.ts";
import type { DeskVisitor, VisitorDeps } from "../desk-visitor.ts";

/** What pages about picked parcels need. */
export type PickedDeps = VisitorDeps &
  Pick<Deps, "deskLists" | "parcelMoves" | "stripeReader" | "log">;

/** Calls to Stripe at the same time. */
const AT_ONCE = 5;
const MAX_TITLE = 100;

/**
 * The parcels that an address names in `parcel`, or all that are to be sent; with `anyway` also those with reasons to
 * wait. `withSent`: those that it names may have been sent.
 */
export function pickedOf(
  { asked, withSent }: { readonly asked: URLSearchParams; readonly withSent: boolean },
  { builder }: DeskVisitor,
  deps: PickedDeps,
) {
  const ids = asked.getAll("parcel").flatMap((id) => readId(id) ?? []);
  const isAnyway = asked.has("anyway");
  return pickParcels({ builderId: builder.id, ids, isAnyway, withSent }, deps);
}

/** Each parcel with who it goes to and what is in it; those whose address may not be read are left out. */
export async function addressed(
  parcels: readonly PackedParcel[],
  { session }: DeskVisitor,
  deps: PickedDeps,
) {
  const found = [];
  for (let from = 0; from < parcels.length; from += AT_ONCE) {
    const some = parcels.slice(from, from + AT_ONCE);
    const read = some.map(async (packed) => {
      const recipient = await readRecipient(packed, session, deps);
      return recipient ? [{ packed, recipient, items: itemsOf(packed) }] : [];
    });
    found.push(...(await Promise.all(read)).flat());
  }
  return found;
}

/** What a parcel contains: orders whose money went back stay out of it. */
function itemsOf({ parcel, orders }: PackedParcel) {
  return orders
    .filter((order) => !toShippable(order).isReturned)
    .map(({ id, title }) => ({
      orderId: id,
      title: plainLine(title ?? "An order", MAX_TITLE),
      quantity: parcel.lines.find(({ orderId }) => orderId === id)?.quantity ?? 1,
    }));
}

/** A parcel that is ready to be packed. */
export type AddressedParcel = Awaited<ReturnType<typeof addressed>>[number];
