import * as z from "zod/mini";
import { AlertingSimulator } from "../../../local/google/alerts/index.ts";
import { type AlertPolicy, readPolicies } from "../../../local/google/alerts/policies.ts";
import type { StudioHost } from "../host.ts";
import { defineCall } from "../panel.ts";

/** The mails that Terraform's alert policies send to operators. */
export function mailPanel({ cloud: { clock }, logs }: StudioHost) {
  const alerting = openAlerting();
  let seen = 0;
  const read = new Set<number>();
  /** Counts the lines that came since the last look. */
  const look = () => {
    const { simulator } = alerting;
    if (!simulator) return;
    for (const { sequence, fields } of logs.after(seen)) {
      seen = sequence;
      simulator.add(fields);
    }
    simulator.notice(clock.nowMs());
  };
  const mails = () => {
    look();
    return alerting.simulator?.mails() ?? [];
  };
  return {
    calls: {
      read: defineCall(z.object({}), async () => {
        const policies = await alerting.policies;
        const all = mails();
        return {
          mails: all.map((mail) => ({ ...mail, isRead: read.has(mail.id) })).reverse(),
          unread: all.length - read.size,
          policies: policies.map(shownPolicy),
        };
      }),
      markRead: defineCall(z.object({ id: z.number() }), ({ id }) => {
        if (mails().some((mail) => mail.id === id)) read.add(id);
      }),
    },
    version: () => `${mails().length} ${read.size} ${alerting.simulator !== undefined}`,
  };
}

/** Reads Terraform's files once, meanwhile the functions' lines wait. */
function openAlerting() {
  const opened: { simulator: AlertingSimulator | undefined; policies: Promise<AlertPolicy[]> } = {
    simulator: undefined,
    policies: readPolicies(),
  };
  opened.policies.then(
    (policies) => {
      opened.simulator = new AlertingSimulator(policies);
    },
    // Reading the panel says why.
    () => undefined,
  );
  return opened;
}

function shownPolicy({ name, title, severity, section, selected, silentMs }: AlertPolicy) {
  return {
    name,
    title,
    severity,
    section,
    when:
      selected.kind === "measured"
        ? undefined
        : silentMs === undefined
          ? `a function logs ${selected.event}`
          : `no ${selected.event} for ${silentMs / 3_600_000} h`,
    measures: selected.kind === "measured" ? selected.metric : undefined,
  };
}
