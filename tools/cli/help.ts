import { usageOf } from "./command-line.ts";
import { devCommands } from "./commands.ts";

const WIDTH = 100;
const INDENT = 4;

/** What `./dev help` shows. */
export function helpOfAll(): string {
  const parts = devCommands.map((command) => [
    usageOf(command),
    ...wrapped(command.does).map((line) => `${" ".repeat(INDENT)}${line}`),
  ]);
  const closing = "./dev help COMMAND, or --help after a command, shows more.";
  return `${parts.map((lines) => lines.join("\n")).join("\n")}\n\n${closing}\n`;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > WIDTH - INDENT) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
