import { PubSub } from "@google-cloud/pubsub";
import { type FunctionName, functionNames, manifest } from "../../functions/manifest.ts";
import { forFunction } from "../../shared/runtime/config.ts";
import { describeError } from "../../shared/runtime/errors.ts";
import type { Trigger } from "../../shared/runtime/function/function-row.ts";
import { configOf, type Values } from "../settings/values.ts";
import type { Addresses } from "./checks/addresses.ts";
import { googleRemedy } from "./checks/google/rest.ts";
import type { AreaReport } from "./checks/report.ts";

/** A subscription as Pub/Sub reports it. */
interface Facts {
  readonly topic?: string | null;
  readonly state?: unknown;
  readonly pushConfig?: { readonly pushEndpoint?: string | null } | null;
  readonly deadLetterPolicy?: object | null;
}

const REMEDY = "Run terraform -chdir=terraform apply";

/** Checks that each subscriber has its subscription: to its topic, active, pushing to its function. */
export async function checkSubscribers(
  values: Values,
  addresses: Addresses,
  area: AreaReport,
): Promise<void> {
  const config = configOf(values, ["GOOGLE_CLOUD_PROJECT"]);
  if (!config) return;
  const projectId = config.GOOGLE_CLOUD_PROJECT;
  const pubsub = new PubSub({ projectId });
  try {
    const [found] = await pubsub.getSubscriptions();
    const byId = new Map(
      found.map(({ name, metadata }) => [name.split("/").at(-1), metadata as Facts] as const),
    );
    let good = 0;
    const subscribers = functionNames.filter((name) => triggerOf(name).kind === "topic");
    for (const name of subscribers) {
      const faults = faultsOf(name, byId.get(name), [
        `${addresses.functionsUrl}/${name}`,
        ...(values.FUNCTION_URL_TEMPLATE ? [forFunction(values.FUNCTION_URL_TEMPLATE, name)] : []),
      ]);
      if (faults.length === 0) good += 1;
      else area.wrong(`the subscription ${name}: ${faults.join("; ")}`, REMEDY);
    }
    area.ok(`${good} of ${subscribers.length} subscriptions push to their functions`);
  } catch (error) {
    const remedy = googleRemedy(error, "pubsub", projectId);
    area.wrong(`the subscriptions cannot be read: ${describeError(error)}`, remedy);
  } finally {
    await pubsub.close();
  }
}

function faultsOf(
  name: FunctionName,
  facts: Facts | undefined,
  ownAddresses: readonly string[],
): string[] {
  const trigger = triggerOf(name);
  if (trigger.kind !== "topic") return [];
  if (!facts) return ["it is missing"];
  const topic = facts.topic?.split("/").at(-1);
  const endpoint = facts.pushConfig?.pushEndpoint ?? "";
  const isPushed = ownAddresses.includes(endpoint) || isServiceOf(name, endpoint);
  return [
    ...(topic === trigger.topic ? [] : [`its topic is ${topic}, not ${trigger.topic}`]),
    ...(facts.state === "ACTIVE" ? [] : [`its state is ${String(facts.state)}`]),
    ...(isPushed ? [] : [`it pushes to ${endpoint || "nobody"}`]),
    ...(trigger.retry.deadLetter && !facts.deadLetterPolicy ? ["it has no dead-letter topic"] : []),
  ];
}

/** Google names a function's service after it: https://NAME-HASH-REGION.a.run.app */
function isServiceOf(name: string, endpoint: string): boolean {
  const host = URL.parse(endpoint)?.hostname ?? "";
  return host.startsWith(`${name}-`) && host.endsWith(".run.app");
}

function triggerOf(name: FunctionName): Trigger {
  return manifest[name].trigger;
}
