import { community } from "../../../local/cloud/community.ts";
import type { Stage } from "../../stage.ts";
import type { Pick } from "../scenario.ts";
import { marketOf } from "./market.ts";

/** Permanently refuses messages to one buyer, for another reason than closed DMs. */
export function refuseMessages(stage: Stage, pick: Pick): void {
  const { buyers, unreachable } = marketOf(stage);
  if (!stage.swarm.kinds.has("discord refuses messages")) throw new Error("Not in this run.");
  const dms = buyers.flatMap((buyer) => {
    const [first] = stage.discord.dms(buyer);
    return first ? [{ buyer, channelId: first.channel_id }] : [];
  });
  const { buyer, channelId } = pick(dms);
  const operation = new RegExp(`^POST /channels/${channelId}/messages`);
  stage.faults.add({ target: "discord", operation, fault: { kind: "fail", code: 403 } });
  unreachable.add(buyer);
  stage.faults.note("discord refuses messages");
}

/** Someone closes or reopens their DMs. */
export function changeDms(stage: Stage, pick: Pick): void {
  const { buyers, builder, closedDms } = marketOf(stage);
  const id = pick([...buyers, builder]);
  stage.discord.addUser({ id, username: `user_${id}`, dmsClosed: pick([true, true, false]) });
  closedDms.add(id);
}

/** Staff revoke or restore the bot's permission to write in the marketplace. */
export function changePermissions(stage: Stage, pick: Pick): void {
  const { guildId, marketplaceChannelId: id } = community;
  marketOf(stage).isMarketplaceTouched = true;
  const botMay = pick([{ sendMessages: false }, { viewChannel: false }, {}, {}]);
  stage.discord.addChannel({ id, guildId, name: "marketplace", botMay });
}

/** Staff delete a drop's post; open Checkout Sessions can still be paid. */
export function deletePost(stage: Stage, pick: Pick): void {
  const { marketplaceChannelId: channelId } = community;
  marketOf(stage).isMarketplaceTouched = true;
  stage.discord.deleteMessage(channelId, pick(stage.discord.messages(channelId)).id);
}

/** Staff delete the channel with the drops. */
export function deleteMarketplace(stage: Stage): void {
  marketOf(stage).isMarketplaceTouched = true;
  stage.discord.deleteChannel(community.marketplaceChannelId);
}
