import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { connectTwitch } from "../../../shared/clients/twitch/connect-twitch.ts";
import { checkLedger } from "../../../tools/ops/ledger/check.ts";
import { exportLedger } from "../../../tools/ops/ledger/export.ts";
import { type Lives, startLives } from "../../support/going-live/lives.ts";

/** Setting up a person's whole history takes long on a slow machine. */
const LONG_MS = 180_000;
const MOST_HOURS = 10;
let world: Lives;
let life: Awaited<ReturnType<Lives["life"]>>;

beforeAll(async () => {
  world = await startLives();
  life = await world.life();
}, LONG_MS);
beforeEach(() => world.cloud.faults.clear());
afterAll(() => world.cloud.stop());

/** As another installation with the same Twitch application does. */
async function subscribe(twitchUserId: string, url: string): Promise<void> {
  const { settings, clock, fetch } = world.cloud;
  const config = {
    TWITCH_CLIENT_ID: settings.TWITCH_CLIENT_ID ?? "",
    TWITCH_CLIENT_SECRET: settings.TWITCH_CLIENT_SECRET ?? "",
    TWITCH_API_BASE_URL: settings.TWITCH_API_BASE_URL ?? "",
    TWITCH_AUTH_BASE_URL: settings.TWITCH_AUTH_BASE_URL ?? "",
  };
  const wanted = { type: "stream.online", version: "1", twitchUserId } as const;
  await connectTwitch(config, clock, fetch).createSubscription(wanted, {
    url,
    secret: "of another",
  });
}

const flaws = async () => (await checkLedger(world.cloud.firestore)).flaws;

describe("someone who has bought, bid, raced and been paid", () => {
  test("is named nowhere any more, the ledger balances, and a refund is taken from the pseudonym", async () => {
    const { user, other } = life;
    const before = await world.amounts();
    expect(await world.traces(user)).not.toEqual([]);
    const others = await world.recordOf(other, user);

    const question = await world.ask(user);
    expect(question.text).toBe("");
    expect(question.embeds).toContain("Kept under a random name");
    expect(question.buttons).toMatchObject([{ label: "Forget me", style: 4 }]);
    expect(await flaws()).toEqual([]);
    const answer = await world.confirm(user);
    expect(answer.text).toContain("I've forgotten you");
    expect(await flaws()).toEqual([]);

    await world.lookOnceMore();
    expect(await world.traces(user)).toEqual([]);
    expect(await flaws()).toEqual([]);
    expect(await world.amounts()).toEqual(before);
    expect(await world.recordOf(other, user)).toEqual(others);
    expect(await world.forgotten()).toHaveLength(1);

    await life.refund();
    expect(await flaws()).toEqual([]);
    expect(await world.traces(user)).toEqual([]);
    expect((await world.pseudonymBalances()).at(-1)).toBe(-2000);
  });

  test("is in the year's export under the pseudonym", async () => {
    const lines: string[] = [];
    const year = new Date(world.cloud.clock.nowMs()).getUTCFullYear();
    for (const each of [year - 1, year]) {
      for await (const line of exportLedger(each, world.cloud.firestore)) lines.push(line);
    }
    expect(lines.join("")).toMatch(/forgotten-[0-9a-f]+,usd,total,\d+,earned/);
  });
});

describe("an erasure that crashes", () => {
  test(
    "between any two of its steps, repeatedly, ends with the same result, and the ledger always balances",
    async () => {
      const user = life.other;
      const before = await world.amounts();
      const fails = { kind: "fail" as const, code: 13 };
      world.cloud.faults.add({
        target: "firestore",
        operation: /^Commit/,
        probability: 0.4,
        times: 40,
        fault: fails,
      });
      world.cloud.faults.add({
        target: "upstash",
        operation: /./,
        probability: 0.5,
        times: 5,
        fault: { kind: "fail", code: 500 },
      });
      await world.confirmUntilBegun(user);
      for (let minutes = 0; minutes < 90; minutes += 5) {
        if (minutes % 15 === 0) expect(await flaws()).toEqual([]);
        await world.pass(5 * 60_000);
      }
      world.cloud.faults.clear();
      // The last failed attempt is retried within hours, and a finished erasure rests for one hour.
      for (let hours = 0; hours < MOST_HOURS && (await world.underWay()) > 0; hours += 1) {
        await world.lookOnceMore();
      }
      expect(await world.traces(user)).toEqual([]);
      expect(await world.amounts()).toEqual(before);
      expect(await flaws()).toEqual([]);
      expect(await world.forgotten()).toHaveLength(2);
    },
    LONG_MS,
  );
});

describe("a builder", () => {
  test("is refused while something of theirs is open, and learns what", async () => {
    const { id } = life.seller;
    const { text } = await world.ask(id);
    expect(text).toContain("Your drop on sale: Brass weight. Next: close it with `/c500 drops`");
    expect((await world.confirm(id)).text).not.toContain("forgetting you");
  });

  test("is forgotten with their streams, their subscriptions at Twitch and the name under their posts", async () => {
    const { id, login } = life.seller;
    const twitchId = `9${id.slice(-5)}`;
    await world.people.command(id, "c500 live", { context: "chat" });
    await world.people.command(id, "c500 drops", { drop: life.dropId, close: true });
    const subscribed = () =>
      world.cloud.twitch.subscriptions().filter((each) => JSON.stringify(each).includes(twitchId));
    expect(subscribed()).not.toEqual([]);
    const elsewhere = "https://another-installation.example/twitch-webhook";
    await subscribe(twitchId, elsewhere);
    expect((await world.confirm(id)).text).toContain("I've forgotten you");
    await world.lookOnceMore();
    expect(await world.traces(id, login)).toEqual([]);
    // Another installation uses the same Twitch application.
    expect(subscribed()).toMatchObject([{ callback: elsewhere }]);
    expect(world.people.shown(life.dropId, "Builder")).toContain("someone who has left");
    const again = await world.people.builder();
    expect(await world.traces(again.id)).not.toEqual([]);
  });
});

describe("the red button", () => {
  test("does nothing for anyone else, and starts once however often it is pressed", async () => {
    const [user, thief] = [world.people.person(), world.people.person()];
    expect((await world.forgedPress(user, thief)).text).toContain("someone else");
    expect(await world.underWay()).toBe(0);
    expect((await world.confirm(user)).text).toContain("I've forgotten you");
    expect((await world.forgedPress(user, user)).text).toContain("I'm already on it");
    expect((await world.ask(user)).text).toContain("I'm already on it");
    expect(await world.underWay()).toBe(1);
    await world.lookOnceMore();
    expect(await world.underWay()).toBe(0);
  });

  test("erases an hour later what a command in progress has left behind", async () => {
    const user = world.people.person();
    await world.confirm(user);
    await world.cloud.firestore.doc(`users/${user}`).set({ dm_closed: true });
    await world.lookOnceMore();
    expect(await world.traces(user)).toEqual([]);
  });
});
