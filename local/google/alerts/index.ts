import type { AlertPolicy } from "./policies.ts";

/** A mail to the operators. */
export interface AlertMail {
  readonly id: number;
  readonly atMs: number;
  readonly policy: string;
  readonly subject: string;
  readonly severity: string;
  readonly text: string;
  /** The section of docs/operations.md. */
  readonly section: string;
}

interface Watched {
  readonly policy: AlertPolicy;
  lastLineMs: number | undefined;
  /** Until when the incident is open without further lines. */
  openUntilMs: number;
}

/**
 * Cloud Monitoring's alerting over what the functions log. An incident opens with the first line that a policy counts,
 * or when such lines have come and then stay away, and sends one mail. Further lines belong to the same incident,
 * which closes when none came for as long as the policy's `auto_close` says.
 * https://docs.cloud.google.com/monitoring/alerts/metric-absence
 *
 * Policies on numbers that Google measures itself are known and never met: nothing here measures them. Google notices
 * after a minute or more what is noticed here at once.
 */
export class AlertingSimulator {
  #watched: readonly Watched[];
  #mails: AlertMail[] = [];

  constructor(policies: readonly AlertPolicy[]) {
    this.#watched = policies.map((policy) => ({
      policy,
      lastLineMs: undefined,
      openUntilMs: Number.NEGATIVE_INFINITY,
    }));
  }

  /** Counts a log line of a function. */
  add(fields: Readonly<Record<string, unknown>>): void {
    const atMs = Date.parse(String(fields["time"]));
    for (const watched of this.#watched) {
      const { policy } = watched;
      if (!isCounted(policy, fields)) continue;
      if (policy.silentMs === undefined) {
        if (atMs > watched.openUntilMs) this.#send(policy, atMs);
        watched.openUntilMs = atMs + policy.autoCloseMs;
      } else {
        this.#noticeSilence(watched, atMs);
        watched.openUntilMs = Number.NEGATIVE_INFINITY;
      }
      watched.lastLineMs = atMs;
    }
  }

  /** Notices which lines have not come until now. */
  notice(nowMs: number): void {
    for (const watched of this.#watched) this.#noticeSilence(watched, nowMs);
  }

  /** All mails, oldest first. */
  mails(): readonly AlertMail[] {
    return this.#mails;
  }

  #noticeSilence(watched: Watched, nowMs: number): void {
    const { policy, lastLineMs, openUntilMs } = watched;
    if (policy.silentMs === undefined || lastLineMs === undefined) return;
    const silentAtMs = lastLineMs + policy.silentMs;
    if (nowMs < silentAtMs || openUntilMs === Number.POSITIVE_INFINITY) return;
    this.#send(policy, silentAtMs);
    watched.openUntilMs = Number.POSITIVE_INFINITY;
  }

  #send({ name, title, severity, text, section }: AlertPolicy, atMs: number): void {
    const id = this.#mails.length + 1;
    this.#mails.push({ id, atMs, policy: name, subject: title, severity, text, section });
  }
}

function isCounted({ selected }: AlertPolicy, fields: Readonly<Record<string, unknown>>): boolean {
  if (selected.kind !== "logged" || fields["event"] !== selected.event) return false;
  return selected.provider === undefined || fields["provider"] === selected.provider;
}
