import type { Tab } from "../../../../local/browser/chromium.ts";
import { type Player, withText } from "./player.ts";

/** Plays the README's stories with the mouse, from an empty cloud on; reports each that has been played. */
export async function playStories(player: Player, played: (story: string) => void): Promise<void> {
  await player.goTo("Discord");
  await player.click("Bring in the cast");
  await becomeBuilder(player);
  played("a builder registers");
  await sellDrop(player);
  played("a drop sells");
  await goLive(player);
  played("an order is built live");
  await auctionOff(player);
  played("an auction ends");
  await race(player);
  played("a race shares a sale");
}

/** Mina proves her channel, the team approves her, Stripe knows her, and she ships to everywhere. */
async function becomeBuilder(player: Player): Promise<void> {
  await player.be("mina");
  await player.enter("general");
  await player.run("c500 register");
  const twitch = await player.follow("Sign in");
  await twitch.leaveByClick(withText("button", "Authorize as mina_makes"));
  const code = await codeOn(twitch);
  await player.run("c500 register", { code });
  await player.read("is your channel");
  await player.be("vera");
  await player.enter("operators");
  await player.press("Approve");
  await player.be("mina");
  await player.enter("general");
  await player.run("c500 payouts", { country: "CA" });
  const stripe = await player.follow("Continue at Stripe");
  await stripe.leaveByClick(withText("button", "Finish"));
  await stripe.close();
  await player.run("c500 shipping", { from: "Canada", home: "0", world: "0" });
  await player.read("terms are set");
}

/** The code that the page after the sign-in shows, in the command to type. */
async function codeOn(page: Tab): Promise<string> {
  const command = String(await page.evaluate(`document.querySelector("code").textContent`));
  await page.close();
  return command.slice(command.indexOf("code:") + "code:".length);
}

/** Mina sells a keyboard to Ruth, who pays. */
async function sellDrop(player: Player): Promise<void> {
  await player.run("c500 drop", { payment: { choose: "held" } });
  await player.submit({
    Title: "Lavender C500, hand-lubed",
    Price: "$120",
    Quantity: "3",
    Description: "Built live, to order. Hot-swap, brass weight.",
  });
  await player.be("ruth");
  await player.enter("marketplace");
  await player.press("Buy Now");
  await pay(player, "Pay");
  await player.enter("c500");
  await player.read("Lavender C500, hand-lubed");
}

/** Follows a link to Checkout and pays there with what is filled in. */
async function pay(player: Player, link: string): Promise<void> {
  const checkout = await player.follow(link);
  await checkout.leaveByClick(withText("button", "Pay $"));
  await checkout.close();
}

/** Mina builds Ruth's order live on Twitch, and Ruth is notified. */
async function goLive(player: Player): Promise<void> {
  await player.goTo("Twitch");
  const stream = "Stream of mina_makes";
  await player.fillIn(stream, "Title", "Cozy Workshop Vibes");
  await player.click("Go live", `[aria-label="${stream}"] button`);
  await player.read("Change title", `[aria-label="${stream}"]`);
  await player.goTo("Discord");
  await player.be("mina");
  await player.enter("general");
  await player.run("c500 live", { context: { choose: "order" }, orders: { choose: "" } });
  await player.be("ruth");
  await player.enter("c500");
  await player.read("is on the workbench right now!");
}

/** Mina auctions a keyboard off; Ada outbids Ben and pays. */
async function auctionOff(player: Player): Promise<void> {
  await player.be("mina");
  await player.enter("marketplace");
  const lot = { title: "Founder's C500 in brass", price: "50", increment: "1", duration: "2m" };
  await player.run("c500 auction start", lot);
  await player.be("ben");
  await player.press("Bid $50");
  await player.read("You lead");
  await player.be("ada");
  await player.run("bid", { amount: "75" });
  await player.read("You lead");
  await player.goTo("Time");
  for (let minutes = 0; minutes < 3; minutes += 1) await player.click("+ 1 minute");
  await player.goTo("Discord");
  await player.read("SOLD");
  await player.enter("c500");
  await pay(player, "Pay");
}

/** Ada and Ben race in Mina's lobby, and share in a sale. */
async function race(player: Player): Promise<void> {
  await player.be("vera");
  await player.enter("general");
  await player.run("c500 hosts approve", { host: { choose: "mina" } });
  await player.be("mina");
  await player.enter("races");
  await player.run("race lobby", { name: "Friday Night GP" });
  for (const racer of ["ada", "ben"]) {
    await player.be(racer);
    await player.enter("races");
    await player.press("Join");
    await player.read("You race");
  }
  await player.be("mina");
  await player.run("start");
  await player.read("is on");
  // Stripe's times are whole seconds: a sale in the second of the start is none of the race's.
  await player.goTo("Time");
  await player.click("+ 10 seconds");
  await player.goTo("Scenes");
  await player.click("sale", "summary");
  await player.click("Trigger it", '[aria-label="Trigger sale"] button');
  await player.read("has sold C500 shirt", ".triggers");
  await player.goTo("Discord");
  await player.read("$5.00");
}
