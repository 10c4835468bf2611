import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { APPLICATION, GUILD, refusalOf, startWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const HOUR_MS = 3_600_000;
const EVENTS = `/guilds/${GUILD}/scheduled-events` as const;
const after = (ms: number) => new Date(world.clock.nowMs() + ms).toISOString();
const event = (fields: object = {}) => ({
  name: "Brass weight",
  description: "A drop",
  entity_type: 3,
  privacy_level: 2,
  entity_metadata: { location: "https://c500.example/" },
  scheduled_start_time: after(HOUR_MS),
  scheduled_end_time: after(2 * HOUR_MS),
  ...fields,
});
const create = async (fields?: object) =>
  (await world.rest.post(EVENTS, { body: event(fields) })) as { id: string; status: number };
const change = (id: string, body: object) => world.rest.patch(`${EVENTS}/${id}`, { body });
const list = async () => (await world.rest.get(EVENTS)) as { id: string; status: number }[];

test("an event begins and ends by itself at its times", async () => {
  const { id } = await create();
  expect(await list()).toMatchObject([
    { id, status: 1, creator_id: APPLICATION, channel_id: null },
  ]);
  await world.clock.advance(HOUR_MS);
  expect(await list()).toMatchObject([{ id, status: 2 }]);
  await world.clock.advance(HOUR_MS);
  expect(await list()).toEqual([]);
  expect(await refusalOf(change(id, { name: "Late" }))).toMatchObject({ code: 180000 });
});

test("an event is changed, begun early and completed, and cannot go back", async () => {
  const { id } = await create();
  expect(await change(id, { name: "Copper", scheduled_start_time: after(HOUR_MS) })).toMatchObject({
    name: "Copper",
    description: "A drop",
  });
  expect(await refusalOf(change(id, { status: 3 }))).toMatchObject({ code: 50035 });
  expect(await change(id, { status: 2 })).toMatchObject({ status: 2 });
  expect(await change(id, { status: 3 })).toMatchObject({ status: 3 });
  expect(await refusalOf(change(id, { status: 2 }))).toMatchObject({ code: 180000 });
});

test.each([
  ["a start that has passed", { scheduled_start_time: "2020-01-01T00:00:00Z" }],
  ["an end before the start", { scheduled_end_time: "2020-01-01T00:00:00Z" }],
  ["no end", { scheduled_end_time: undefined }],
  ["a long name", { name: "x".repeat(101) }],
  ["a long description", { description: "x".repeat(1001) }],
  ["a long location", { entity_metadata: { location: "x".repeat(101) } }],
  ["no location", { entity_metadata: undefined }],
])("an event with %s is refused", async (_what, fields) => {
  expect(await refusalOf(create(fields))).toMatchObject({ status: 400, code: 50035 });
});

test("a server has a hundred events at most, and a deleted one makes room", async () => {
  const ids: string[] = [];
  while (ids.length < 100) ids.push((await create()).id);
  expect(await refusalOf(create())).toMatchObject({ status: 400, code: 30038 });
  for (const id of ids) await world.rest.delete(`${EVENTS}/${id}`);
  expect(await list()).toEqual([]);
  expect(await refusalOf(world.rest.delete(`${EVENTS}/${ids[0]}`))).toMatchObject({ code: 10070 });
});

test("without permission no event is created, changed or deleted", async () => {
  const { id } = await create();
  world.discord.addGuild({ id: GUILD, botPermissions: "0" });
  const calls = [create(), change(id, { name: "x" }), world.rest.delete(`${EVENTS}/${id}`)];
  for (const call of calls) {
    expect(await refusalOf(call)).toMatchObject({ status: 403, code: 50013 });
  }
  expect(await list()).toHaveLength(1);
});
