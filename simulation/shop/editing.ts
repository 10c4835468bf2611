import { community } from "../../local/cloud/community.ts";
import { press, useCommand } from "../people.ts";
import type { Pick } from "../scenario.ts";
import type { Stage } from "../stage.ts";
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
  const editing = stage.discord.client.modalSubmit(stage.endpoint, {
    of: shown.id,
    values: { title },
  });
  if (isWatched) {
    await stage.cloud.clock.sleep(pick([0, 300, 1_000, 2_500]));
    await pressBuyButton(stage, pick(marketOf(stage).buyers), drop);
  }
  await editing;
}
