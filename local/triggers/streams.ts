import { community } from "../cloud/community.ts";
import { becomesBuilder, endsStream, goesLive, type SceneBuilder } from "../demo/staged/builder.ts";
import { paneOf } from "../demo/staged/set.ts";
import type { Trigger, TriggerSet } from "./trigger.ts";

const BY = { value: "BUILDER", does: "mina or otto; mina by default" } as const;
const AT_TWITCH = { label: "Twitch", href: "/twitch" } as const;

function builderOf({ option }: TriggerSet): SceneBuilder {
  const found = (["mina", "otto"] as const).find((name) => name === (option("by") ?? "mina"));
  if (!found) throw new Error("--by is mina or otto.");
  return found;
}

/** A builder goes live. */
export const streamTrigger: Trigger = {
  name: "stream",
  does: "a builder goes live on Twitch, and becomes a builder first if needed",
  options: { by: BY, title: { value: "TITLE", does: "the stream's title" } },
  async run(set) {
    const who = builderOf(set);
    await becomesBuilder(set, who);
    await goesLive(set, who, set.option("title") ?? "Lubing switches by candlelight");
    const pane = paneOf(`What ${who} sees`, who, community.generalChannelId);
    return { said: `${who} is live.`, links: [pane, AT_TWITCH] };
  },
};

/** A builder's stream ends. */
export const streamEndTrigger: Trigger = {
  name: "stream-end",
  does: "a builder's stream ends; its video follows some minutes later",
  options: { by: BY },
  async run(set) {
    const who = builderOf(set);
    await endsStream(set, who);
    return { said: `${who} is not live any more.`, links: [AT_TWITCH] };
  },
};
