import type { Stage } from "./cast.ts";

/** Subscribes to the beginning and end of Mina's streams through Helix, as setup does. */
export async function subscribeToStreams({ cloud }: Stage): Promise<void> {
  const { settings } = cloud;
  const clientId = settings.TWITCH_CLIENT_ID ?? "";
  const form = {
    client_id: clientId,
    client_secret: settings.TWITCH_CLIENT_SECRET ?? "",
    grant_type: "client_credentials",
  };
  const answer = await fetch(`${settings.TWITCH_AUTH_BASE_URL}/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  for (const type of ["stream.online", "stream.offline"]) {
    await fetch(`${settings.TWITCH_API_BASE_URL}/eventsub/subscriptions`, {
      method: "POST",
      headers: {
        "client-id": clientId,
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        type,
        version: "1",
        condition: { broadcaster_user_id: "9001" },
        transport: {
          method: "webhook",
          callback: `${cloud.functions.url}/twitch-webhook`,
          secret: settings.TWITCH_EVENTSUB_SECRET,
        },
      }),
    });
  }
}
