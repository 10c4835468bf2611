import type { Deadline } from "../../shipping/store/deadlines.ts";
import type { Deps } from "../deps.ts";
import { type CancelDeps, doCancelDeadline } from "./cancel-order.ts";
import { doCaseDeadline, type MoveCaseDeps } from "./move-case.ts";
import { doParcelDeadline, type ParcelDeadlineDeps } from "./parcel-deadlines.ts";

/** Dependencies of deadlines. */
export type DeadlineDeps = ParcelDeadlineDeps & CancelDeps & MoveCaseDeps & Pick<Deps, "deadlines">;

/** Does what a deadline asks for, and forgets it. Crash safety: it is forgotten last, and what it does is idempotent. */
export async function doDeadline(deadline: Deadline, deps: DeadlineDeps): Promise<void> {
  if (deadline.kind === "cancel-answer") await doCancelDeadline(deadline, deps);
  else if (deadline.kind === "case-answer") await doCaseDeadline(deadline, deps);
  else await doParcelDeadline(deadline, deps);
  await deps.deadlines.done(deadline);
}
