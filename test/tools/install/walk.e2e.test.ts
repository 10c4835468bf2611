import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { community, startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { machineOn } from "./machine.ts";
import { newcomer } from "./newcomer.ts";

let cloud: TestCloud;
let machine: ReturnType<typeof machineOn>;

beforeAll(async () => {
  cloud = await startTestCloud({
    onSockets: true,
    environment: {},
    rateLimits: false,
    projectId: "c500-new",
  });
  machine = machineOn(cloud);
  await machine.reset();
});
afterAll(async () => {
  machine.close();
  await cloud.stop();
});

test("six typed answers lead from nothing to the first live command", async () => {
  const { code, output, typed, confirmed } = await machine.install(newcomer(cloud));
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(typed).toHaveLength(6);
  expect(confirmed).toEqual([
    expect.stringMatching(/^11\/37 +waiting +Discord server: the bot is in no server yet$/),
    "Discord server: the bot is in C500, where its channels and commands will be.",
    expect.stringMatching(/^37\/37 +waiting +first \/c500 live: nobody is a builder yet$/),
  ]);
  for (const announced of [
    /23\/37 +… +cloud without code: Terraform compares .* up to a minute/,
    /29\/37 +… +functions: Terraform deploys them, in ten to fifteen minutes/,
    /36\/37 +… +doctor: checking everything once more/,
    /Redirects, add http\S+\/discord\/callback\n/,
    /OAuth Redirect URL enter http\S+\/twitch\/callback\n/,
  ]) {
    expect(output).toMatch(announced);
  }
  expect(output.match(/What you type or paste is not shown/g)).toHaveLength(4);
  expect(cloud.discord.namesIn(community.guildId)).toEqual([
    "#general",
    "#marketplace",
    "#orders",
    "#operators",
    "@c500 drops",
  ]);
});
