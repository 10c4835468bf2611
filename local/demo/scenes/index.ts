import { localLog } from "../../../tools/ops/log/entries.ts";
import { describeTrace } from "../../../tools/ops/log/trace-story.ts";
import { community } from "../../cloud/community.ts";
import { people, type Stage } from "../cast.ts";
import type { Timeline } from "../timeline.ts";

const { generalChannelId, marketplaceChannelId, ordersChannelId } = community;
const MINUTE_MS = 60_000;

/** Plays all forms of `/c500 live`. */
export async function playCommands(stage: Stage, timeline: Timeline): Promise<void> {
  const { discord, twitch, cloud } = stage;
  const endpoint = `${cloud.functions.url}/discord-interactions`;

  let interactionId = "";

  /** Someone types the command; returns the answer that only they see. */
  const live = async (
    who: keyof typeof people,
    options: Record<string, string>,
  ): Promise<string> => {
    const typed = Object.entries(options).map(([name, value]) => `${name}:${value}`);
    timeline.does(who, `types /c500 live ${typed.join(" ")}`);
    const use = { user: people[who], channelId: generalChannelId };
    const { id } = await discord.client.command(endpoint, { ...use, name: "c500 live", options });
    interactionId = id;
    await timeline.printEvents();
    const original = discord.interaction(id)?.original;
    return [original?.content, original?.embeds[0]?.description].join("\n");
  };
  const posts = (channelId: string) => discord.messages(channelId);

  timeline.scene("Not everyone may go live");
  const refusal = async (
    who: keyof typeof people,
    options: Record<string, string>,
    words: string,
  ) => {
    const answer = await live(who, options);
    timeline.expect(`${who} reads: ${words}`, answer.includes(words));
  };
  await refusal("stranger", { context: "chat" }, "That's for C500 builders");
  await refusal("nora", { context: "chat" }, "no valid Twitch name");
  await refusal(
    "mina",
    { context: "order", orders: "cs_test_123" },
    "You are not currently live on Twitch.",
  );
  const untouched = await timeline.order("cs_test_123");
  timeline.expect("the order is unchanged", untouched.fulfillment_status === "paid");

  timeline.scene("Mina starts her stream; Twitch sends a notification");
  await cloud.clock.advance(MINUTE_MS);
  twitch.goLive("mina_makes", {
    title: "Lubing switches by candlelight",
    gameName: "Makers & Crafting",
  });
  await timeline.printEvents();
  const mina = (await stage.firestore.doc(`builders/${people.mina}`).get()).data();
  timeline.expect("her live status is stored", mina?.is_live === true);

  timeline.scene("chat: the hangout announcement");
  await live("mina", { context: "chat" });
  const hangout = posts(generalChannelId).at(-1);
  timeline.expect(
    "it is in #general with the stream's title",
    hangout?.embeds[0]?.title === "LIVE NOW: Lubing switches by candlelight",
  );
  timeline.expect(
    "it pings nobody",
    hangout?.pinged.users.length === 0 && hangout.pinged.roles.length === 0,
  );

  timeline.scene("drop: the hype alert");
  await live("mina", { context: "drop" });
  const alert = posts(marketplaceChannelId).at(-1);
  timeline.expect(
    "it pings the drop role and nobody else",
    alert?.pinged.roles.join() === community.dropRoleId &&
      alert.pinged.users.length === 0 &&
      !alert.pinged.everyone,
  );

  timeline.scene("order: one order on the workbench");
  timeline.does("mina", "types /c500 live context:order orders:cs_… and is offered");
  const asked = {
    user: people.mina,
    channelId: generalChannelId,
    name: "c500 live",
    focused: "orders",
  };
  const offered = await discord.client.autocomplete(endpoint, {
    ...asked,
    options: { context: "order", orders: "cs" },
  });
  const choices = offered.response?.type === 8 ? offered.response.data.choices : [];
  for (const { name } of choices) timeline.does("Discord", `offers ${name}`);
  timeline.expect("her own two open orders are offered", choices.length === 2);
  await live("mina", { context: "order", orders: "cs_test_123" });
  const building = await timeline.order("cs_test_123");
  timeline.expect(
    "the order is building, with her stream",
    building.fulfillment_status === "building" &&
      building.twitch_vod_link === "https://www.twitch.tv/mina_makes",
  );
  const [dm] = discord.dms(people.ruth);
  timeline.expect(
    "ruth got a DM with the order and the stream",
    dm?.content.includes("cs_test_123") === true && dm.content.includes("twitch.tv/mina_makes"),
  );
  await showTrace(interactionId, stage, timeline);

  timeline.scene("The same command again");
  const again = await live("mina", { context: "order", orders: "cs_test_123" });
  timeline.expect("mina reads that it was already done", again.includes("already"));
  timeline.expect("ruth got no second DM", discord.dms(people.ruth).length === 1);

  timeline.scene("orders: several at once, some invalid; sam's DMs are closed");
  const report = await live("mina", {
    context: "orders",
    orders: "cs_test_456, cs_test_789, cs_test_000",
  });
  await timeline.order("cs_test_456");
  const post = posts(ordersChannelId).at(-1);
  timeline.expect(
    "sam is notified in #orders, and only he is pinged",
    post?.pinged.users.join() === people.sam && post.pinged.roles.length === 0,
  );
  timeline.expect(
    "another builder's order is unchanged",
    (await timeline.order("cs_test_789")).fulfillment_status === "paid",
  );
  timeline.expect(
    "mina's report lists all three",
    report.includes("`cs_test_456` ✅") &&
      report.includes("`cs_test_789` ❓") &&
      report.includes("`cs_test_000` ❓"),
  );

  timeline.scene("Invalid input");
  await refusal("mina", { context: "orders", orders: " , " }, "Which orders? You gave no id.");

  timeline.scene("Twitch does not answer");
  cloud.faults.add({
    target: "twitch",
    operation: /GET \/helix\/streams/,
    fault: { kind: "fail", code: 503 },
  });
  await refusal("mina", { context: "chat" }, "Twitch isn't answering right now");
  cloud.faults.clear();
}

/** Prints an interaction's trace as `./dev ops trace` does. */
async function showTrace(interactionId: string, stage: Stage, timeline: Timeline): Promise<void> {
  const log = localLog("the demo", () => stage.logLines);
  const traceIds = await log.tracesOf(interactionId);
  const entries = await log.entriesOf(traceIds[0] ?? "");
  timeline.does("operator", `types ./dev ops trace ${interactionId}`);
  timeline.table(describeTrace(entries));
  const steps = entries.map(({ fields }) => `${fields["function"]} ${fields["event"]}`);
  timeline.expect(
    "one trace from the interaction to the DM",
    traceIds.length === 1 &&
      steps.includes("discord-interactions handled") &&
      steps.includes("order-verification message-sent"),
  );
}

/** Plays requests of other programs: a forger, and C500's own services. */
export async function playRequests(stage: Stage, timeline: Timeline): Promise<void> {
  const { discord, cloud } = stage;
  timeline.scene("A forged command");
  const headers = { "x-signature-ed25519": "0".repeat(128) };
  const forged = await discord.client.post(`${cloud.functions.url}/discord-interactions`, {
    body: '{"type":1}',
    headers,
  });
  timeline.does("forger", `posts with a signature of zeros → ${forged.status}`);
  timeline.expect("it is answered 401", forged.status === 401);

  timeline.scene("Another service makes the same request, synchronously");
  const trigger = async (builder: string, context: string, expected: number) => {
    const response = await cloud.fetch(
      `${cloud.functions.url}/internal-api/api/internal/go-live-trigger`,
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ builder_discord_id: builder, live_context: context }),
      },
    );
    const answer = (await response.json()) as { message?: string; error?: string };
    timeline.does("service", `${context} → ${response.status}: ${answer.message ?? answer.error}`);
    timeline.expect(`it is answered ${expected}`, response.status === expected);
  };
  await trigger(people.mina, "order:cs_test_456", 200);
  await trigger(people.mina, "party", 400);
  await trigger(people.vera, "chat", 404);
  await trigger(people.otto, "chat", 409);
}

/** Plays the end of the stream and its video. */
export async function playEnd({ cloud, twitch }: Stage, timeline: Timeline): Promise<void> {
  timeline.scene("Two hours later the stream ends, and Twitch publishes the video");
  await cloud.clock.advance(120 * MINUTE_MS);
  twitch.endStream("mina_makes");
  await timeline.printEvents();
  for (let minutes = 0; minutes < 30; minutes += 5) {
    await cloud.clock.advance(5 * MINUTE_MS);
    await cloud.settle();
  }
  await timeline.printEvents();
  for (const id of ["cs_test_123", "cs_test_456"]) {
    const { twitch_vod_link: link } = await timeline.order(id);
    timeline.expect(
      `${id} links to the moment in the video`,
      /\/videos\/\d+\?t=0h00m\d\ds$/.test(String(link)),
    );
  }
}
