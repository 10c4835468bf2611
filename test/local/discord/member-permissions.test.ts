import { expect, test } from "@jest/globals";
import { ORDINARY_PERMISSIONS, permissionsIn } from "../../../local/discord/state/permissions.ts";

const VIEW = 1n << 10n;
const SEND = 1n << 11n;
const EMBED = 1n << 14n;
const SEND_IN_THREADS = 1n << 38n;
const MANAGE_GUILD = 1n << 5n;
const GUILD = { id: "1", ownerId: "9" };
const ANN = { id: "2", roles: ["3", "4"], permissions: "0" };
const TEXT = 0;
const THREAD = 11;

const may = (
  bit: bigint,
  overwrites: Parameters<typeof permissionsIn>[2]["overwrites"],
  { member = ANN, type = TEXT } = {},
) => (BigInt(permissionsIn(member, GUILD, { type, overwrites })) & bit) !== 0n;
const role = 0;
const member = 1;

// https://discord.com/developers/docs/topics/permissions#permission-overwrites
test("without overwrites a member has the permissions of everyone plus their roles", () => {
  expect(permissionsIn(ANN, GUILD, { type: TEXT, overwrites: [] })).toBe(ORDINARY_PERMISSIONS);
  const manager = { ...ANN, permissions: String(MANAGE_GUILD) };
  expect(may(MANAGE_GUILD | SEND, [], { member: manager })).toBe(true);
});

test("a channel's overwrites apply to everyone, then to all roles at once, then to the member", () => {
  const closed = { id: GUILD.id, type: role, deny: String(SEND) };
  expect(may(SEND, [closed])).toBe(false);
  const ofOne = { id: "3", type: role, allow: String(SEND) };
  const ofOther = { id: "4", type: role, deny: String(SEND) };
  expect(may(SEND, [closed, ofOne])).toBe(true);
  expect(may(SEND, [ofOther, ofOne])).toBe(true);
  expect(may(SEND, [{ ...ofOne, id: "5" }, closed])).toBe(false);
  expect(may(SEND, [closed, ofOne, { id: "2", type: member, deny: String(SEND) }])).toBe(false);
});

test("someone who may not view may do nothing, and someone who may not send may embed nothing", () => {
  const hidden = { id: GUILD.id, type: role, deny: String(VIEW) };
  expect(permissionsIn(ANN, GUILD, { type: TEXT, overwrites: [hidden] })).toBe("0");
  expect(may(EMBED, [{ id: GUILD.id, type: role, deny: String(SEND) }])).toBe(false);
});

test("sending in a thread is a separate permission", () => {
  const closed = { id: GUILD.id, type: role, deny: String(SEND_IN_THREADS) };
  expect(may(EMBED, [closed], { type: THREAD })).toBe(false);
  expect(may(EMBED, [closed], { type: TEXT })).toBe(true);
});

test("the owner and administrators may do everything, whatever the overwrites", () => {
  const closed = { id: GUILD.id, type: role, deny: String(SEND | VIEW) };
  expect(may(SEND, [closed], { member: { ...ANN, id: "9" } })).toBe(true);
  expect(may(SEND, [closed], { member: { ...ANN, permissions: "8" } })).toBe(true);
});
