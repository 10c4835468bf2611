import { describe, expect, test } from "@jest/globals";
import { type LimitName, limits } from "../../../../shared/limits/limits.ts";
import { limitInWords } from "../../../../shared/limits/texts.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { countUses } from "../../../support/limits.ts";
import { racers } from "../../../support/races/races.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const races = racers(cloud, people);

/** A person who has one use of a limited command left. */
async function almostAtLimit(name: LimitName): Promise<string> {
  const { id } = await people.builder();
  await countUses(cloud, name, id, limits[name].most - 1);
  return id;
}

function retryAtMs(text: string): number {
  return Number(/<t:(\d+):R>/.exec(text)?.[1]) * 1000;
}

const refusalOf = (name: LimitName): string =>
  `That's the limit: each person has ${limitInWords(name)}.`;

describe("a command with a limit per person", () => {
  test("is refused on arrival with the time when it is possible again, and works at that time", async () => {
    const user = await almostAtLimit("seats");
    const { id, channelId } = await races.lobby();
    const [board] = cloud.discord.messages(channelId);
    const press = async () =>
      (await races.press(user, channelId, board?.id ?? "", `race-leave:${id}`)).text;
    expect(await press()).not.toContain(refusalOf("seats"));
    const refused = await press();
    expect(refused).toContain(refusalOf("seats"));
    await cloud.clock.advance(retryAtMs(refused) - cloud.clock.nowMs() + 1000);
    expect(await press()).not.toContain(refusalOf("seats"));
  });

  test("counts each person separately", async () => {
    await almostAtLimit("dropForms");
    const other = await people.builder();
    expect((await people.sendDropForm(other.id)).text).toContain("is up in");
  });

  test("counts each opened form, and shows none at the limit", async () => {
    const user = await almostAtLimit("dropForms");
    const open = () =>
      cloud.discord.client.command(cloud.url("discord-interactions"), {
        user,
        channelId: community.generalChannelId,
        name: "c500 drop",
        options: { payment: "split" },
      });
    expect((await open()).response?.type).toBe(9);
    const refused = await open();
    expect(refused.response?.type).toBe(4);
    expect(people.readAnswer(refused.id).text).toContain(refusalOf("dropForms"));
  });

  test("works while Redis is unavailable, because stored documents limit what it posts", async () => {
    const user = await almostAtLimit("dropForms");
    cloud.faults.add({ target: "upstash", fault: { kind: "drop" } });
    expect((await people.sendDropForm(user)).text).toContain("is up in");
  });
});
