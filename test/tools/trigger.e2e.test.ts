import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { setUpScene } from "../../local/demo/staged/index.ts";
import { triggers } from "../../local/triggers/index.ts";
import { Mistake } from "../../tools/cli/mistake.ts";
import { runTriggerCommand } from "../../tools/trigger/run.ts";
import { useStudio } from "../studio/support/studio.ts";

const studio = await useStudio();
const folder = mkdtempSync(join(tmpdir(), "c500-trigger-"));
afterAll(() => rmSync(folder, { recursive: true }));
const endpoints = join(folder, "endpoints.json");
writeFileSync(endpoints, JSON.stringify({ studio: `${studio.url}/#token=${studio.token}` }));
const trigger = (...words: string[]) => runTriggerCommand(words, endpoints);

test("the list names every trigger", async () => {
  const list = await trigger();
  for (const { name, does } of triggers) expect(list).toMatch(new RegExp(`  ${name} +${does}`));
});

test.each(triggers.map(({ name }) => name))("%s lists its options", async (name) => {
  const help = await trigger(name, "--help");
  const options = Object.keys(triggers.find((each) => each.name === name)?.options ?? {});
  for (const option of options) expect(help).toContain(`--${option}`);
  expect(await trigger("help", name)).toBe(help);
});

test("every trigger makes its event and says where to see it", async () => {
  const { cloud } = studio;
  const stage = { ...cloud, cloud };
  await setUpScene(stage, { name: "race", seed: 1 });
  await setUpScene(stage, { name: "drop", seed: 1 });
  await setUpScene(stage, { name: "auction", seed: 1 });
  for (const { name } of triggers) {
    const printed = await trigger(name);
    expect(printed.split("\n").slice(1).join("\n")).toMatch(/: http:\/\/127\.0\.0\.1:/);
  }
  const kinds = new Set(cloud.stripe.events().map(({ type }) => type));
  for (const kind of ["charge.dispute.created", "charge.dispute.closed", "refund.created"]) {
    expect(kinds).toContain(kind);
  }
}, 60_000);

test("options choose what happens", async () => {
  const printed = await trigger("sale", "--shop", "kofi", "--amount", "12.50", "--title", "Pin");
  expect(printed).toContain("kofi has sold Pin for 12.50");
  await expect(trigger("sale", "--amount", "much")).rejects.toThrow('"much" is no amount');
  await expect(trigger("sale", "--shpo", "kofi")).rejects.toThrow("Did you mean --shop?");
  await expect(trigger("salle")).rejects.toThrow("Did you mean sale?");
  await expect(trigger("order", "--of", "nothing")).rejects.toThrow(Mistake);
});

test("without ./dev up it says what to do", async () => {
  const absent = runTriggerCommand(["sale"], join(folder, "none.json"));
  await expect(absent).rejects.toThrow("Start it with ./dev up");
});
