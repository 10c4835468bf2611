import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { fulfilmentDefinitions } from "../../../../functions/fulfilment/commands/index.ts";
import type { Definition } from "../../../../shared/discord/definitions/define-command.ts";
import { controlRows, immediateRows } from "../../../access/matrix-rows.ts";
import { createMatrixWorld, type MatrixWorld } from "../../../access/matrix-world.ts";

let world: MatrixWorld;

beforeAll(async () => {
  world = await createMatrixWorld();
});
afterAll(() => world.cloud.stop());

const definitions: readonly Definition[] = fulfilmentDefinitions;
const names = definitions.filter(({ kind }) => kind !== "command").map(({ name }) => name);

test.each(names)(
  "%s answers in words or with a form: used, used again, and by somebody else",
  async (name) => {
    const row = controlRows[name] ?? immediateRows[name];
    if (!row) throw new Error(`"${name}" has no row in matrix-rows.ts.`);
    const owner = row.allowed?.[0] ?? "builder";
    for (const role of [owner, owner, "stranger"] as const) {
      const { interactionId, text, embeds } = await row.try(world, role);
      const response = world.cloud.discord.interaction(interactionId)?.response;
      const isForm = response?.type === 9;
      expect(isForm || text !== "" || embeds !== "[]").toBe(true);
    }
  },
);
