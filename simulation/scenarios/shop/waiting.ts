import { community } from "../../../local/cloud/community.ts";
import { press, useCommand } from "../../people.ts";
import { mustHold } from "../../rules.ts";
import type { Stage } from "../../stage.ts";
import type { Pick } from "../scenario.ts";
import { marketOf } from "./market.ts";

/** Somebody presses Notify me under a drop that is sold out; half of the time it is restocked then. */
export async function joinList(stage: Stage, pick: Pick): Promise<void> {
  const { buyers, builder, drops, joined } = marketOf(stage);
  const channelId = community.marketplaceChannelId;
  const posts = stage.discord.messages(channelId);
  const offered = drops.filter((dropId) => JSON.stringify(posts).includes(`drop-notify:${dropId}`));
  const [buyer, dropId, isRestocked] = [pick(buyers), pick(offered), pick([true, false])];
  const post = posts.find(({ components }) => JSON.stringify(components).includes(dropId));
  await press(stage, buyer, `drop-notify:${dropId}`, { channelId, message: post?.id ?? "" });
  joined.push({ buyer, dropId });
  if (!isRestocked) return;
  await stage.cloud.clock.sleep(pick([0, 2_000, 20_000]));
  await useCommand(stage, builder, "c500 drops", { drop: dropId, restock: 1 });
}

/** I10 of docs/invariants.md, at rest. */
export async function checkWaiting(stage: Stage): Promise<void> {
  const { buyers, joined, drops } = marketOf(stage);
  for (const buyer of buyers) {
    const most = joined.filter((each) => each.buyer === buyer).length;
    const got = stage.discord.dms(buyer).filter(({ content }) => content.includes("** is back: "));
    mustHold("I10", got.length <= most, () => `${buyer} joined ${most} times, got ${got.length}`);
  }
  for (const dropId of drops) {
    const drop = await stage.database.collection("inventory").doc(dropId).get();
    const units = stage.database.collection(`inventory/${dropId}/units`);
    const isFree = !(await units.where("state", "==", "free").limit(1).get()).empty;
    if (drop.get("is_closed") === true || !isFree) continue;
    const waits = stage.database.collection("drop_waits").where("drop_id", "==", dropId);
    const left = (await waits.get()).size;
    mustHold("I10", left === 0, () => `${left} wait for drop ${dropId}, which has units`);
  }
}
