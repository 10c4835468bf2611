import { expect, test } from "@jest/globals";
import type { Panels } from "../../../studio/server/panels/index.ts";
import { seeder } from "../../support/cloud.ts";
import { goLive } from "../../support/going-live/go-live.ts";
import { hasBrowser, useStudio } from "../support/studio.ts";

const studio = await useStudio({ onSockets: true });
const { cloud } = studio;
const seed = seeder(cloud);

type Traces = Panels["traces"]["calls"];
type Listed = ReturnType<Traces["list"]["run"]>;
type Opened = ReturnType<Traces["open"]["run"]>;

const list = async (input: object) =>
  (await (await studio.call("traces", "list", input)).json()) as Awaited<Listed>;
const open = async (id: string) =>
  (await (await studio.call("traces", "open", { id })).json()) as Awaited<Opened>;

/** Goes live with an order, whose title is the given one; returns the builder's id. */
async function liveWithOrder(title: string): Promise<string> {
  const builder = await seed.builder({ title });
  const order = await seed.order(builder.id);
  await goLive(cloud, builder.id, { context: "order", orders: order.id });
  return builder.id;
}

test("a command's trace shows every function from the interaction to the last DM", async () => {
  await liveWithOrder("A quiet board");
  const { traces, functions } = await list({ text: "c500 live" });
  expect(functions).toContain("order-verification");
  expect(traces[0]).toMatchObject({
    title: expect.stringMatching(/^\/c500 live by /),
    functions: ["discord-interactions", "go-live", "order-verification"],
    state: "ok",
  });
  const trace = await open(traces[0]?.id ?? "");
  expect(trace?.calls.map((call) => [call.depth, call.function])).toEqual([
    [0, "discord-interactions"],
    [1, "go-live"],
    [2, "order-verification"],
  ]);
  const [interaction, , verification] = trace?.calls ?? [];
  const [published] = interaction?.published ?? [];
  expect(published?.deliveries).toEqual([
    { spanId: trace?.calls[1]?.spanId, function: "go-live", outcome: "done" },
  ]);
  expect(verification?.lines.map(({ message }) => message)).toContain("A message was sent");
  expect(verification?.outside.map(({ service }) => service)).toContain("Discord");
  expect(trace?.documents).toContainEqual(expect.stringMatching(/^orders\//));
});

test("traces are found by function, by words of the log and by errors", async () => {
  expect((await list({ function: "order-verification" })).traces).toHaveLength(1);
  expect((await list({ text: "a message was sent" })).traces).toHaveLength(1);
  expect((await list({ text: "nobody ever wrote this" })).traces).toEqual([]);
  expect((await list({ onlyProblems: true })).traces).toEqual([]);
});

if (hasBrowser) {
  test("a trace opens as a waterfall with the keyboard, and HTML in data is text", async () => {
    await liveWithOrder("<img src=x onerror=alert(1)>");
    const tab = await studio.open("/inside?tab=traces");
    await tab.until(`document.querySelector("tr.opens") !== null`);
    await tab.evaluate(
      `[...document.querySelectorAll("tr.opens")].find((row) => row.textContent.includes("/c500 live")).focus()`,
    );
    await tab.press("Enter");
    await tab.until(`document.querySelectorAll(".waterfall > li").length === 3`);
    await tab.evaluate(`document.querySelectorAll(".bar-row").forEach((row) => row.click())`);
    await tab.until(`document.body.textContent.includes("A message was sent")`);
    await tab.evaluate(
      `document.querySelectorAll("details").forEach((each) => { each.open = true })`,
    );
    expect(await tab.evaluate(`document.querySelector(".waterfall img")`)).toBeNull();
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });
}
