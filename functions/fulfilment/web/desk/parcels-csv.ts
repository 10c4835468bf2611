import type { Response } from "@google-cloud/functions-framework";
import type { HttpRequest } from "../../../../shared/runtime/http.ts";
import { cacheControl } from "../../../../shared/web/page.ts";
import { PICKUP } from "../../../shipping/domain/terms.ts";
import { labelCsv } from "../../addresses/label-csv.ts";
import { deskVisitor } from "../desk-visitor.ts";
import { parametersOf } from "./parameters.ts";
import { addressed, type PickedDeps, pickedOf } from "./picked.ts";

/**
 * Sends parcels that may be sent as CSV, for services that print labels; who may not have it is led to the desk. What is
 * picked up needs no label.
 */
export async function sendParcelsCsv(
  request: HttpRequest,
  response: Response,
  deps: PickedDeps,
): Promise<void> {
  response.set({
    "cache-control": cacheControl.personal,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
  });
  const visitor = await deskVisitor(request, deps);
  if ("instead" in visitor) {
    response.redirect(303, "/desk");
    return;
  }
  const { ready } = await pickedOf(
    { asked: parametersOf(request), withSent: false },
    visitor,
    deps,
  );
  const shipped = ready.filter(({ parcel }) => parcel.destination !== PICKUP);
  const rows = (await addressed(shipped, visitor, deps)).map(({ packed, recipient, items }) => ({
    parcelId: packed.parcel.id,
    recipient,
    items,
  }));
  response
    .set("content-disposition", 'attachment; filename="parcels.csv"')
    .type("text/csv; charset=utf-8")
    .send(labelCsv(rows));
}
