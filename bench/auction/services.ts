import { fork } from "node:child_process";
import { once } from "node:events";
import { LocalClock } from "../../local/kit/clock.ts";
import { listen } from "../../local/kit/http/listen.ts";
import { connectRedis } from "../../shared/clients/redis.ts";
import type { FunctionProcess } from "../../tools/build/function-process.ts";
import { functionSettings } from "../function-settings.ts";
import { type Auctions, auctionsIn } from "./bids.ts";

/** The message of `process.ts` when it has started. */
interface Started {
  readonly redisUrl: string;
  readonly redisToken: string;
  readonly redisEngine: string;
  readonly tasksHost: string;
  readonly firestoreHost: string;
}

/** The running services that a bid uses. */
export interface AuctionServices {
  readonly redisEngine: string;
  readonly auctions: Auctions;
  readonly clock: LocalClock;
  /** Settings for the environment of a function that decides bids. */
  readonly settings: Readonly<Record<string, string>>;
  /** The number of board tasks received so far. */
  boardTasks(): number;
  stop(): Promise<void>;
}

/** `discord-interactions` in functions-framework, with its services. */
export interface BidTarget extends AuctionServices {
  readonly interactions: FunctionProcess;
}

/**
 * Starts the services and listens for the board's tasks. A task only records what makes the next
 * one due: updating boards is another function's time.
 */
export async function startAuctionServices(): Promise<AuctionServices> {
  const clock = new LocalClock();
  const child = fork(new URL("./process.ts", import.meta.url));
  const exited = once(child, "exit");
  const [message] = await Promise.race([once(child, "message"), exited]);
  if (typeof message !== "object") throw new Error("The auction's services did not start.");
  const started = message as Started;
  const auctions = auctionsIn(
    connectRedis(
      {
        UPSTASH_REDIS_REST_URL: started.redisUrl,
        UPSTASH_REDIS_REST_TOKEN: started.redisToken,
      },
      fetch,
    ),
  );
  let boardTasks = 0;
  const boards = await listen((request, response) => {
    void (async () => {
      boardTasks += 1;
      const chunks: Buffer[] = await request.toArray();
      const { auctionId } = JSON.parse(Buffer.concat(chunks).toString()) as { auctionId: string };
      await auctions.engine.clearBoardMark(auctionId);
      response.end();
    })().catch(() => {
      // The machine is overloaded; the task is retried.
      response.statusCode = 503;
      response.end();
    });
  });
  return {
    redisEngine: started.redisEngine,
    auctions,
    clock,
    settings: {
      ...functionSettings,
      UPSTASH_REDIS_REST_URL: started.redisUrl,
      UPSTASH_REDIS_REST_TOKEN: started.redisToken,
      CLOUD_TASKS_EMULATOR_HOST: started.tasksHost,
      FIRESTORE_EMULATOR_HOST: started.firestoreHost,
      FUNCTION_URL_TEMPLATE: `${boards.url}/{name}`,
    },
    boardTasks: () => boardTasks,
    stop: async () => {
      child.disconnect();
      await exited;
      await boards.stop();
    },
  };
}
