import { type CommandTable, reads } from "../command.ts";

/** Commands for the server itself. */
export const serverCommands: CommandTable = {
  ping: reads(1, () => ({ status: "PONG" })),
  time: reads(1, (database) => {
    const nowMs = database.nowMs();
    return [String(Math.floor(nowMs / 1000)), String((nowMs % 1000) * 1000)];
  }),
};
