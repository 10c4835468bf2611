import { useCommand } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { airOf, recordAct, type SignInLink } from "./air.ts";

/** How people become builders or try to, with weights. */
export const registeringActions: readonly Action[] = [
  { name: "register", weight: 12, isEssential: true, perform: registerAtOnce },
  { name: "ask for a link", weight: 8, perform: askForLink },
  { name: "ask for two links at once", weight: 2, perform: askTwice },
  { name: "sign in at Twitch", weight: 9, perform: signIn },
  { name: "sign in twice at once", weight: 3, perform: signInTwice },
  { name: "give a code", weight: 10, perform: giveCode },
  { name: "give a code twice at once", weight: 3, perform: giveTwice },
  { name: "attack: give another's code", weight: 3, perform: giveWrongCode },
];

const READS_MS = 8_000;

/** Candidates, and builders who change their channel. */
function whoRegisters(stage: Stage, pick: Pick): string {
  const { candidates, builders } = airOf(stage);
  return pick([...candidates, ...candidates, ...builders]);
}

/** From link to code without a pause. Candidates have no channel and use a spare one. */
async function registerAtOnce(stage: Stage, pick: Pick): Promise<void> {
  const { channels, builders, candidates, codes } = airOf(stage);
  const user = pick(candidates);
  const { id: channelId } = pick(channels.slice(builders.length));
  const link = await ask(stage, user);
  if (!link) return;
  await openLink(stage, link, channelId);
  const shown = codes.findLast((each) => each.user === user && each.channelId === channelId);
  if (shown) await useCommand(stage, user, "c500 register", { code: shown.code });
}

async function askForLink(stage: Stage, pick: Pick): Promise<void> {
  await ask(stage, whoRegisters(stage, pick));
}

async function askTwice(stage: Stage, pick: Pick): Promise<void> {
  const user = whoRegisters(stage, pick);
  await Promise.all([ask(stage, user), ask(stage, user)]);
}

async function ask(stage: Stage, user: string): Promise<SignInLink | undefined> {
  const { id } = await useCommand(stage, user, "c500 register");
  await stage.cloud.clock.sleep(READS_MS);
  const shown = JSON.stringify(stage.discord.interaction(id)?.original?.components ?? []);
  const url = /"url":("https?:[^"]+oauth2[^"]+")/.exec(shown)?.[1];
  if (!url) return undefined;
  const askedAtMs = stage.cloud.clock.nowMs();
  const link = { user, url: JSON.parse(url) as string, askedAtMs };
  airOf(stage).links.push(link);
  return link;
}

/** With their own link, an older one, or one sent to another user; or cancels. */
async function signIn(stage: Stage, pick: Pick): Promise<void> {
  const { links, channels } = airOf(stage);
  const link = pick([...links.slice(-2), ...links]);
  await openLink(stage, link, pick([...channels, ...channels, undefined])?.id);
}

/** Two people use the same link, each with their own channel. */
async function signInTwice(stage: Stage, pick: Pick): Promise<void> {
  const { links, channels } = airOf(stage);
  const link = pick(links.slice(-2));
  const owners = [pick(channels), pick(channels.toReversed())];
  await Promise.all(owners.map(({ id }) => openLink(stage, link, id)));
}

async function openLink(
  stage: Stage,
  link: SignInLink,
  channelId: string | undefined,
): Promise<void> {
  const { user, url } = link;
  const { channels, codes, breaches } = airOf(stage);
  recordAct(stage, user);
  const login = channels.find(({ id }) => id === channelId)?.login;
  const page = await pageAt(stage, stage.twitch.signIn(url, login));
  const code = /register code:([\w-]+)/.exec(page)?.[1];
  if (!code || !channelId) return;
  if (codes.some((shown) => shown.link === link)) breaches.push("two codes by one link");
  codes.push({ user, channelId, code, link });
}

/** The page's text; empty without a response. */
async function pageAt({ cloud }: Stage, url: string): Promise<string> {
  try {
    return await (await cloud.fetch(url)).text();
  } catch {
    return "";
  }
}

async function giveCode(stage: Stage, pick: Pick): Promise<void> {
  const { user, code } = pick(airOf(stage).codes.slice(-3));
  await useCommand(stage, user, "c500 register", { code });
}

async function giveTwice(stage: Stage, pick: Pick): Promise<void> {
  const { user, code } = pick(airOf(stage).codes.slice(-3));
  const give = () => useCommand(stage, user, "c500 register", { code });
  await Promise.all([give(), give()]);
}

/** Someone types a code that was shown for another user's link, or guesses. */
async function giveWrongCode(stage: Stage, pick: Pick): Promise<void> {
  const known = airOf(stage).codes.map(({ code }) => code);
  const code = pick([...known, "BCDF-2345", "nonsense"]);
  await useCommand(stage, whoRegisters(stage, pick), "c500 register", { code });
}
