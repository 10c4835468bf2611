import { expect, test } from "@jest/globals";
import { recordingOf } from "../../simulation/recording/recording.ts";
import { hasBrowser, useStudio } from "./studio.ts";

const studio = await useStudio();

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

test("what is pasted has to be a simulation", async () => {
  const { error } = await (await studio.call("replay", "paste", { json: "seed 7" })).json();
  expect(error).toContain("Paste a JSON object");
});

if (hasBrowser) {
  test("a simulation is replayed step by step", async () => {
    const tab = await studio.open("/replay");
    const plan = { scenario: "shop", seed: 7, trouble: "all", steps: 6, rule: "I4" };
    await studio.call("replay", "paste", { json: JSON.stringify(plan) });
    await tab.until(`document.querySelectorAll(".steps li").length === 8`);
    await tab.until(`document.querySelector(".trace") !== null`);
    await tab.evaluate(`document.querySelectorAll(".steps button")[7].click()`);
    await tab.until(`document.querySelector(".trace").textContent.includes("everything heals")`);
    expect(await tab.evaluate(`document.querySelector(".step").textContent`)).toContain("Stored:");
    expect(tab.complaints).toEqual([]);
    await tab.close();
  }, 90_000);
}
