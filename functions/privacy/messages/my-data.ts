import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";

/** The DM with everything that is stored about someone. */
export function myDataMessage(content: string): OutgoingMessage {
  return {
    content:
      "Here is everything I store about you, as a JSON file. It is meant only for you: think before you pass it on. `/c500 forget me` removes what is in it.",
    files: [{ name: "c500-my-data.json", bytes: Buffer.from(content, "utf8") }],
  };
}

/** Answers to `/c500 my-data`. */
export const myDataTexts = {
  sent: "I've sent you a DM with everything I store about you, as a file.",
  nothing: "I store nothing about you.",
  closedDms:
    "I can't send you a DM, and I send your data nowhere else. On a computer, right-click this server's icon; on a phone, tap the server's name. Under **Privacy Settings**, allow **Direct Messages**. Then run `/c500 my-data` again.",
} as const;
