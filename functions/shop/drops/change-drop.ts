import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import type { CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import { builderWords, standingRefusal } from "../../members/messages/access.ts";
import type { Deps } from "../deps.ts";
import type { Drop } from "../domain/drop.ts";
import type { DropChange } from "../domain/drop-change.ts";
import { draftRefusalTexts } from "../messages/drafts.ts";
import { dropRefusalTexts, noRoomText } from "../messages/drop-refusals.ts";
import { dropChangedText } from "../messages/own-drops.ts";
import type { DropChangeResult } from "../store/drops/changes.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "./drop-board.ts";
import { scheduleOpening } from "./open-draft.ts";

/** What changing a drop needs. */
export type ChangeDropDeps = ScheduleBoardDeps & Pick<Deps, "drops" | "builders">;

/** A change of one drop that its builder asks for, under the id of what they used. */
interface OwnChange {
  readonly use: Pick<CommandUse, "id" | "userId">;
  readonly dropId: string;
  readonly change: DropChange;
}

/** The changed drop, or why it was not changed, in words too. */
export type OwnChangeResult<
  Refusal = "not-approved" | Exclude<DropChangeResult["outcome"], "changed">,
> =
  | { readonly ok: true; readonly drop: Drop }
  | { readonly ok: false; readonly refusal: Refusal; readonly text: string };

/** Makes one change of a builder's own drop and says what it did. */
export async function changeOwnDrop(
  own: OwnChange,
  deps: ChangeDropDeps,
): Promise<OutgoingMessage> {
  return changeAnswer(await makeOwnChange(own, deps), own.change, deps);
}

/** What the builder reads of a change. */
export async function changeAnswer(
  result: OwnChangeResult<string>,
  change: DropChange,
  { drops }: Pick<Deps, "drops">,
): Promise<OutgoingMessage> {
  if (!result.ok) return { content: result.text };
  const changed = { drop: result.drop, stock: await drops.stockLevel(result.drop.id) };
  return { content: dropChangedText(changed, change) };
}

/**
 * Makes one change of a builder's own drop. Only an approved builder may put more on sale or change what is; anyone may
 * close what is theirs, or throw a draft away. What is bought or being paid for stays as its order has it.
 *
 * Idempotency: once by the use's id; a repeat answers the same. Crash safety: the sweeper brings the post up to date.
 */
export async function makeOwnChange(
  { use: { id, userId }, dropId, change }: OwnChange,
  deps: ChangeDropDeps,
): Promise<OwnChangeResult> {
  const { drops, builders } = deps;
  const isWithdrawing = change.kind === "close" || change.kind === "discard";
  const standing = isWithdrawing
    ? undefined
    : standingRefusal(await builders.standing(userId), builderWords);
  if (standing !== undefined && !(await drops.hasApplied(dropId, id))) {
    return { ok: false, refusal: "not-approved", text: standing };
  }
  const result = await drops.change(dropId, userId, change, id);
  if (result.outcome !== "changed") {
    return { ok: false, refusal: result.outcome, text: refusalText(result) };
  }
  await scheduleBoard(dropId, deps);
  if (change.kind === "schedule") await scheduleOpening(result.drop, deps);
  return { ok: true, drop: result.drop };
}

function refusalText(result: Exclude<DropChangeResult, { outcome: "changed" }>): string {
  switch (result.outcome) {
    case "not-found":
    case "never-posted":
      return dropRefusalTexts[result.outcome];
    case "no-terms":
      return dropRefusalTexts["drop-without-terms"];
    case "still-draft":
    case "no-draft":
      return draftRefusalTexts[result.outcome];
    case "too-many":
      return noRoomText(result.room);
  }
}
