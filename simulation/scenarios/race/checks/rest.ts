import type { Lobby } from "../../../../functions/races/domain/race.ts";
import { raceBoard } from "../../../../functions/races/messages/races.ts";
import { raceTotals } from "../../../../functions/races/service/race-totals.ts";
import { createSales } from "../../../../functions/races/store/sales/sales.ts";
import { community } from "../../../../local/cloud/community.ts";
import { createLedger } from "../../../../shared/money/ledger-store.ts";
import { checkLedger } from "../../../../tools/ops/ledger/check.ts";
import { openDeadLetters } from "../../../operators.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { checkAgainPosts } from "../after-race.ts";
import { storedLobbies } from "../lobby-watch.ts";
import { countSent, isForgotten } from "../messages.ts";
import { trackOf } from "../track.ts";
import { checkAnswers, checkInTime, checkSeatsLimit } from "./answer.ts";
import { checkPayoutsAtRest } from "./payout.ts";
import { checkSales } from "./sale.ts";

/** The maximum delay of a task once faults have stopped. */
const TASK_TAKES_MS = 60_000;

/** All rules of docs/invariants.md about the ledger, windows and messages. */
export async function checkRaceRest(stage: Stage): Promise<void> {
  const lobbies = await storedLobbies(stage);
  await checkNothingWaits(stage, lobbies);
  const { flaws } = await checkLedger(stage.database);
  mustEqual("L5", "flaws of the ledger", flaws, []);
  await checkSales(stage);
  checkRosters(lobbies);
  await checkPayoutsAtRest(stage);
  await checkBoards(stage, lobbies);
  await checkNotices(stage, lobbies);
  checkAgainPosts(stage, lobbies);
  checkCopies(stage);
  checkAnswers(stage);
  checkSeatsLimit(stage);
  checkInTime(stage);
}

async function checkNothingWaits(stage: Stage, lobbies: readonly Lobby[]): Promise<void> {
  const { database, cloud } = stage;
  const { altered } = trackOf(stage);
  const reasons = await openDeadLetters(stage);
  const isOf = (reason: string, saleId: string) => reason.includes(`Sale ${saleId} came as`);
  const isMeant = (reason: string) => altered.some(({ saleId }) => isOf(reason, saleId));
  mustEqual(
    "G3",
    "the open dead letters",
    reasons.filter((reason) => !isMeant(reason)),
    [],
  );
  for (const { saleId, isThanked } of altered) {
    const isKept = reasons.some((reason) => isOf(reason, saleId));
    mustHold(
      "L6",
      isKept || !isThanked,
      () => `nobody was notified that sale ${saleId} came with another amount`,
    );
  }
  // Refunds may wait for a sale that its shop can still report.
  const booked = new Set((await database.collection("sales").get()).docs.map(({ id }) => id));
  const waiting = (await database.collection("waiting_refunds").get()).docs.map(({ id }) => id);
  const lost = waiting.filter((id) => booked.has(id));
  mustEqual("L7", "refunds waiting for a sale that is already booked", lost, []);
  const nowMs = cloud.clock.nowMs();
  for (const { id, state, closesAt, closedAt, isBoardDue } of lobbies) {
    const isLate = state === "racing" && (closesAt?.getTime() ?? 0) + TASK_TAKES_MS <= nowMs;
    mustHold(
      "W4",
      !isLate,
      () => `the window of ${id} should have ended ${closesAt?.toISOString()}`,
    );
    // A window that ended within the last minute may not be shown yet.
    const isDue = isBoardDue && (closedAt?.getTime() ?? 0) + TASK_TAKES_MS <= nowMs;
    mustHold("N3", !isDue, () => `the message of ${id} is not up to date`);
  }
}

/** W5: nobody raced twice at a time, in two places, or without a seat. */
function checkRosters(lobbies: readonly Lobby[]): void {
  const raced = lobbies.filter(({ openedAt }) => openedAt);
  const racing = (atMs: number) =>
    raced.flatMap(({ id, intervals, closedAt, closesAt }) => {
      const endMs = (closedAt ?? closesAt)?.getTime() ?? 0;
      return intervals
        .filter(
          ({ joinedAt, leftAt }) =>
            joinedAt.getTime() <= atMs && atMs < (leftAt?.getTime() ?? endMs),
        )
        .map(({ racerId }) => ({ id, racerId }));
    });
  for (const { id, seats, intervals } of raced) {
    for (const { joinedAt } of intervals) {
      const then = racing(joinedAt.getTime());
      const here = then.filter((each) => each.id === id).length;
      mustHold("W5", here <= seats, () => `${here} raced in ${id}, which has ${seats} seats`);
      const people = then.map(({ racerId }) => racerId);
      const isOnce = new Set(people).size === people.length;
      mustHold("W5", isOnce, () => `of ${people.join(", ")} somebody raced twice at a time`);
    }
  }
}

/** N3: each lobby's message shows its current state. */
async function checkBoards(stage: Stage, lobbies: readonly Lobby[]): Promise<void> {
  const database = async () => stage.database;
  const deps = { ledger: createLedger(database), sales: createSales(database) };
  const site = stage.cloud.settings["PUBLIC_SITE_URL"] ?? "";
  for (const lobby of lobbies) {
    if (lobby.isBoardDue) continue;
    const board = raceBoard(lobby, await raceTotals(lobby, deps), site);
    const posts = stage.discord.messages(lobby.channelId);
    const shown = posts.find(({ id }) => id === lobby.messageId);
    const found = [shown?.embeds[0]?.description, shown?.embeds[0]?.fields?.map(textOf)];
    const expected = [board.embeds?.[0]?.description, board.embeds?.[0]?.fields?.map(textOf)];
    mustEqual("N3", `what the message of ${lobby.id} shows`, found, expected);
  }
}

function textOf({ name, value }: { readonly name: string; readonly value: string }): string {
  return `${name}: ${value}`;
}

/** N1: everyone was notified once. */
async function checkNotices(stage: Stage, lobbies: readonly Lobby[]): Promise<void> {
  const { discord, database } = stage;
  const { crowd, kicks } = trackOf(stage);
  const isReached = (user: string) => user !== crowd.at(-1);
  for (const lobby of lobbies) {
    const { id, state, channelId, acts, kickedIds } = lobby;
    const timesPosted = (key: string) => countSent(discord.messages(channelId), `${key}:${id}`);
    mustEqual("N1", `how often lobby ${id} was posted`, timesPosted("race-lobby"), 1);
    const started = timesPosted("race-started");
    const isStarted = state === "racing" ? started === 1 : started <= 1;
    mustHold("N1", isStarted, () => `the start of ${id}, ${state}, was announced ${started} times`);
    const ended = timesPosted("race-finished");
    const isEnded = ended === (state === "finished" ? 1 : 0) || (lobby.isBoardDue && ended === 0);
    mustHold("N1", isEnded, () => `the end of ${id}, ${state}, was announced ${ended} times`);
    for (const { id: actId, movedUp } of Object.values(acts)) {
      if (movedUp === undefined || !isReached(movedUp)) continue;
      const counts = countSent(discord.dms(movedUp), `race-moved-up:${actId}`);
      mustEqual("N1", `how often ${movedUp} was notified of a seat in ${id}`, counts, 1);
    }
    checkWarnings(stage, lobby);
    for (const racer of kickedIds.filter(isReached)) {
      const own = kicks.filter((kick) => kick.lobbyId === id && kick.racer === racer);
      const counts = own.map((kick) => countSent(discord.dms(racer), `race-kick:${kick.id}`));
      const times = counts.reduce((sum, each) => sum + each, 0);
      mustEqual("N1", `how often ${racer} was notified of being kicked from ${id}`, times, 1);
    }
  }
  const disputes = await database.collectionGroup("disputes").get();
  const notices = discord.messages(community.operatorsChannelId);
  for (const dispute of disputes.docs) {
    const key = `merch-dispute:${dispute.id}:${dispute.get("outcome")}:${dispute.get("turn")}`;
    mustEqual("N1", `how often the operators were notified by ${key}`, countSent(notices, key), 1);
  }
}

/** N1: the host is warned once before each end of a window, by DM or in the channel. */
function checkWarnings({ discord }: Stage, { id, hostId, channelId }: Lobby): void {
  const nonces = new Map<string, string>();
  for (const { components, nonce } of [...discord.dms(hostId), ...discord.messages(channelId)]) {
    const [end] = new RegExp(`race-go-on:${id}-\\d+`).exec(JSON.stringify(components ?? [])) ?? [];
    if (end === undefined) continue;
    const first = nonces.get(end) ?? String(nonce);
    nonces.set(end, first);
    mustEqual("N1", `the message that warned ${hostId} of ${end}`, String(nonce), first);
  }
}

/**
 * N1: no message is sent twice, unless Discord's answer was lost and it had forgotten the nonce.
 */
function checkCopies(stage: Stage): void {
  const { discord, faults } = stage;
  const { channels, crowd, staff, hosts } = trackOf(stage);
  const places = [
    ...[...channels, community.generalChannelId, community.operatorsChannelId].map((channel) =>
      discord.messages(channel),
    ),
    ...[...new Set([...crowd, ...staff, ...hosts])].map((user) => discord.dms(user)),
  ];
  for (const messages of places) {
    const byNonce = new Map<string, typeof messages>();
    for (const message of messages) {
      if (!message.nonce) continue;
      const nonce = String(message.nonce);
      byNonce.set(nonce, [...(byNonce.get(nonce) ?? []), message]);
    }
    for (const [first, ...copies] of byNonce.values()) {
      for (const copy of copies) {
        const isExcused = first && isForgotten(copy, first) && faults.faultCounts.size > 0;
        mustHold("N1", Boolean(isExcused), () => `this was sent twice: ${JSON.stringify(copy)}`);
      }
    }
  }
}
