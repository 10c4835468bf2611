import { toBytes } from "../../reply.ts";
import { type CommandTable, reads } from "../command.ts";
import { failures } from "../failure.ts";

/** The Redis version that the embedded engine reports; Upstash is compatible up to it. */
export const REDIS_VERSION = "8.2.0";

/** Commands for the server itself. */
export const serverCommands: CommandTable = {
  ping: reads(-1, (_database, args, name) => {
    if (args.length > 1) throw failures.wrongArity(name);
    return args[0] ?? { status: "PONG" };
  }),
  echo: reads(2, (_database, [text = ""]) => text),
  time: reads(1, (database) => {
    const nowMs = database.nowMs();
    return [String(Math.floor(nowMs / 1000)), String((nowMs % 1000) * 1000)];
  }),
  info: reads(-1, (database) =>
    toBytes(
      [
        "# Server",
        `redis_version:${REDIS_VERSION}`,
        "redis_mode:standalone",
        "",
        "# Keyspace",
        `db0:keys=${database.keys().length}`,
        "",
      ].join("\r\n"),
    ),
  ),
};
