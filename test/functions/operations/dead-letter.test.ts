import { describe, expect, test } from "@jest/globals";
import { community, useCloud } from "../../support/cloud.ts";
import { answerOf, goLive } from "../../support/going-live/go-live.ts";

const cloud = await useCloud();

async function publish(topic: string, body: string): Promise<void> {
  const attributes = { command: "c500 live", handler: "go-live" };
  await cloud.topics.publish(topic, { data: Buffer.from(body), attributes });
  await cloud.settle();
}

const deadLetters = async () =>
  (await cloud.firestore.collection("dead_letters").get()).docs.map((deadLetter) =>
    deadLetter.data(),
  );
const notices = () => cloud.discord.messages(community.operatorsChannelId);

describe("a message that cannot be processed", () => {
  test.each([
    ["not JSON", "{oops"],
    ["JSON with another structure", '{"id":7}'],
  ])(
    "%s is stored with its body, reported to the operators once, and not retried",
    async (_what, body) => {
      const [deadLettersBefore, noticesBefore] = [(await deadLetters()).length, notices().length];
      await publish("discord-commands", body);
      await cloud.eventually(async () => (await deadLetters()).length > deadLettersBefore);
      await cloud.clock.advance(3_600_000);
      await cloud.settle();
      const kept = await deadLetters();
      expect(kept).toHaveLength(deadLettersBefore + 1);
      expect(kept).toContainEqual(expect.objectContaining({ function_name: "go-live", body }));
      expect(notices()).toHaveLength(noticesBefore + 1);
      expect(notices().at(-1)?.embeds[0]?.title).toContain("go-live");
      const counted = '"event":"dead-letter-kept"';
      expect(cloud.logLines).toContainEqual(expect.stringContaining(counted));
    },
  );

  test("if the operators' channel cannot be posted to, the dead letter is stored and the failure is logged", async () => {
    const { guildId, operatorsChannelId: id } = community;
    cloud.discord.addChannel({ id, guildId, botMay: { sendMessages: false } });
    const before = (await deadLetters()).length;
    await publish("announcements", "{}");
    await cloud.eventually(async () => (await deadLetters()).length > before);
    cloud.discord.addChannel({ id, guildId });
    expect(await deadLetters()).toHaveLength(before + 1);
    const counted = '"event":"operators-unreached"';
    expect(cloud.logLines).toContainEqual(expect.stringContaining(counted));
  });

  test("a task is stored as a dead letter after its queue's last attempt, and not before", async () => {
    const before = (await deadLetters()).length;
    const body = JSON.stringify({ v: 1, id: "board-1", dropId: "drop-1" });
    const run = async (retry: number) => {
      const fault = { kind: "fail", code: 500 } as const;
      cloud.faults.add({ target: "upstash", operation: /./, fault });
      const headers = {
        "content-type": "application/json",
        "x-cloudtasks-taskname": "board-1",
        "x-cloudtasks-taskretrycount": String(retry),
      };
      const answer = await cloud.fetch(cloud.url("drop-board"), { method: "POST", headers, body });
      cloud.faults.clear();
      await cloud.settle();
      return answer.status;
    };
    for (const retry of [0, 19, 40]) expect(await run(retry)).toBe(500);
    expect(await deadLetters()).toHaveLength(before);
    expect(await run(60)).toBe(204);
    const kept = await deadLetters();
    expect(kept).toHaveLength(before + 1);
    expect(kept).toContainEqual(expect.objectContaining({ function_name: "drop-board", body }));
  });

  test("a request that is not a Pub/Sub push is answered with 400", async () => {
    const headers = { "content-type": "application/json" };
    for (const body of ["{}", '{"message":5}', "[]"]) {
      const response = await cloud.fetch(cloud.url("go-live"), { method: "POST", headers, body });
      expect(response.status).toBe(400);
    }
  });

  test("a document of a later version is retried until that code is deployed, and makes no dead letter", async () => {
    const id = "1000000000000000556";
    cloud.discord.addUser({ id, username: "later" });
    const builder = cloud.firestore.doc(`builders/${id}`);
    await builder.set({ schema_version: 2, channels: ["later"] });
    const before = (await deadLetters()).length;
    const { interactionId } = await goLive(cloud, id, { context: "chat" });
    expect(cloud.logLines.join()).toContain(
      `Document builders/${id} is of version 2, and this code knows up to 1: deploy again.`,
    );
    expect(await deadLetters()).toHaveLength(before);
    await builder.set({
      schema_version: 1,
      twitch_username: "later",
      standing: "approved",
    });
    const isAnswered = () => answerOf(cloud, interactionId).answer.includes("not currently live");
    await cloud.eventually(isAnswered);
  });

  test("the user who ran the command learns that it failed", async () => {
    const broken = "1000000000000000555";
    cloud.discord.addUser({ id: broken, username: "broken" });
    await cloud.firestore.doc(`builders/${broken}`).set({ twitch_username: 5 });
    const { answer } = await goLive(cloud, broken, { context: "chat" });
    expect(answer).toContain("I'm sorry: that didn't work");
    expect((await deadLetters()).map(({ body }) => body).join()).not.toMatch(
      /"token":"(?!removed)/,
    );
  });
});
