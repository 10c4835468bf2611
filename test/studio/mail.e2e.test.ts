import { expect, test } from "@jest/globals";
import { readFilter } from "../../local/google/alerts/filter.ts";
import { AlertingSimulator } from "../../local/google/alerts/index.ts";
import { readPolicies } from "../../local/google/alerts/policies.ts";
import { contains, first } from "./support/mouse.ts";
import { hasBrowser, useStudio } from "./support/studio.ts";

const HOUR_MS = 3_600_000;
const AT_MS = Date.UTC(2026, 5, 1);

const studio = await useStudio();
const policies = await readPolicies();

const line = (atMs: number, fields: object) => ({
  time: new Date(atMs).toISOString(),
  ...fields,
});

test("a logged event that Terraform alerts on sends one mail for each incident", () => {
  const alerting = new AlertingSimulator(policies);
  const subjects = () => alerting.mails().map(({ subject }) => subject);
  alerting.add(line(AT_MS, { severity: "ERROR", message: "Something else" }));
  expect(subjects()).toEqual([]);
  for (const minutes of [0, 1, 30]) {
    alerting.add(line(AT_MS + minutes * 60_000, { event: "dead-letter-kept" }));
  }
  expect(subjects()).toEqual(["A message could not be handled"]);
  expect(alerting.mails()[0]?.text).toMatch(/docs\/operations\.md#alert-dead-letter-kept$/);
  alerting.add(line(AT_MS + 25 * HOUR_MS, { event: "dead-letter-kept" }));
  expect(subjects()).toHaveLength(2);
});

test("silence after a provider's webhooks sends one mail, and none before the first", () => {
  const alerting = new AlertingSimulator(policies);
  alerting.notice(AT_MS);
  alerting.add(line(AT_MS, { event: "webhook-accepted", provider: "stripe" }));
  alerting.notice(AT_MS + 22 * HOUR_MS);
  expect(alerting.mails()).toEqual([]);
  for (const hours of [23, 24, 99]) alerting.notice(AT_MS + hours * HOUR_MS);
  expect(alerting.mails()).toMatchObject([
    { subject: "No webhook of stripe came", atMs: AT_MS + 23 * HOUR_MS },
  ]);
});

test.each([
  'metric.type="logging.googleapis.com/user/c500/unknown" AND resource.type="cloud_run_revision"',
  'metric.type="logging.googleapis.com/user/c500/known" AND resource.type="global"',
  'metric.type="logging.googleapis.com/user/c500/known" OR resource.type="cloud_run_revision"',
  'metric.type="logging.googleapis.com/user/c500/known" AND resource.type="cloud_run_revision" AND metric.labels.from="a"',
  'metric.type="custom.googleapis.com/known" AND resource.type="cloud_run_revision"',
])("a filter that is not understood is refused: %s", (filter) => {
  expect(() => readFilter(filter, new Set(["known"]))).toThrow("not understood");
});

if (hasBrowser) {
  test("a line that a function logs arrives on the page as a mail, unread until it is opened", async () => {
    const tab = await studio.open("/mail");
    await tab.until(contains(".mailbox", "No mail"));
    studio.logs.add(
      JSON.stringify(line(studio.cloud.clock.nowMs(), { event: "operators-unreached" })),
    );
    await tab.until(`document.title.startsWith("(1)")`);
    await tab.click(first(".subject.unread"));
    await tab.until(contains(".letter", "docs/operations.md#alert-operators-unreached"));
    await tab.until(`document.title.startsWith("Mail")`);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });
}
