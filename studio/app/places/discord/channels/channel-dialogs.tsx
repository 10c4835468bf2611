import { useState } from "preact/hooks";
import { call } from "../../../api/api.ts";
import { Dialog } from "../../../ui/dialog/dialog.tsx";
import { channels, guilds } from "../surroundings.ts";

/** What someone does to channels and servers. */
export type ChannelTask = "add-channel" | "add-server" | "delete-channel" | "let-bot";

interface Props {
  /** The channel that is open: its id, or "dm". */
  readonly channelId: string;
  /** Opens another channel: the one that was added, or the one that is left. */
  onOpen(channelId: string): void;
  onClose(): void;
}

/** The longest name that the studio takes. */
const MOST_LETTERS = 32;

/** Adds a channel or a server, asks before a channel is deleted, or changes what the bot may do in one. */
export function ChannelDialog({ task, ...props }: Props & { readonly task: ChannelTask }) {
  if (task === "add-server") return <AddServer {...props} />;
  if (task === "let-bot") return <LetBot {...props} />;
  return task === "add-channel" ? <AddChannel {...props} /> : <DeleteChannel {...props} />;
}

function AddChannel({ channelId, onOpen, onClose }: Props) {
  const servers = [...guilds.value.values()];
  const [guildId, setGuild] = useState(channels.value.get(channelId)?.guildId ?? servers[0]?.id);
  const [name, setName] = useState("");
  return (
    <Dialog
      title="Add a channel"
      button="Add the channel"
      isReady={guildId !== undefined && name.trim() !== ""}
      action={async () => {
        if (guildId !== undefined) onOpen(await call("discord", "addChannel", { guildId, name }));
      }}
      done="The channel is added."
      onClose={onClose}
    >
      <label class="field">
        <span>Server</span>
        <select value={guildId} onChange={({ currentTarget: { value } }) => setGuild(value)}>
          {servers.map((server) => (
            <option key={server.id} value={server.id}>
              {server.name}
            </option>
          ))}
        </select>
      </label>
      <Name label="Name of the channel" value={name} onChange={setName} />
    </Dialog>
  );
}

function AddServer({ onOpen, onClose }: Props) {
  const [name, setName] = useState("");
  const [channel, setChannel] = useState("general");
  return (
    <Dialog
      title="Add a server"
      button="Add the server"
      isReady={name.trim() !== "" && channel.trim() !== ""}
      action={async () => onOpen(await call("discord", "addServer", { name, channel }))}
      done="The server is added."
      onClose={onClose}
    >
      <p class="quiet">
        Everyone joins it, and so does the bot. Its commands stay those of the community's server.
      </p>
      <Name label="Name of the server" value={name} onChange={setName} />
      <Name label="Name of its first channel" value={channel} onChange={setChannel} />
    </Dialog>
  );
}

function DeleteChannel({ channelId, onOpen, onClose }: Props) {
  const channel = channels.value.get(channelId);
  const left = [...channels.value.values()].find(
    ({ id, guildId }) => id !== channelId && guildId === channel?.guildId,
  );
  return (
    <Dialog
      title={`Delete #${channel?.name ?? "unknown"}?`}
      button="Delete the channel"
      action={async () => {
        await call("discord", "deleteChannel", { channelId });
        onOpen(left?.id ?? "dm");
      }}
      done="The channel is deleted."
      onClose={onClose}
    >
      <p>
        Its messages are gone for everyone, and the bot is refused when it next writes there. This
        cannot be undone.
      </p>
    </Dialog>
  );
}

/** The bot's permissions in a channel, by the names in Discord's settings. */
const PERMISSIONS = {
  viewChannel: "View Channel",
  sendMessages: "Send Messages",
  embedLinks: "Embed Links",
  attachFiles: "Attach Files",
  mentionEveryone: "Mention @everyone, @here, and All Roles",
  manageMessages: "Manage Messages",
  pinMessages: "Pin Messages",
} as const;

function LetBot({ channelId, onClose }: Props) {
  const channel = channels.value.get(channelId);
  const [botMay, setBotMay] = useState<Readonly<Record<string, boolean>>>({ ...channel?.botMay });
  return (
    <Dialog
      title={`What the bot may do in #${channel?.name ?? "unknown"}`}
      button="Save"
      action={() => call("discord", "letBot", { channelId, botMay: { ...botMay } })}
      done="The bot's permissions are changed."
      onClose={onClose}
    >
      {Object.entries(PERMISSIONS).map(([permission, name]) => (
        <label class="check" key={permission}>
          <input
            type="checkbox"
            checked={botMay[permission] === true}
            onChange={({ currentTarget: { checked } }) =>
              setBotMay((before) => ({ ...before, [permission]: checked }))
            }
          />{" "}
          {name}
        </label>
      ))}
    </Dialog>
  );
}

function Name({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  onChange(value: string): void;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="text"
        required
        maxLength={MOST_LETTERS}
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  );
}
