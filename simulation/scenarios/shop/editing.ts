import { community } from "../../../local/cloud/community.ts";
import { press, sendDropForm, useCommand } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Pick } from "../scenario.ts";
import { pressBuyButton } from "./buying.ts";
import { marketOf } from "./market.ts";

const TITLES = ["Brass weight", "Brass weight, polished", "Copper weight"];

/** The builder opens a drop's control panel. */
async function openPanel(stage: Stage, drop: string) {
  const { builder } = marketOf(stage);
  const { id } = await useCommand(stage, builder, "c500 drops", { drop });
  await stage.cloud.clock.sleep(3_000);
  return {
    builder,
    channelId: community.generalChannelId,
    message: stage.discord.interaction(id)?.original?.id ?? "",
  };
}

/** The builder edits a drop, half of the time while somebody is about to buy. */
export async function editDrop(stage: Stage, pick: Pick): Promise<void> {
  const drop = pick(marketOf(stage).drops);
  const [title, isWatched] = [pick(TITLES), pick([true, false])];
  const { builder, ...place } = await openPanel(stage, drop);
  const shown = await press(stage, builder, `drop-edit:${drop}`, place);
  const edit = stage.discord.client.modalSubmit(stage.endpoint, {
    of: shown.id,
    values: { title },
  });
  await Promise.all([edit, isWatched && buySoon(stage, pick, drop)]);
}

/** Somebody presses Buy Now within the next seconds. */
async function buySoon(stage: Stage, pick: Pick, drop: string): Promise<void> {
  const [buyer, waitMs] = [pick(marketOf(stage).buyers), pick([0, 300, 1_000, 2_500])];
  await stage.cloud.clock.sleep(waitMs);
  await pressBuyButton(stage, buyer, drop);
}

/** The most drafts of one simulation, so that its posts stay few. */
const MAX_DRAFTS = 3;

/** The builder writes a draft that opens by itself. */
export async function writeDraft(stage: Stage, pick: Pick): Promise<void> {
  const { builder, drafts } = marketOf(stage);
  const opens = pick(["in 2 minutes", "in 20 minutes", "in 3 hours", "in 2 days"]);
  if (drafts.size >= MAX_DRAFTS) throw new Error("There are enough drafts.");
  const terms = { payment: pick(["split", "held"]), price: "7.77", quantity: "2", opens };
  drafts.add(await sendDropForm(stage, builder, terms));
}

/**
 * The builder opens a draft, throws it away, lets it wait, or gives it another time; sometimes as it opens. They write one
 * if there is none.
 */
export async function decideDraft(stage: Stage, pick: Pick): Promise<void> {
  const { builder, drafts } = marketOf(stage);
  if (drafts.size === 0) {
    await writeDraft(stage, pick);
    await stage.cloud.clock.sleep(10_000);
    // Once faults have stopped nobody acts any more.
    if (stage.faults.isQuiet) return;
  }
  const drop = pick([...drafts]);
  const what = pick(["drop-open", "drop-discard", "drop-unschedule", "later", "as it opens"]);
  if (what === "later") {
    await useCommand(stage, builder, "c500 drops", { drop, opens: pick(["2 min", "5 hours"]) });
    return;
  }
  const { builder: _, ...place } = await openPanel(stage, drop);
  if (what !== "as it opens") {
    await press(stage, builder, `${what}:${drop}`, place);
    return;
  }
  const opensAt = (await stage.database.collection("inventory").doc(drop).get()).get("opens_at");
  const { clock } = stage.cloud;
  const dueMs = (opensAt as { toMillis(): number } | null | undefined)?.toMillis() ?? 0;
  await clock.sleep(Math.max(0, dueMs + pick([-1_000, -200, 0, 300, 1_500]) - clock.nowMs()));
  await press(stage, builder, `${pick(["drop-discard", "drop-open"])}:${drop}`, place);
}
