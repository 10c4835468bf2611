import { globSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { MAX_UNDER_WAY } from "../../functions/auctions/bidding/answer-in-time.ts";
import { featureOf, functionNames, manifest } from "../../functions/manifest.ts";
import { commandHandlers } from "../../shared/events/discord-command.ts";
import type { FunctionRow } from "../../shared/runtime/function/function-row.ts";

const rows: [string, FunctionRow][] = functionNames.map((name) => [name, manifest[name]]);
const published = new Set(rows.flatMap(([, row]) => row.publishes));
const subscribed = rows.flatMap(([, { trigger }]) =>
  trigger.kind === "topic" ? [trigger.topic] : [],
);

describe("the manifest", () => {
  test("every handler of a feature has a row in its manifest, and every row a handler", () => {
    const handlers = globSync("functions/*/handlers/*.ts").sort();
    const rows = functionNames.map((name) => `functions/${featureOf(name)}/handlers/${name}.ts`);
    expect(handlers).toEqual(rows.sort());
  });

  test("every topic has a publisher and a subscriber", () => {
    expect([...published].sort()).toEqual([...new Set(subscribed)].sort());
  });

  test("every queue has a worker with its name, and a function that fills it", () => {
    const workers = rows.filter(([, row]) => row.trigger.kind === "queue").map(([name]) => name);
    const filled = new Set(rows.flatMap(([, row]) => row.enqueues));
    expect([...filled].sort()).toEqual(workers.sort());
  });

  test.each(rows.filter(([, row]) => row.trigger.kind === "topic"))(
    "%s sends what it gives up on to the dead letters, unless it stores them or only waits for Discord",
    (name, { trigger }) => {
      const target = trigger.kind === "topic" && trigger.retry.deadLetter?.topic;
      const isPatient = name === "dead-letter" || name === "notice";
      expect(target).toBe(isPatient ? undefined : "dead-letters");
    },
  );

  test.each(rows)(
    "%s has at least one vCPU if it serves several requests at once",
    (_name, row) => {
      expect(row.concurrency === 1 || row.cpu >= 1).toBe(true);
    },
  );

  test("an instance for bids receives more requests than it processes at once, so that it can refuse the others in time", () => {
    expect(manifest["discord-interactions"].concurrency).toBeGreaterThan(MAX_UNDER_WAY);
  });

  test("each handler of commands, buttons and forms is a function that receives only its own", () => {
    const filters = rows.flatMap(([name, { trigger }]) =>
      trigger.kind === "topic" && trigger.topic === "discord-commands"
        ? [{ name, filter: trigger.filter }]
        : [],
    );
    expect(filters.map(({ name }) => name).sort()).toEqual([...commandHandlers].sort());
    for (const { name, filter } of filters) expect(filter).toEqual({ handler: name });
  });
});
