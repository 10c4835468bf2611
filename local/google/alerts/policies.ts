import { readFileSync } from "node:fs";
import { parse } from "@cdktn/hcl2json";
import * as z from "zod/mini";
import { readFilter, type Selected } from "./filter.ts";

const FOLDER = new URL("../../../terraform/", import.meta.url);

/** One alert policy, as Terraform creates it. */
export interface AlertPolicy {
  readonly name: string;
  /** The mail's subject. */
  readonly title: string;
  readonly severity: string;
  /** The mail's text. */
  readonly text: string;
  /** The section of docs/operations.md. */
  readonly section: string;
  readonly selected: Selected;
  /** Undefined: it is reported when lines come; otherwise when none came for so long. */
  readonly silentMs: number | undefined;
  /** An incident without further lines closes after so long. */
  readonly autoCloseMs: number;
}

const alert = z.looseObject({
  title: z.string(),
  severity: z.string(),
  section: z.string(),
  means: z.string(),
  do: z.string(),
  filter: z.optional(z.string()),
  hours: z.optional(z.union([z.string(), z.number()])),
});
type Alert = z.infer<typeof alert>;
const alerts = z.record(z.string(), alert);

const part = z.looseObject({});
const condition = z.looseObject({
  filter: z.string(),
  duration: z.string(),
  comparison: z.optional(z.string()),
  threshold_value: z.optional(z.union([z.string(), z.number()])),
});
const policy = z.looseObject({
  conditions: z.tuple([
    z.looseObject({
      condition_threshold: z.optional(z.tuple([condition])),
      condition_absent: z.optional(z.tuple([condition])),
    }),
  ]),
  alert_strategy: z.tuple([z.object({ auto_close: z.string() })]),
});
const file = z.looseObject({
  locals: z._default(z.array(part), []),
  resource: z._default(z.record(z.string(), z.record(z.string(), z.array(part))), {}),
  variable: z._default(z.record(z.string(), z.array(part)), {}),
});

/** `merge({ for KEY, VALUE in var.MAP : "NAME" => {…} }, {…})`, which is how silence_alerts is written. */
const MERGED =
  /^\{merge\(\s*\{\s*for (\w+), (\w+) in var\.(\w+) : "(.+?)" => (\{.*?\})\s*\},\s*(\{.*\}),?\s*\)\}$/s;

/**
 * Reads the alert policies from `terraform/`. Throws where they are written in a way that is not understood, so that
 * no policy is silently left out.
 */
export async function readPolicies(): Promise<AlertPolicy[]> {
  const names = ["alerts", "alerts-metrics", "alerts-silence", "metrics", "variables"];
  const files = await Promise.all(names.map((name) => read(`${name}.tf`)));
  const locals: Record<string, unknown> = Object.assign(
    {},
    ...files.flatMap((each) => each.locals),
  );
  const resources = files.flatMap(({ resource }) =>
    Object.entries(resource["google_monitoring_alert_policy"] ?? {}),
  );
  const events = new Set(Object.keys(part.parse(locals["logged_events"])));
  const write = textWriter(locals["alert_texts"]);
  const variables = Object.assign({}, ...files.map(({ variable }) => variable));
  const kinds: Readonly<Record<string, z.infer<typeof alerts>>> = {
    event: alerts.parse(locals["event_alerts"]),
    metric: alerts.parse(locals["metric_alerts"]),
    silence: await readSilence(locals["silence_alerts"], variables),
  };
  return resources.flatMap(([kind, [body]]) => {
    const known = kinds[kind];
    if (!known) throw new Error(`The alert policies "${kind}" are not understood.`);
    const { conditions, alert_strategy: strategy } = policy.parse(body);
    return Object.entries(known).map(([name, of]): AlertPolicy => {
      const [{ condition_threshold: [threshold] = [], condition_absent: [absent] = [] }] =
        conditions;
      const used = threshold ?? absent;
      if (!used) throw new Error(`The alert policies "${kind}" have no condition.`);
      const filter = used.filter
        .replaceAll("{each.key}", name)
        .replaceAll("{each.value.filter}", of.filter ?? "");
      const selected = readFilter(withLocals(filter, locals), events);
      if (selected.kind === "logged" && threshold) requireFirstLine(threshold, name);
      return {
        name,
        title: of.title,
        severity: of.severity,
        section: of.section,
        text: write(of),
        selected,
        silentMs: absent ? Number(of.hours) * 3_600_000 : undefined,
        autoCloseMs: secondsOf(strategy[0].auto_close) * 1000,
      };
    });
  });
}

/** The filter with the texts of other locals in it, which may name further ones. */
function withLocals(filter: string, locals: Readonly<Record<string, unknown>>): string {
  const filled = filter.replaceAll(/\{local\.(\w+)\}/g, (named, name: string) => {
    const text = locals[name];
    return typeof text === "string" ? text : named;
  });
  return filled === filter ? filter : withLocals(filled, locals);
}

async function read(name: string): Promise<z.infer<typeof file>> {
  return readText(name, readFileSync(new URL(name, FOLDER), "utf8"));
}

/** Expressions become texts within `{…}`, without the dollars, which in TypeScript look as if a template was meant. */
async function readText(name: string, text: string): Promise<z.infer<typeof file>> {
  const parsed = JSON.stringify(await parse(name, text));
  return file.parse(JSON.parse(parsed.replaceAll("${", "{")));
}

async function readSilence(
  written: unknown,
  variables: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>,
): Promise<z.infer<typeof alerts>> {
  const [, key = "", value = "", map = "", name = "", each = "", others = ""] =
    MERGED.exec(String(written)) ?? [];
  if (key === "") throw new Error("The local silence_alerts is not understood.");
  const source = `locals {\n  each = ${each}\n  others = ${others}\n}\n`;
  const [parsed = {}] = (await readText("silence.tf", source)).locals;
  const repeated = alert.parse(parsed["each"]);
  const entries = Object.entries(part.parse(variables[map]?.[0]?.["default"]));
  const filled = entries.map(([entryKey, entryValue]) => {
    const fill = (text: string) =>
      text.replaceAll(`{${key}}`, entryKey).replaceAll(`{${value}}`, String(entryValue));
    const texts = Object.entries(repeated).map(([field, text]) => [field, fill(String(text))]);
    return [fill(name), Object.fromEntries(texts)] as const;
  });
  return { ...alerts.parse(Object.fromEntries(filled)), ...alerts.parse(parsed["others"]) };
}

/** The mail's text by the template in `alert_texts`. */
function textWriter(written: unknown): (of: Alert) => string {
  const [, template] = /: name => "(.*)" \}\}$/s.exec(String(written)) ?? [];
  if (template === undefined) throw new Error("The local alert_texts is not understood.");
  return (of) =>
    template
      .replaceAll("\\n", "\n")
      .replaceAll(/\{alert\.(\w+)\}/g, (_, field: string) => String(of[field]));
}

/** Only policies that report the first line at once are simulated. */
function requireFirstLine(
  { comparison, threshold_value: above, duration }: z.infer<typeof condition>,
  name: string,
): void {
  if (comparison === "COMPARISON_GT" && Number(above) === 0 && duration === "0s") return;
  throw new Error(`The condition of the alert policy ${name} is not understood.`);
}

function secondsOf(duration: string): number {
  const seconds = Number(/^(\d+)s$/.exec(duration)?.[1]);
  if (Number.isNaN(seconds)) throw new Error(`"${duration}" is not a number of seconds.`);
  return seconds;
}
