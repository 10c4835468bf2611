import type { Tab } from "../../../local/browser/chromium.ts";

/** The pane of someone on the Discord page. */
export interface PaneDriver {
  /** An expression for the first element of a selector in this pane. */
  find(selector: string): string;
  /** An expression for the pane's button or link of this text. */
  button(text: string): string;
  /** Waits until the pane shows a text. */
  shows(text: string): Promise<void>;
  /** The pane's messages as one text. */
  text(): Promise<string>;
  /** Runs a command by the keyboard: what is typed, then Enter. */
  types(text: string): Promise<void>;
}

/** Drives the Nth pane of a tab. */
export function paneOf(tab: Tab, index = 0): PaneDriver {
  const pane = `document.querySelectorAll(".seat")[${index}]`;
  const find = (selector: string) => `${pane}?.querySelector(${JSON.stringify(selector)})`;
  const messages = `(${find(".messages")}?.textContent ?? "")`;
  return {
    find,
    button: (text) =>
      `[...(${pane}?.querySelectorAll("button, a") ?? [])].find((each) => each.textContent.trim().startsWith(${JSON.stringify(text)}))`,
    shows: (text) => tab.until(`${messages}.includes(${JSON.stringify(text)})`),
    text: async () => String(await tab.evaluate(messages)),
    types: async (text) => {
      await tab.click(find(".composer-input"));
      await tab.type(text);
    },
  };
}
