/** What a policy's filter selects, as far as it is simulated. */
export type Selected =
  /** Lines that functions log with this event, and with this provider where one is named. */
  | { readonly kind: "logged"; readonly event: string; readonly provider: string | undefined }
  /** A number that Google measures, which nothing here does. */
  | { readonly kind: "measured"; readonly metric: string };

const LOGGED = "logging.googleapis.com/user/c500/";

/** What Google counts itself, also from the lines of its own services. */
const MEASURED = [
  /^(run|pubsub|cloudtasks|monitoring)\.googleapis\.com\//,
  /^logging\.googleapis\.com\/user\/c500\/schedule-failed$/,
];

const TERM = /^(metric|resource)\.(type|labels\.\w+)(=|!=)(.+)$/;

/**
 * Reads the filter of an alert policy: `metric.type="…" AND resource.type="…"`, with labels. Throws for anything
 * else, rather than watching something other than the policy does.
 * https://docs.cloud.google.com/monitoring/api/v3/filters
 */
export function readFilter(filter: string, events: ReadonlySet<string>): Selected {
  const terms = new Map<string, string>();
  for (const term of filter.split(" AND ")) {
    const [, of = "", name = "", sign = "", value = ""] = TERM.exec(term) ?? [];
    if (of === "") throw new Error(`This filter is not understood: ${filter}`);
    terms.set(`${of}.${name}${sign === "=" ? "" : " not"}`, value.replaceAll('"', ""));
  }
  const metric = terms.get("metric.type") ?? "";
  if (MEASURED.some((pattern) => pattern.test(metric))) return { kind: "measured", metric };
  const event = metric.startsWith(LOGGED) ? metric.slice(LOGGED.length) : "";
  const { length } = [...terms.keys()].filter(
    (name) => !["metric.type", "resource.type", "metric.labels.provider"].includes(name),
  );
  if (!events.has(event) || length > 0 || terms.get("resource.type") !== "cloud_run_revision") {
    throw new Error(`This filter is not understood: ${filter}`);
  }
  return { kind: "logged", event, provider: terms.get("metric.labels.provider") };
}
