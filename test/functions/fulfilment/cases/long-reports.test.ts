import { expect, test } from "@jest/globals";
import { community, useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const builder = await post.sender();

test.each(["x", "*", "🧩"])(
  "the longest report and answer reach everyone whom they concern (of %s)",
  async (character) => {
    const title = "*".repeat(100);
    const { orderId: order, buyer } = await post.buy(await people.drop(builder.id, { title }));
    await people.command(builder.id, "c500 ship", { order });
    const text = character.repeat(1000 / character.length);
    await people.command(buyer, "c500 problem", { order, what: "not-as-described", text });
    expect(post.dms(builder.id).at(-1)).toContain(`c500 case order:${order}`);
    await people.command(builder.id, "c500 case", { order, do: "answer", text });
    expect(post.dms(buyer).at(-1)).toContain("answers about");
    await post.press(buyer, `case:escalate:${order}`);
    const asked = cloud.discord
      .messages(community.operatorsChannelId)
      .filter(({ content }) => content?.includes("need a decision"));
    expect(asked.at(-1)?.content).toContain(`c500 case order:${order}`);
  },
);
