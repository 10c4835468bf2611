import { type Fault, FaultPlan, type FaultTarget } from "../../../local/kit/faults.ts";

const CHANGING = /^(POST|PUT|PATCH|DELETE) /;
const SERVICES: readonly FaultTarget[] = [
  "discord",
  "project",
  "secrets",
  "stripe",
  "twitch",
  "upstash",
];

/** Each call that changes something at a service goes wrong the first time it is made. */
export class OnceLost extends FaultPlan {
  readonly lost = new Set<string>();
  isOn = false;
  #fault: Fault;

  constructor(fault: Fault) {
    super();
    this.#fault = fault;
  }

  override next(target: FaultTarget, operation: string): Fault | undefined {
    if (!this.isOn || !SERVICES.includes(target) || !CHANGING.test(operation)) return undefined;
    const call = `${target} ${operation.replace(/[0-9a-f-]{20,}|\d+/g, "N")}`;
    // Only the simulated Terraform makes this call, and Terraform's own retries are not simulated.
    if (this.lost.has(call) || call.endsWith("/secrets")) return undefined;
    this.lost.add(call);
    return this.#fault;
  }
}
