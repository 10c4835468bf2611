import { useSignal } from "@preact/signals";
import { type Answer, call } from "../../api/api.ts";
import { Badge } from "../../ui/badge/badge.tsx";
import { Choice, Field, Form } from "../../ui/form/form.tsx";
import { Press } from "../../ui/press.tsx";
import { When } from "../../ui/when.tsx";

type Overview = Answer<"twitch", "read">;
type Channel = Overview["channels"][number];

/** The channels, and what waits for somebody to sign in. */
export function Channels({ value: { channels, signIns } }: { value: Overview }) {
  return (
    <>
      <SignIns signIns={signIns} channels={channels} />
      <section class="card">
        <Form
          label="Add a channel"
          button="Add channel"
          action={({ name = "" }) => call("twitch", "addChannel", { login: name })}
        >
          <Field name="name" label="Name of the new channel" hint="keycap_kate" />
        </Form>
      </section>
      {channels.length === 0 && (
        <p class="quiet">
          There is no channel yet. Add one, then register it in Discord with{" "}
          <code>/c500 register</code>.
        </p>
      )}
      <div class="channels">
        {channels.map((channel) => (
          <ChannelCard key={channel.id} channel={channel} />
        ))}
      </div>
    </>
  );
}

function SignIns({ signIns, channels }: Pick<Overview, "signIns" | "channels">) {
  if (signIns.length === 0) return null;
  return (
    <section class="card" aria-label="Sign-in pages">
      <h2>Sign-in pages that wait</h2>
      <ul class="lines">
        {signIns.map(({ url, openedAtMs }) => (
          <li key={url} class="row">
            <span>
              Opened <When atMs={openedAtMs} />
            </span>
            <a href={url} target="_blank" rel="noreferrer">
              Open the page
            </a>
            {channels.map(({ login, name }) => (
              <Press key={login} action={() => answer(url, login)}>
                Authorize as {name}
              </Press>
            ))}
            <Press action={() => answer(url)}>Cancel</Press>
          </li>
        ))}
      </ul>
    </section>
  );
}

async function answer(url: string, login?: string): Promise<void> {
  const { location } = await call("twitch", "signIn", {
    url,
    ...(login !== undefined && { login }),
  });
  open(location, "_blank", "noopener");
}

function ChannelCard({ channel }: { channel: Channel }) {
  const { login, name, title, category, live, ended } = channel;
  const shown = useSignal<object | undefined>(undefined);
  return (
    <article class="card channel" aria-label={name}>
      <header class="row">
        <h2>{name}</h2>
        {live ? <Badge kind="bad">● LIVE</Badge> : <Badge>offline</Badge>}
        <span class="quiet">twitch.tv/{login}</span>
      </header>
      {live && (
        <p>
          Live since <When atMs={live.startedAtMs} />
        </p>
      )}
      <Form
        key={live?.id ?? "offline"}
        label={`Stream of ${name}`}
        button={live ? "Change title" : "Go live"}
        done={live ? "The title has changed." : `${name} is live.`}
        keeps
        action={({ title: newTitle = "", category: newCategory = "" }) =>
          call("twitch", live ? "change" : "goLive", {
            login,
            title: newTitle,
            category: newCategory,
          })
        }
      >
        <Field name="title" label="Title" value={title} hint="Building a 65% board" />
        <Field name="category" label="Category" value={category} required={false} />
      </Form>
      <div class="row">
        {live && (
          <Press
            action={() => call("twitch", "end", { login })}
            done="The stream has ended. Its video follows in three minutes."
          >
            End the stream
          </Press>
        )}
        <Press
          action={async () => {
            shown.value = shown.value ? undefined : await call("twitch", "helix", { login });
          }}
        >
          {shown.value ? "Hide" : "What Helix answers"}
        </Press>
      </div>
      {shown.value && <pre class="json">{JSON.stringify(shown.value, null, 2)}</pre>}
      {ended.length > 0 && <Ended ended={ended} />}
    </article>
  );
}

function Ended({ ended }: Pick<Channel, "ended">) {
  return (
    <ul class="lines" aria-label="Ended streams">
      {ended.map(({ id, title, startedAtMs, videoUrl }) => (
        <li key={id} class="row">
          <span>
            <When atMs={startedAtMs} /> {title}
          </span>
          {videoUrl ? (
            <Badge kind="good">video {videoUrl.slice(videoUrl.lastIndexOf("/") + 1)}</Badge>
          ) : (
            <Press action={() => call("twitch", "publish", { streamId: id })}>Publish video</Press>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Codes of devices that ask to sign in. */
export function Devices({ channels }: Pick<Overview, "channels">) {
  return (
    <Form
      label="Approve a device"
      button="Approve"
      done="The device is signed in."
      action={({ code = "", login = "" }) => call("twitch", "approveDevice", { code, login })}
    >
      <Field name="code" label="Code that the device shows" />
      <Choice
        name="login"
        label="Sign in as"
        options={channels.map(({ login, name }) => [login, name] as const)}
      />
    </Form>
  );
}
