import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Audience } from "../../shared/discord/definitions/define-command.ts";
import { commandHandlers } from "../../shared/events/discord-command.ts";
import { community } from "../support/cloud.ts";
import { everything } from "../support/stored/traces.ts";
import { controls, isDeferred } from "./controls.ts";
import { commandRows, controlRows, type Row } from "./matrix-rows.ts";
import { createMatrixWorld, type MatrixWorld, type Role } from "./matrix-world.ts";

const LATE_MS = 20 * 60_000;
/** Long enough for everything that was delayed to arrive, including the last press. */
const MARGIN_MS = 10_000;
const LONG_MS = 180_000;

/** Someone whom an audience admits. */
const ONE_OF: Readonly<Record<Audience, Role>> = {
  everyone: "stranger",
  owner: "staff",
  builder: "builder",
  "builder-or-staff": "builder",
  host: "host",
  staff: "staff",
};

/** An input that would take effect in time, where the row of the matrix would not. */
const acting: Readonly<Record<string, { readonly role: Role; readonly try: Row["try"] }>> = {
  "c500 refund": {
    role: "builder",
    try: (world, role) =>
      world.command(role, "c500 refund", { order: world.orderId, amount: "1.00" }),
  },
  "c500 auction start": {
    role: "builder",
    try: (world, role) =>
      world.command(role, "c500 auction start", { title: "Cap", price: "5", duration: "1h" }),
  },
  start: {
    role: "host",
    try: (world, role) => world.command(role, "start", { lobby: world.lobbyId }),
  },
  "race-start": {
    role: "host",
    try: (world, role) => world.press(role, `race-start:${world.lobbyId}`),
  },
  payout: {
    role: "staff",
    try: (world, role) =>
      world.command(role, "payout", { user: world.bystander, amount: "20", leaver: true }),
  },
};

const deferred = controls.filter(isDeferred);

let world: MatrixWorld;

beforeAll(async () => {
  world = await createMatrixWorld();
}, LONG_MS);
afterAll(() => world.cloud.stop());

/** Collections that only record where an answer went, how far a sweep got, or which board is being shown. */
const PASSING = /^(processed|sweeps)\/|^[a-z]+-board[a-z-]*:/;

/** Everything that anyone could change. */
async function state() {
  const { cloud } = world;
  const stored = (await everything(cloud)).filter((text) => !PASSING.test(text));
  const channels = Object.values(community).flatMap((id) => cloud.discord.messages(id));
  return {
    stored: stored.sort(),
    posts: channels.map(({ id, content, embeds }) => JSON.stringify([id, content, embeds])),
    stripe: cloud.stripe.events().map(({ id, type }) => `${id} ${type}`),
    held: cloud.stripe.balances(),
  };
}

const notices = () =>
  Object.values(world.people).flatMap((user) =>
    world.cloud.discord.dms(user).filter(({ content }) => content.includes("too long to reach me")),
  );

test(
  "every command, button, select and form that arrives 20 minutes late changes nothing and says so",
  async () => {
    const { faults, clock } = world.cloud;
    const fault = { kind: "delay", ms: LATE_MS } as const;
    const handlers = new RegExp(`^deliver (${commandHandlers.join("|")})$`);
    faults.add({ target: "pubsub", operation: handlers, fault });
    const beganMs = clock.nowMs();
    for (const { name, who } of deferred) {
      const row = commandRows[name] ?? controlRows[name];
      if (!row) throw new Error(`"${name}" has no row in matrix-rows.ts.`);
      const role = acting[name]?.role ?? row.allowed?.[0] ?? ONE_OF[who];
      await (acting[name]?.try ?? row.try)(world, role);
    }
    faults.clear();
    const tookMs = clock.nowMs() - beganMs;
    await clock.advance(LATE_MS - tookMs - MARGIN_MS);
    await world.cloud.settle();
    expect(notices()).toEqual([]);
    const before = await state();
    await clock.advance(tookMs + 2 * MARGIN_MS);
    await world.cloud.settle();
    expect(await state()).toEqual(before);
    expect(notices()).toHaveLength(deferred.length);
  },
  LONG_MS,
);
