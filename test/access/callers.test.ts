import { expect, test } from "@jest/globals";
import type { FunctionName } from "../../functions/manifest.ts";
import { invokersOf } from "../../local/functions/invoker.ts";
import { seededRandom } from "../../local/kit/faults.ts";
import { authorizationOf } from "../../local/kit/google/identity-token.ts";
import { useCloud } from "../support/cloud.ts";
import { shoppers, toAnswer } from "../support/shop/shop.ts";

const cloud = await useCloud();
const projectId = cloud.settings["GOOGLE_CLOUD_PROJECT"] ?? "";

/** Revokes the role of the account that calls a function; returns a function that restores it. */
function revoke(name: FunctionName): () => void {
  cloud.project?.setInvokers(name, []);
  return () => cloud.project?.setInvokers(name, invokersOf(projectId).get(name));
}

test("a push is delivered only while its account may call the function", async () => {
  const people = shoppers(cloud);
  const restore = revoke("shop");
  const { interactionId, buttons } = await people.command(people.person(), "c500 register");
  expect(buttons).toEqual([]);
  restore();
  await cloud.pass(60_000);
  const [button] = toAnswer(cloud.discord, interactionId).buttons;
  expect(button).toMatchObject({ label: "Sign in at Twitch" });
});

test("a task can call its function only as its queue's account", async () => {
  const url = `${cloud.functions.runUrl}/drop-board`;
  const email = (account: string) => `${account}@${projectId}.iam.gserviceaccount.com`;
  const accounts = { own: "tasks-drop-board", other: "tasks-hammer-drop", none: undefined };
  const queues = cloud.tasks?.queues(seededRandom(1));
  for (const [name, account] of Object.entries(accounts)) {
    await queues?.create("drop-board", {
      name,
      dueAt: cloud.clock.now(),
      url,
      headers: {},
      body: Buffer.from("{}"),
      account: account && email(account),
    });
  }
  await cloud.settle();
  const statusOf = (name: string) => {
    const task = cloud.tasks?.tasks().find(({ taskId }) => taskId === name);
    const outcome = task?.attempts[0]?.outcome;
    return outcome?.kind === "answered" && outcome.status;
  };
  expect(statusOf("other")).toBe(403);
  expect(statusOf("none")).toBe(403);
  expect([401, 403, false]).not.toContain(statusOf("own"));
});

test("internal-api's access policy decides who may call it", async () => {
  const url = `${cloud.functions.runUrl}/internal-api`;
  const email = "site@another.iam.gserviceaccount.com";
  const authorization = () => authorizationOf({ email, audience: url }, cloud.clock);
  const call = () =>
    cloud.fetch(url, { method: "POST", headers: { authorization: authorization() }, body: "{}" });
  const refused = await call();
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain(`${email} does not have the role roles/run.invoker`);
  cloud.project?.setInvokers("internal-api", [`serviceAccount:${email}`]);
  expect([401, 403]).not.toContain((await call()).status);
});
