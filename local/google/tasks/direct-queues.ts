import type { Queues as QueuesPort } from "../../../shared/ports/queues.ts";
import { type CallPolicy, clientCall, type DirectContext } from "../../kit/google/client-call.ts";
import { toSeconds } from "../../kit/google/protobuf-time.ts";
import type { Queues } from "./queues.ts";

/** Google's client creates a task without retries, by its `cloud_tasks_client_config.json`. */
const CREATE: CallPolicy = { deadlineMs: 20_000 };

/**
 * Creates tasks in the queues directly, with the behaviour of the product's Cloud Tasks client over
 * gRPC.
 */
export function directQueues(
  queues: Queues,
  context: DirectContext,
  /** `projects/PROJECT/locations/LOCATION` */
  location: string,
): QueuesPort {
  return {
    async create(queue, { name, dueAt, url, headers, body, account }) {
      const parent = `${location}/queues/${queue}`;
      const oidcToken = account ? { serviceAccountEmail: account, audience: url } : null;
      const task = {
        name: `${parent}/tasks/${name}`,
        scheduleTime: toSeconds(dueAt.getTime()),
        dispatchDeadline: null,
        httpRequest: { url, httpMethod: "POST", headers: { ...headers }, body, oidcToken },
      };
      await clientCall(context, "CreateTask", CREATE, () => {
        queues.queue(parent).create(task);
      });
    },
  };
}
