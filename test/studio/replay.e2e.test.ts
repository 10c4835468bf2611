import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { recordingOf } from "../../simulation/recording/recording.ts";
import { first } from "./support/mouse.ts";
import { hasBrowser, useStudio } from "./support/studio.ts";

const studio = await useStudio();
const answerOf = async (name: string, input: object = {}) =>
  (await studio.call("replay", name, input)).json();

test("the broken rule belongs to the last step that ran", () => {
  const lines = ["begins", "action 0 buys", "discord POST /x", "action 3 pays", "log {}"].map(
    (what, index) => ({ atMs: 1_000 + index, what }),
  );
  const failure = { rule: "M3", message: "One cent is missing." };
  const write = { atMs: 1_002, line: 2, path: "orders/1", what: "created", state: "paid" } as const;
  const message = { atMs: 1_003, where: "channel 1", text: "Sold" };
  const { steps } = recordingOf({ lines, failure }, [write], [message]);
  expect(steps.map(({ name, number, broken }) => ({ name, number, rule: broken?.rule }))).toEqual([
    { name: "before the first action", number: undefined, rule: undefined },
    { name: "buys", number: 0, rule: undefined },
    { name: "pays", number: 3, rule: "M3" },
  ]);
  expect(steps[1]).toMatchObject({ writes: [write], stored: ["orders 1 (1 paid)"], messages: [] });
  expect(steps[2]).toMatchObject({ messages: [message], stored: ["orders 1 (1 paid)"] });
});

test("a write just before an action belongs to the step before it", () => {
  const lines = ["begins", "action 0 buys", "action 1 pays"].map((what) => ({ atMs: 1, what }));
  const write = { atMs: 1, line: 2, path: "orders/1", what: "created", state: undefined } as const;
  const { steps } = recordingOf({ lines, failure: undefined }, [write], []);
  expect(steps.map(({ writes }) => writes.length)).toEqual([0, 1, 0]);
});

test("what is pasted has to be a simulation", async () => {
  const { error } = await answerOf("paste", { json: "seed 7" });
  expect(error).toContain("Paste a JSON object");
  const wrong = { scenario: "party", seed: 1.5, steps: 0 };
  const { error: reasons } = await answerOf("paste", { json: JSON.stringify(wrong) });
  expect(reasons).toBe(
    "The scenario is one of shop, auction, race, live, shipping. The seed is a whole number. The steps are a whole number from 1 to 500.",
  );
});

test("every kept seed is listed with the rule that it broke", async () => {
  const kept = JSON.parse(readFileSync("simulation/kept.json", "utf8"));
  const listed = (await answerOf("plans")).kept;
  expect(listed).toHaveLength(kept.length);
  expect(listed[0]).toMatchObject({ seed: kept[0].seed, rule: kept[0].rule });
});

test("a cancelled run ends without a recording", async () => {
  await studio.call("replay", "start", { scenario: "shop", seed: 7, steps: 500 });
  await studio.call("replay", "cancel");
  const { run } = await answerOf("read");
  expect(run).toMatchObject({ state: "cancelled", steps: [] });
});

if (hasBrowser) {
  test("a simulation is recorded once and stepped through by keyboard", async () => {
    const tab = await studio.open("/replay");
    const plan = { scenario: "shop", seed: 7, trouble: "all", steps: 6, rule: "I4" };
    await studio.call("replay", "paste", { json: JSON.stringify(plan) });
    await tab.until(`document.querySelectorAll(".replay-steps li").length === 8`);
    await tab.evaluate(`document.querySelector(".replay-steps [aria-current]").focus()`);
    await tab.press("ArrowDown");
    const { step } = await answerOf("step", { index: 1 });
    await tab.until(`${first(".step")}?.ariaLabel === ${JSON.stringify(step.name)}`);
    await tab.press("ArrowUp");
    await tab.until(`${first(".step")}?.ariaLabel === "before the first action"`);
    await tab.until(`document.querySelectorAll(".events .is-log").length > 0`);
    await tab.evaluate(`${first("input[name=log]")}.click()`);
    await tab.until(`document.querySelectorAll(".events .is-log").length === 0`);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });
}
