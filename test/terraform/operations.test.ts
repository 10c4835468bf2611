import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod/mini";
import { unaligned } from "./alignment.ts";
import { type Body, block, readTerraform, type Terraform } from "./read-terraform.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");

let terraform: Terraform;
beforeAll(async () => {
  terraform = await readTerraform();
});

/** Lines that only describe a trace. */
const DESCRIBING = [
  "handled",
  "dm-opened",
  "message-sent",
  "message-edited",
  "message-pinned",
  "message-unpinned",
  "server-event-created",
  "server-event-changed",
  "server-event-deleted",
  "board-not-pinned",
  "drop-event-refused",
  "interaction-answered",
  "payout-made",
  "refund-made",
  "transfer-made",
  "transfer-reversed",
];

/** The lines of code that name an event for an alert, by the event. */
function loggedEvents(): string[] {
  const code = ["functions", "shared"].flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => read(`${folder}/${path}`)),
  );
  const found = code.flatMap((text) => [...text.matchAll(/\bevent: "([a-z-]+)"/g)]);
  const names = new Set(found.map(([, event]) => event ?? ""));
  return [...names].filter((name) => !DESCRIBING.includes(name)).sort();
}

const alert = z.looseObject({
  title: z.string().check(z.minLength(10)),
  severity: z.enum(["CRITICAL", "ERROR", "WARNING"]),
  section: z.string().check(z.regex(/^alert-[a-z-]+$/)),
  means: z.string().check(z.minLength(60)),
  do: z.string().check(z.minLength(60)),
});
const alerts = (local: string) =>
  z.record(z.string(), alert).parse(terraform.locals[local], { reportInput: true });

describe("Terraform's inputs and outputs", () => {
  test("every variable says what it is for and refuses what can't be", () => {
    expect(terraform.variables.size).toBeGreaterThan(0);
    for (const [name, variable] of terraform.variables) {
      expect([name, String(variable["description"]).length > 20]).toEqual([name, true]);
      const { condition, error_message } = block(variable, "validation");
      expect([name, String(condition).includes(`var.${name}`)]).toEqual([name, true]);
      expect([name, String(error_message).length > 20]).toEqual([name, true]);
    }
  });

  test("every output says where its value is to be pasted or used", () => {
    expect(terraform.outputs.size).toBeGreaterThan(0);
    for (const [name, output] of terraform.outputs) {
      expect([name, String(output["description"]).length > 20]).toEqual([name, true]);
    }
  });

  test("the addresses to paste are those that the site passes on to the same functions", () => {
    const { hosting } = JSON.parse(read("firebase.json")) as {
      hosting: { rewrites: { source: string; run: { serviceId: string } }[] };
    };
    const { "shop-webhook": ofProviders, ...paths } = terraform.locals["webhook_paths"] as Record<
      string,
      Record<string, string>
    >;
    const pasted = Object.entries(paths).flatMap(([name, byProvider]) =>
      Object.values(byProvider).map((path) => `${path} ${name}`),
    );
    const passedOn = hosting.rewrites.map(({ source, run }) => `${source} ${run.serviceId}`);
    expect(pasted).toHaveLength(3);
    for (const one of [...pasted, "/webhooks/* shop-webhook"]) expect(passedOn).toContain(one);
    expect(String(ofProviders)).toContain('"/webhooks/');
  });

  test("Terraform and the providers are pinned to versions that fit", () => {
    expect(terraform.settings["required_version"]).toBe(">= 1.11, < 2.0");
    expect(block(terraform.settings, "required_providers")).toEqual({
      google: { source: "hashicorp/google", version: "~> 7.45" },
      "google-beta": { source: "hashicorp/google-beta", version: "~> 7.45" },
      time: { source: "hashicorp/time", version: "~> 0.13" },
    });
  });

  test("no settings or secrets of an installation are ever committed", () => {
    expect(read(".gitignore").split("\n")).toEqual(
      expect.arrayContaining([".terraform/", "*.tfstate*", "terraform/c500.auto.tfvars.json"]),
    );
  });
});

test("request logs with a key, a code or a session's id in their URL are excluded, and no others", () => {
  const { filter } = terraform.one("google_logging_project_exclusion", "secret_paths");
  const [, pattern = ""] = /requestUrl=~\\?"(.*?)\\?"\W*$/.exec(String(filter)) ?? [];
  const isExcluded = (path: string) => new RegExp(pattern).test(`https://web.run.app${path}`);
  const secret = [
    "/order/abc",
    "/order/abc?x=1",
    "/pot/abc.json",
    "/overlay/pot/abc",
    "/success?session_id=cs_1",
    "/discord/callback?code=1&state=2",
    "/twitch/callback?code=1",
    "/web/order/abc",
    "/desk/team/abc/def",
  ];
  expect(secret.filter((path) => !isExcluded(path))).toEqual([]);
  const open = ["/", "/desk", "/drop/pot", "/auction/order-1", "/overlay/1", "/webhooks/twitch"];
  expect(open.filter(isExcluded)).toEqual([]);
});

describe("alerts", () => {
  test("count events that the functions log, and no event is logged that nothing counts", () => {
    const counted = Object.keys(terraform.locals["logged_events"] as object);
    expect(counted.sort()).toEqual(loggedEvents());
  });

  test("that report one event each have that event's metric", () => {
    const counted = Object.keys(terraform.locals["logged_events"] as object);
    for (const name of Object.keys(alerts("event_alerts"))) expect(counted).toContain(name);
  });

  test("each say what they mean, what to do, and where to read more", () => {
    const known = { ...alerts("event_alerts"), ...alerts("metric_alerts") };
    for (const [name, { section }] of Object.entries(known)) expect(section).toBe(`alert-${name}`);
    const silence = String(terraform.locals["silence_alerts"]);
    expect(silence.match(/\bmeans\s+= "/g)).toHaveLength(3);
    expect(silence.match(/\bdo\s+= "/g)).toHaveLength(3);
    expect(silence.match(/\bsection\s+= "alert-[a-z-]+"/g)).toHaveLength(3);
    expect(String(terraform.locals["alert_texts"])).toContain(
      "{alert.means}\\n\\n{alert.do}\\n\\nSee docs/operations.md#{alert.section}",
    );
  });

  test("each have a section in docs/operations.md, and no section is of an alert that is gone", () => {
    const known = { ...alerts("event_alerts"), ...alerts("metric_alerts") };
    const silence = String(terraform.locals["silence_alerts"]);
    const sections = [
      ...Object.values(known).map(({ section }) => section),
      ...[...silence.matchAll(/\bsection\s+= "(alert-[a-z-]+)"/g)].map(([, name = ""]) => name),
      "alert-budget",
    ];
    const headings = [...read("docs/operations.md").matchAll(/^### (alert-[a-z-]+)$/gm)];
    expect(headings.map(([, name]) => name).sort()).toEqual(sections.sort());
  });

  test("each have their title, which is the mail's subject, in their section", () => {
    const silence = String(terraform.locals["silence_alerts"]);
    const known = { ...alerts("event_alerts"), ...alerts("metric_alerts") };
    const titles = [
      ...Object.values(known).map(({ section, title }) => [section, title]),
      ...[...silence.matchAll(/\btitle\s+= "(.+)"[^"]+"[A-Z]+"\s+section\s+= "(.+)"/g)].map(
        ([, title = "", section = ""]) => [section, title.replace("{provider}", "PROVIDER")],
      ),
    ];
    expect(titles).toHaveLength(Object.keys(known).length + 3);
    const page = read("docs/operations.md");
    for (const [section, title] of titles)
      expect(page).toContain(`### ${section}\n\n**${title}**\n`);
  });

  test("each carry that text, and reach a person", () => {
    const policies = terraform.of("google_monitoring_alert_policy");
    expect(policies.map(({ label }) => label).sort()).toEqual(["event", "metric", "silence"]);
    for (const policy of policies) {
      expect(block(policy, "documentation")["content"]).toBe("{local.alert_texts[each.key]}");
      expect(policy["notification_channels"]).toBe("{local.channels}");
      const alerts = `local.${policy.label}_alerts`;
      expect(policy["for_each"]).toBe(
        `{{ for name, alert in ${alerts} : name => alert if var.deploy_functions }}`,
      );
    }
    expect(terraform.one("google_billing_budget", "month")).toBeDefined();
  });

  test("are created with the functions, once Cloud Monitoring knows their metrics", () => {
    const metrics = terraform.of("google_logging_metric");
    expect(metrics).toHaveLength(3);
    for (const { count, for_each } of metrics) {
      expect(String(count ?? for_each)).toContain("var.deploy_functions");
    }
    for (const policy of terraform.of("google_monitoring_alert_policy")) {
      expect(policy["depends_on"]).toEqual([
        "{google_cloudfunctions2_function.function}",
        "{time_sleep.metrics_known}",
      ]);
    }
    expect(terraform.one("time_sleep", "metrics_known")["create_duration"]).toBe("600s");
    // A filter names a metric that is made here.
    const made = new Set(metrics.map((metric) => metric["name"]));
    const counted = Object.keys(terraform.locals["logged_events"] as object);
    const known = [...counted.map((name) => `c500/${name}`), ...made].map(String);
    const used = [...terraform.texts.values()].flatMap((text) => [
      ...text.matchAll(/logging\.googleapis\.com\/user\/(c500\/[a-z-]+)/g),
    ]);
    expect(used.length).toBeGreaterThan(5);
    for (const [, name] of used) expect(known).toContain(name);
  });

  test("wait in whole minutes, as Cloud Monitoring does, and no longer than it can", () => {
    for (const { minutes } of Object.values(alerts("metric_alerts"))) {
      expect(Number.isInteger(minutes)).toBe(true);
    }
    const hours = terraform.variables.get("webhook_silence_hours")?.["default"] as Body;
    for (const each of Object.values(hours)) expect(each).toBeLessThanOrEqual(23);
  });
});

describe("the files", () => {
  test("are formatted as terraform fmt does, and none is long", () => {
    for (const [name, text] of terraform.texts) {
      expect([name, unaligned(text)]).toEqual([name, []]);
      expect([name, text.split("\n").length <= 300]).toEqual([name, true]);
    }
  });

  test("that are not formatted so are found", () => {
    expect(unaligned("a = 1\nlonger = 2\n")).toEqual([1, 2]);
    expect(unaligned("block {\n   a = 1\n}\n")).toEqual([2]);
    expect(unaligned("a = 1 \n")).toEqual([1]);
    expect(unaligned("a      = 1\nlonger = 2\nblock {\n  b = 3\n}\n")).toEqual([]);
  });
});
