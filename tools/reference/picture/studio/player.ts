import type { Tab } from "../../../../local/browser/chromium.ts";

/** What someone enters for a command's options, by their names; `choose` takes the first suggestion for it. */
type Options = Readonly<Record<string, string | { readonly choose: string }>>;

/** Plays with the studio as a person does: with the mouse, and by typing into fields. */
export class Player {
  readonly tab: Tab;
  readonly #openTab: (url: string) => Promise<Tab>;

  /** `openTab` opens what people find behind links, each in a tab of its own. */
  constructor(tab: Tab, openTab: (url: string) => Promise<Tab>) {
    // A person waits until they see what their last action did.
    const seen = () => tab.evaluate(SHOWN);
    this.tab = {
      ...tab,
      click: async (element) => {
        await seen();
        await tab.click(element);
      },
      type: async (text) => {
        await seen();
        await tab.type(text);
      },
    };
    this.#openTab = openTab;
  }

  /** Goes to a page by the navigation. */
  async goTo(title: string): Promise<void> {
    await this.tab.click(withText("header nav a", title));
    await this.tab.until(`document.querySelector("h1")?.textContent === ${JSON.stringify(title)}`);
  }

  /** Clicks the last element that matches and begins with this text. */
  async click(text: string, selector = "button"): Promise<void> {
    await this.tab.click(withText(selector, text));
  }

  /** Types into the field with this label, in place of what is there. */
  async fill(label: string, text: string): Promise<void> {
    const field = `${withText("label", label)}?.control`;
    await this.tab.click(field);
    await this.tab.evaluate(`${field}.select()`);
    await this.tab.type(text);
  }

  /** Types into the field with this label of the part with this name. */
  async fillIn(part: string, label: string, text: string): Promise<void> {
    const field = `[...document.querySelectorAll(${JSON.stringify(`[aria-label=${JSON.stringify(part)}] label`)})].find((each) => each.textContent.startsWith(${JSON.stringify(label)}))?.control`;
    await this.tab.click(field);
    await this.tab.evaluate(`${field}.select()`);
    await this.tab.type(text);
  }

  /** Becomes someone else in the only pane. */
  async be(name: string): Promise<void> {
    if ((await this.tab.evaluate(`${PERSON}?.textContent`)) === name) return;
    await this.tab.click(`document.querySelector(".person-picker")`);
    await this.tab.type(name);
    await this.click(name, "[role=option]");
    await this.tab.until(`${PERSON}?.textContent === ${JSON.stringify(name)}`);
  }

  /** Goes to a channel, such as "marketplace", or to the DM with the bot, "c500". */
  async enter(channel: string): Promise<void> {
    await this.tab.click(
      `[...document.querySelectorAll(".seat nav button")].find((each) => each.textContent.includes(${JSON.stringify(channel)}))`,
    );
    await this.tab.until(
      `document.querySelector(".seat-title")?.textContent.includes(${JSON.stringify(channel)})`,
    );
  }

  /** Runs a command, such as "c500 live". */
  async run(command: string, options: Options = {}): Promise<void> {
    const { tab } = this;
    await tab.click(`document.querySelector(".composer-input")`);
    await tab.type(`/${command}`);
    await tab.click(
      `[...document.querySelectorAll("[role=option]")].find((each) => each.querySelector(".choice-label")?.textContent === ${JSON.stringify(`/${command}`)})`,
    );
    for (const [name, text] of Object.entries(options)) {
      const field = `document.querySelector('[data-option="${name}"]')`;
      await tab.until(`${field} ?? ${withText(".add-option", `+${name}`)}`);
      if (!(await tab.evaluate(`${field} !== null`))) await this.click(`+${name}`, ".add-option");
      await tab.click(field);
      await tab.type(typeof text === "string" ? text : text.choose);
      if (typeof text !== "string") await tab.click(`document.querySelector("[role=option]")`);
    }
    await tab.click(`document.querySelector(".command-line .send")`);
    await tab.until(`document.querySelector(".command-line") === null`);
  }

  /** Waits until the messages, or another part, show this text. */
  async read(text: string, part = ".messages"): Promise<void> {
    await this.tab.until(
      `document.querySelector(${JSON.stringify(part)})?.textContent.includes(${JSON.stringify(text)})`,
    );
  }

  /** Presses the newest button with this label, as the only person or as one of several. */
  async press(label: string, who?: string): Promise<void> {
    await this.click(label, `${messagesOf(who)} button.press`);
  }

  /** Waits until what was done last is answered and drawn. */
  async settle(): Promise<void> {
    await this.tab.until(`document.querySelector("[aria-busy=true]") === null`);
    await this.tab.evaluate(SHOWN);
  }

  /** Fills in the open form of Discord and submits it. */
  async submit(fields: Readonly<Record<string, string>>): Promise<void> {
    await this.tab.until(`document.querySelector("dialog.modal[open]") !== null`);
    for (const [label, text] of Object.entries(fields)) await this.fill(label, text);
    await this.click("Submit", "dialog.modal button");
    await this.tab.until(`document.querySelector("dialog.modal[open]") === null`);
  }

  /** Opens the newest link with this text in a tab of its own. */
  async follow(text: string): Promise<Tab> {
    const link = withText(".messages a", text);
    await this.tab.until(`${link} !== undefined`);
    return this.#openTab(String(await this.tab.evaluate(`${link}.href`)));
  }
}

/** Until what was typed last is on the page, as nobody presses faster. */
const SHOWN = "new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))";

/** The messages that somebody sees, or those of the only pane. */
export const messagesOf = (who: string | undefined): string =>
  who === undefined ? ".messages" : `.seat[aria-label^="${who} in "] .messages`;

const PERSON = `document.querySelector(".person-picker b")`;

/** An expression for the last element that matches a selector and begins with a text. */
export function withText(selector: string, text: string): string {
  return `[...document.querySelectorAll(${JSON.stringify(selector)})].findLast((each) => each.textContent.trim().startsWith(${JSON.stringify(text)}))`;
}
