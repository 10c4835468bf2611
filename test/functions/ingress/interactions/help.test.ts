import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { groupsFor } from "../../../../functions/ingress/commands/help.ts";
import { commands, features } from "../../../../functions/ingress/commands.ts";
import { helpText } from "../../../../functions/ingress/messages/help.ts";
import { createMatrixWorld, type MatrixWorld, type Role } from "../../../access/matrix-world.ts";

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const MAX_DESCRIPTION = 4096;
const MAX_EMBEDS = 10;
const MAX_TOGETHER = 6000;

let world: MatrixWorld;
beforeAll(async () => {
  world = await createMatrixWorld();
});
afterAll(() => world.cloud.stop());

const shownTo = async (role: Role) => {
  const { text, embeds } = await world.command(role, "c500 help");
  const shown = JSON.stringify(embeds);
  const words = commands.filter((command) => shown.includes(`\`/${command.words}\``));
  return { text, words: words.map((command) => command.words) };
};

describe("/c500 help", () => {
  test("shows a stranger what everyone may use, and nothing else", async () => {
    const { text, words } = await shownTo("stranger");
    expect(text).toContain("Here is what you can do");
    const forEveryone = commands.filter(({ who }) => who === "everyone");
    expect(words).toEqual(forEveryone.map((command) => command.words));
  });

  test("shows a builder also what builders use, and what is theirs to change", async () => {
    const { words } = await shownTo("builder");
    expect(words).toEqual(
      expect.arrayContaining([
        "c500 drop",
        "c500 drops",
        "c500 auction start",
        "c500 auction void",
      ]),
    );
    expect(words).not.toEqual(expect.arrayContaining(["race lobby"]));
    expect(words).not.toEqual(expect.arrayContaining(["payout"]));
  });

  test("shows a suspended builder what is theirs, and not what is for approved builders", async () => {
    const { words } = await shownTo("suspended");
    expect(words).toEqual(expect.arrayContaining(["c500 drops"]));
    expect(words).not.toEqual(expect.arrayContaining(["c500 drop"]));
  });

  test("shows a host how to run races", async () => {
    const { words } = await shownTo("host");
    expect(words).toEqual(expect.arrayContaining(["race lobby", "race kick", "start"]));
    expect(words).not.toEqual(expect.arrayContaining(["c500 drops"]));
  });

  test("shows the team's commands to the team", async () => {
    const { words } = await shownTo("staff");
    const forStaff = commands.filter(({ who }) => who === "staff");
    expect(words).toEqual(expect.arrayContaining(forStaff.map((command) => command.words)));
  });

  test("fits one message even for someone who may use everything", () => {
    const all = { isStaff: true, builder: "approved", host: "approved" };
    const { embeds = [] } = helpText(groupsFor(features, all));
    const lengths = embeds.map(
      ({ title = "", description = "" }) => title.length + description.length,
    );
    expect(embeds.length).toBeLessThanOrEqual(MAX_EMBEDS);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(MAX_DESCRIPTION);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(MAX_TOGETHER);
  });
});
