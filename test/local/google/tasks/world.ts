import { CloudTasksClient } from "@google-cloud/tasks";
import { credentials } from "@grpc/grpc-js";
import { startTasks, type TasksEmulator } from "../../../../local/google/tasks/index.ts";
import { LocalClock } from "../../../../local/kit/clock.ts";
import { FaultPlan } from "../../../../local/kit/faults.ts";
import {
  type ReceivedRequest,
  type Receiver,
  startReceiver,
} from "../../../support/calls/receiver.ts";

/** Where all queues of a world are. */
export const LOCATION = "projects/conformance/locations/europe-west1";

/** Cloud Tasks with a client, a worker, and a hand on its clock and its faults. */
export interface World {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly emulator: TasksEmulator;
  readonly client: CloudTasksClient;
  readonly worker: Receiver;
  /** Makes a queue whose back-off is 10, 20, 40, 80, 100 s and which gives up after five attempts. */
  queue(id: string, changes?: QueueChanges): Promise<string>;
  /** Advances the clock, and waits until what that set off has come to rest. */
  pass(ms: number): Promise<void>;
  /** What came to one path of the worker. */
  dispatched(path: string): ReceivedRequest[];
  stop(): Promise<void>;
}

/** What a queue of a test has otherwise than most. */
interface QueueChanges {
  readonly rateLimits?: { maxConcurrentDispatches?: number; maxDispatchesPerSecond?: number };
  readonly retryConfig?: {
    maxAttempts?: number;
    maxRetryDuration?: { seconds: number };
    maxDoublings?: number;
  };
}

/** Starts a world with one queue, "ready". */
export async function startWorld(): Promise<World> {
  const clock = new LocalClock();
  const faults = new FaultPlan();
  const emulator = await startTasks({
    clock,
    faults,
    projectId: "conformance",
    location: "europe-west1",
    queues: [
      {
        id: "ready",
        maxAttempts: 5,
        minBackoffMs: 10_000,
        maxBackoffMs: 100_000,
        maxDoublings: 16,
        maxConcurrentDispatches: 100,
      },
    ],
  });
  const [apiEndpoint = "", port] = emulator.host.split(":");
  const client = new CloudTasksClient({
    apiEndpoint,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    clientOptions: { universeDomain: "googleapis.com" },
  });
  const worker = await startReceiver();
  return {
    clock,
    faults,
    emulator,
    client,
    worker,
    queue: async (id, { rateLimits, retryConfig } = {}) => {
      const name = `${LOCATION}/queues/${id}`;
      const queue = {
        name,
        rateLimits: { ...rateLimits },
        retryConfig: {
          maxAttempts: 5,
          minBackoff: { seconds: 10 },
          maxBackoff: { seconds: 100 },
          ...retryConfig,
        },
      };
      await client.createQueue({ parent: LOCATION, queue });
      return name;
    },
    pass: async (ms) => {
      await clock.advance(ms);
      await emulator.whenIdle();
    },
    dispatched: (path) => worker.requests.filter((request) => request.path === path),
    stop: async () => {
      await client.close();
      await emulator.stop();
      await worker.stop();
      clock.stop();
    },
  };
}
