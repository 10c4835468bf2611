import { expect, test } from "@jest/globals";
import type { Panels } from "../../../studio/server/panels/index.ts";
import { earnings } from "../../support/races/earnings.ts";
import { hasBrowser, useStudio } from "../support/studio.ts";

const studio = await useStudio();
const { cloud } = studio;
const races = earnings(cloud);

type Answer<
  P extends "ledger" | "redis",
  N extends keyof Panels[P]["calls"],
> = Panels[P]["calls"][N] extends { run(input: never): infer Output } ? Awaited<Output> : never;

async function ask<P extends "ledger" | "redis", N extends keyof Panels[P]["calls"] & string>(
  panel: P,
  name: N,
  input: object = {},
): Promise<Answer<P, N>> {
  const response = await studio.call(panel, name, input);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

test("an account's postings sum to its balance, and all accounts to zero", async () => {
  const lobby = await races.race(["100000000000000001", "100000000000000002"]);
  const saleId = await races.sell(lobby, 2500);
  await races.sell(lobby, 1000);
  await races.refund(saleId, 500);
  const { accounts, totals, transactions } = await ask("ledger", "accounts");
  expect(totals).toEqual([{ currency: "usd", sum: 0 }]);
  expect(transactions).toBe(3);
  expect(accounts.length).toBeGreaterThan(2);
  for (const { account, currency, balance, postings } of accounts) {
    const opened = await ask("ledger", "account", { account, currency });
    expect(opened.postings).toHaveLength(postings);
    expect(opened.postings.reduce((total, { amount }) => total + amount, 0)).toBe(balance);
    expect(opened.postings[0]?.balance).toBe(balance);
  }
  const entry = await ask("ledger", "entry", { id: `sale.${saleId}` });
  expect(entry).toMatchObject({ kind: "sale", saleId, sum: 0 });
  expect((await ask("ledger", "balanceSheet"))?.isBalanced).toBe(true);
});

test("Redis's keys are found by their beginning, with what they mean", async () => {
  const { upstash } = cloud;
  for (let number = 0; number < 120; number += 1) {
    await upstash?.run("SET", `form-draft:${number}:drop:1`, "<b>draft</b>", "PX", "60000");
  }
  await upstash?.run("HSET", "auction:a1", "title", '{"en":"Ü"}');
  const prefixes = await ask("redis", "prefixes");
  expect(prefixes).toContainEqual(
    expect.objectContaining({
      prefix: "form-draft:",
      keys: 120,
      meaning: expect.objectContaining({ kept: "an hour" }),
    }),
  );
  const found = new Set<string>();
  let cursor: string | undefined = "0";
  while (cursor !== undefined) {
    const page: Answer<"redis", "keys"> = await ask("redis", "keys", {
      prefix: "form-draft:",
      cursor,
    });
    expect(page.keys.length).toBeLessThanOrEqual(60);
    for (const { key } of page.keys) found.add(key);
    cursor = page.next;
  }
  expect(found.size).toBe(120);
  expect((await ask("redis", "value", { key: "auction:a1" })).value.type).toBe("hash");
});

if (hasBrowser) {
  test("every tab opens without a complaint, and a changed key is highlighted", async () => {
    const tab = await studio.open("/inside?tab=redis&key=form-draft:1:drop:1");
    await tab.until(`document.body.textContent.includes("<b>draft</b>")`);
    expect(await tab.evaluate(`document.querySelector(".inside b")`)).toBeNull();
    for (const name of ["traces", "queues", "dead-letters", "firestore", "ledger"]) {
      await tab.evaluate(`document.querySelector('.tabs a[href="?tab=${name}"]').click()`);
      await tab.until(`document.querySelector(".inside .card") !== null`);
      await tab.until(`document.querySelector('.tabs a[aria-current]').href.endsWith("${name}")`);
    }
    await tab.until(`document.querySelectorAll("tr.opens").length > 2`);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });
}
