import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { builderDigests } from "../../../functions/members/privacy/tombstone-digest.ts";
import { createBuilderStandings } from "../../../functions/members/store/builders/standings.ts";
import { createHosts } from "../../../functions/members/store/hosts.ts";
import { createPersonTraces } from "../../../functions/privacy/store/person-traces.ts";
import type { Firestore } from "../../../shared/ports/database.ts";
import { community } from "../../support/cloud.ts";
import { type Lives, startLives } from "../../support/going-live/lives.ts";

const DAY_MS = 24 * 3_600_000;
const LONG_MS = 180_000;
const KEYS = ["k".repeat(32), "b".repeat(32)];

let world: Lives;
let nextChannel = 50_001;

beforeAll(async () => {
  world = await startLives({ BUILDER_APPROVAL: "automatic", FORGOTTEN_KEY: KEYS.join() });
}, LONG_MS);
afterAll(() => world.cloud.stop());

const standing = async (user: string) =>
  (await world.cloud.firestore.doc(`builders/${user}`).get()).get("standing");
const staffSays = (decision: string, builder: string) =>
  world.people.command(world.staff, `c500 builders ${decision}`, {
    builder,
    ...(decision === "remove" && { reason: "Sold copies" }),
  });
const stones = async () =>
  (await world.cloud.firestore.collection("standing_tombstones").get()).docs;

function channel() {
  const twitchUserId = String(nextChannel++);
  const login = `returning_${twitchUserId}`;
  world.cloud.twitch.addUser({ id: twitchUserId, login });
  return { twitchUserId, login };
}

/** A builder with a channel, whom staff have removed. */
async function removed() {
  const user = world.people.person();
  const { twitchUserId, login } = channel();
  await world.people.register(user, login);
  expect(await standing(user)).toBe("approved");
  await staffSays("remove", user);
  return { user, twitchUserId, login };
}

async function forget(user: string) {
  expect((await world.confirm(user)).text).toContain("I've forgotten you");
  await world.lookOnceMore();
  expect(await world.traces(user)).toEqual([]);
}

test("a builder who was removed and forgotten needs the team's approval when they return", async () => {
  const { user, twitchUserId, login } = await removed();
  await forget(user);
  const { person, channel: ofChannel } = builderDigests({ userId: user, twitchUserId }, KEYS);
  const kept = (await stones()).filter(({ id }) => [...person, ...ofChannel].includes(id));
  expect(kept).toHaveLength(2);
  for (const stone of kept) {
    const holds = { standing: "removed", expires_at: expect.anything(), schema_version: 1 };
    expect(stone.data()).toEqual(holds);
  }

  expect((await world.people.register(user, login)).text).toContain("the team has to approve you");
  expect(await standing(user)).toBe("awaiting");
  const notices = world.cloud.discord.messages(community.operatorsChannelId);
  expect(JSON.stringify(notices.at(-1)?.embeds)).toContain("decided against this person");
  await staffSays("approve", user);
  expect(await standing(user)).toBe("approved");
  await world.people.register(user, login);
  expect(await standing(user)).toBe("approved");
});

test("so do they with another channel, and another account with their channel", async () => {
  const { user, login } = await removed();
  await forget(user);
  await world.people.register(user, channel().login);
  expect(await standing(user)).toBe("awaiting");
  const other = world.people.person();
  await world.people.register(other, login);
  expect(await standing(other)).toBe("awaiting");
});

test("so does another account that took over a removed builder's channel and was then forgotten", async () => {
  const { login } = await removed();
  const other = world.people.person();
  await world.people.register(other, login);
  expect(await standing(other)).toBe("awaiting");
  await forget(other);
  await world.people.register(other, login);
  expect(await standing(other)).toBe("awaiting");
});

test("so does someone whose tombstone is under the previous key", async () => {
  const user = world.people.person();
  const [, before = ""] = builderDigests({ userId: user, twitchUserId: undefined }, KEYS).person;
  const expires_at = new Date(world.cloud.clock.nowMs() + DAY_MS);
  const stone = { standing: "removed", expires_at, schema_version: 1 };
  await world.cloud.firestore.doc(`standing_tombstones/${before}`).set(stone);
  await world.people.register(user, channel().login);
  expect(await standing(user)).toBe("awaiting");
});

test("this ends after three years, and nothing is stored about a builder who was approved", async () => {
  const { user, login } = await removed();
  await forget(user);
  const left = (stone: { get(field: string): unknown }) =>
    (stone.get("expires_at") as { toMillis(): number }).toMillis() - world.cloud.clock.nowMs();
  for (const stone of await stones()) {
    expect(left(stone)).toBeLessThanOrEqual(3 * 365 * DAY_MS);
    await stone.ref.update({ expires_at: new Date(world.cloud.clock.nowMs()) });
  }
  await world.people.register(user, login);
  expect(await standing(user)).toBe("approved");
  const other = world.people.person();
  const theirs = channel();
  await world.people.register(other, theirs.login);
  await forget(other);
  // Expired ones are deleted at some time within a day.
  expect((await stones()).filter((stone) => left(stone) > 0)).toEqual([]);
  await world.people.register(other, theirs.login);
  expect(await standing(other)).toBe("approved");
});

test("what is decided about a builder or host while they are deleted leaves no record behind", async () => {
  const { firestore, clock } = world.cloud;
  const user = world.people.person();
  await world.people.register(user, channel().login);
  const decide = {
    builders: createBuilderStandings(async () => firestore),
    hosts: createHosts(async () => firestore),
  };
  const order = (id: string) => ({ id, byId: world.staff, at: clock.now() });
  await decide.hosts.decide(user, { ...order("1"), decision: "approve" });
  const late = [
    () => decide.builders.decide(user, { ...order("2"), decision: "suspend" }),
    () => decide.hosts.decide(user, { ...order("3"), decision: "remove", reason: "Rude" }),
  ];
  // Each comes right before the transaction that deletes whom it is about.
  const meanwhile: Firestore = Object.create(firestore, {
    runTransaction: {
      value: async (...transaction: Parameters<Firestore["runTransaction"]>) => {
        const decided = await late.shift()?.();
        if (decided) expect(decided.outcome).toBe("decided");
        return firestore.runTransaction(...transaction);
      },
    },
  });
  const traces = createPersonTraces(async () => meanwhile);
  const digestsOf = () => ({ person: [], channel: [] });
  await traces.deleteProfiles({ userId: user, pseudonym: "forgotten-1" }, digestsOf, clock.now());
  expect(late).toEqual([]);
  for (const collection of ["builders", "hosts"]) {
    const { ref, exists } = await firestore.doc(`${collection}/${user}`).get();
    expect([exists, (await ref.collection("standings").get()).size]).toEqual([false, 0]);
  }
});
