import {
  changeTerms,
  type TermsChange,
  type TermsProblem,
} from "../../shipping/domain/change-terms.ts";
import type { Deps } from "../deps.ts";
import type { Drop } from "../domain/drop.ts";
import type { DropTermsResult } from "../store/drops/terms.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "./drop-board.ts";

/** What changing how a drop ships needs. */
export type ChangeDropTermsDeps = ScheduleBoardDeps & Pick<Deps, "buildersTerms" | "drops">;

/** Who changes what of how a drop ships, under the id of what they used. */
interface DropTermsUse {
  readonly drop: Pick<Drop, "id" | "currency">;
  readonly builderId: string;
  readonly changeId: string;
  readonly change: TermsChange;
}

/**
 * Changes how a builder's own drop ships; what is reserved or sold keeps what its order says. One from before terms were
 * required begins with its builder's.
 *
 * Idempotency: once by the use's id; a repeat answers the same. Crash safety: the sweeper brings the post up to date.
 */
export async function changeDropTerms(
  { drop: { id: dropId, currency }, builderId, changeId, change }: DropTermsUse,
  deps: ChangeDropTermsDeps,
): Promise<DropTermsResult<TermsProblem>> {
  const own = await deps.buildersTerms.forNew(builderId, currency);
  const result = await deps.drops.changeTerms({ dropId, builderId, changeId }, (before) =>
    changeTerms(before ?? own, change, currency),
  );
  if (result.outcome === "changed") await scheduleBoard(dropId, deps);
  return result;
}
