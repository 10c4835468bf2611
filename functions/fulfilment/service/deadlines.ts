import { isLive } from "../../shipping/domain/case.ts";
import {
  type DeletePicturesDeps,
  deleteCasePictures,
} from "../../shipping/service/delete-case-pictures.ts";
import type { Deadline } from "../../shipping/store/deadlines.ts";
import type { Deps } from "../deps.ts";
import { type CancelDeps, doCancelDeadline } from "./cancel-order.ts";
import { closeRefundedCase, doCaseDeadline, type MoveCaseDeps, remindStaff } from "./move-case.ts";
import { doParcelDeadline, doSentNotice, type ParcelDeadlineDeps } from "./parcel-deadlines.ts";

/** Dependencies of deadlines. */
export type DeadlineDeps = ParcelDeadlineDeps &
  CancelDeps &
  MoveCaseDeps &
  DeletePicturesDeps &
  Pick<Deps, "deadlines" | "orders">;

/** Does what a deadline asks for, and forgets it. Crash safety: it is forgotten last, and what it does is idempotent. */
export async function doDeadline(deadline: Deadline, deps: DeadlineDeps): Promise<void> {
  if (deadline.kind === "cancel-answer") await doCancelDeadline(deadline, deps);
  else if (deadline.kind === "case-answer") await doCaseDeadline(deadline, deps);
  else if (deadline.kind === "case-reminder") await remindStaff(deadline, deps);
  else if (deadline.kind === "case-refunded") await closeRefundedCase(deadline, deps);
  else if (deadline.kind === "case-pictures") await doPicturesDeadline(deadline, deps);
  else if (deadline.kind === "sent-notice") await doSentNotice(deadline, deps);
  else await doParcelDeadline(deadline, deps);
  await deps.deadlines.done(deadline);
}

/** Deletes the pictures of a case that is over; one that was opened again keeps them until its end. */
async function doPicturesDeadline(
  { subjectId: orderId }: Deadline,
  deps: MoveCaseDeps & DeletePicturesDeps,
): Promise<void> {
  const found = await deps.cases.get(orderId);
  if (found && !isLive(found)) await deleteCasePictures(found, deps);
}
