# Cloud Run logs the URL of each request, and some paths are secrets: links to orders and Live Pots, and what Discord,
# Twitch and Stripe add to the addresses that people come back to. Metrics count these requests all the same.
resource "google_logging_project_exclusion" "secret_paths" {
  name        = "secret-paths"
  description = "Requests whose URL holds a key, a code or a session's id."
  filter      = join(" AND ", [
    "resource.type=\"cloud_run_revision\"",
    "log_id(\"run.googleapis.com/requests\")",
    "httpRequest.requestUrl=~\"^https?://[^/]+(/web|/twitch-sign-in)?/(order|pot|overlay/pot|desk/team|success|discord/callback|twitch/callback)([/?]|$)\"",
  ])

  depends_on = [google_project_service.api]
}
