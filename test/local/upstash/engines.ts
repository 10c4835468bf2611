import { hasRedisServer } from "../../../local/upstash/redis-server/process.ts";

/** The engines that can run here: always the embedded one, and redis-server where it is on the PATH. */
export const ENGINES: readonly ("redis-server" | "embedded")[] = (await hasRedisServer())
  ? ["redis-server", "embedded"]
  : ["embedded"];
