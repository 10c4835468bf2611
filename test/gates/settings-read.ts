import { globSync, readFileSync } from "node:fs";
import { build } from "esbuild";
import { PROJECT } from "../../tools/build/bundle.ts";
import { settingNames as names } from "../../tools/settings/function-settings.ts";

/** The clients that every function is wired with, and the files that name the settings they use. */
const CLIENTS: Readonly<Record<string, readonly string[]>> = {
  discord: ["discord/connect-discord.ts"],
  discordSignIn: ["discord-sign-in.ts"],
  limiter: ["redis.ts"],
  redis: ["redis.ts"],
  stripe: ["stripe/connect-stripe.ts"],
  stripeReader: ["stripe/reading.ts"],
  tasks: ["tasks.ts"],
  twitch: ["twitch/{connect-twitch,helix}.ts"],
  twitchSignIn: ["twitch/{sign-in,helix}.ts"],
};

/** Where settings are defined and clients wired, for functions that use them and for those that do not. */
const WIRING = /^shared\/(?:runtime\/(?:config|deps)\.ts|clients\/)/;

/** A dependency of a feature that is a client by another name, such as `auctionEngine: createAuctionEngine(platform.redis)`. */
const WIRED = /(\w+): \w+\(platform\.(\w+)\)/g;

/**
 * The settings that a function's code reads, found in what is left of its bundle once everything unused is gone: those
 * it names, and those of the clients that it uses. Texts in quotation marks name nothing.
 */
export async function settingsRead(entry: string): Promise<ReadonlySet<string>> {
  const code = (await modulesOf(entry)).filter(({ file }) => !WIRING.test(file));
  const aliases = code.flatMap(({ text }) => Array.from(text.matchAll(WIRED)));
  const clients = [
    ...Object.keys(CLIENTS).map((client) => ({ client, called: client })),
    ...aliases.map(([, called = "", client = ""]) => ({ client, called })),
  ];
  // Every call has a span in the trace of the project.
  const read = new Set(["GOOGLE_CLOUD_PROJECT"]);
  for (const { text } of code) {
    for (const name of namedIn(text)) read.add(name);
    for (const { client, called } of clients) {
      if (!isUsed(called, text)) continue;
      for (const name of settingsOf(client)) read.add(name);
    }
  }
  return read;
}

/** What the bundler keeps of each module. */
async function modulesOf(contents: string) {
  const { outputFiles } = await build({
    absWorkingDir: PROJECT,
    stdin: { contents, resolveDir: PROJECT, sourcefile: "entry.ts", loader: "ts" },
    outdir: "nowhere",
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    packages: "external",
    loader: { ".lua": "text" },
    logLevel: "silent",
  });
  return outputFiles.flatMap(({ text }) =>
    text.split(/^\/\/ (?=[\w/.-]+\.\w+$)/m).map((part) => {
      const [file = "", ...lines] = part.split("\n");
      return { file, text: lines.join("\n").replace(/"(?:[^"\\\n]|\\.)*"/g, '""') };
    }),
  );
}

/** Whether code takes a dependency: `deps.stripe`, or `{ stripe }` or `{ stripe: other }` of an argument. */
function isUsed(name: string, text: string): boolean {
  return new RegExp(`\\bdeps\\d*\\.${name}\\b|[{,]\\s*${name}(?:: \\w+)?\\s*[,}]`).test(text);
}

function settingsOf(client: string): string[] {
  const files = (CLIENTS[client] ?? []).flatMap((glob) =>
    globSync(`shared/clients/${glob}`, { cwd: PROJECT }),
  );
  return files.flatMap((file) => {
    const source = readFileSync(`${PROJECT}/${file}`, "utf8");
    return namedIn(source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ""));
  });
}

function namedIn(text: string): string[] {
  const words = new Set(text.match(/\b[A-Z][A-Z_]+\b/g));
  return names.filter((name) => words.has(name));
}
