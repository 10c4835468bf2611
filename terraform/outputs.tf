locals {
  site = trimsuffix(lookup(var.settings, "PUBLIC_SITE_URL", "https://the-site-is-not-set"), "/")

  # The paths are those of firebase.json's rewrites.
  webhook_paths = {
    discord-interactions = { discord = "/interactions" }
    stripe-webhook       = { stripe = "/webhooks/stripe" }
    twitch-webhook       = { twitch = "/webhooks/twitch" }
    shop-webhook         = { for name in local.manifest.providers : name => "/webhooks/${name}" }
  }

  # Past the site's domain; shop-webhook knows its shops by the end of the path.
  direct_urls = { for name, function in google_cloudfunctions2_function.function : name => function.service_config[0].uri }
}

output "discord_interactions_url" {
  description = "Discord developer portal, General Information, Interactions Endpoint URL. ./dev setup sets it."
  value       = "${local.site}${local.webhook_paths.discord-interactions.discord}"
}

output "stripe_webhook_url" {
  description = "Stripe dashboard, Webhooks: the endpoint for the account and the one for connected accounts. ./dev setup makes both."
  value       = "${local.site}${local.webhook_paths.stripe-webhook.stripe}"
}

output "twitch_webhook_url" {
  description = "The callback of Twitch's EventSub subscriptions. ./dev setup makes them."
  value       = "${local.site}${local.webhook_paths.twitch-webhook.twitch}"
}

output "shop_webhook_urls" {
  description = "The address of each provider's webhooks; docs/reference/providers.md says where it is entered. By hand."
  value       = { for name, path in local.webhook_paths.shop-webhook : name => "${local.site}${path}" }
}

output "direct_urls" {
  description = "The same functions at Google's own addresses, should the site's domain not be ready. Shops add their names, such as /kofi. Empty until the functions are deployed."
  value       = { for name in keys(local.public_functions) : name => local.direct_urls[name] }
}

output "internal_api_url" {
  description = "Where the community's other services call internal-api, with a token made out to this address. Null until the functions are deployed."
  value       = lookup(local.direct_urls, "internal-api", null)
}

output "secret_ids" {
  description = "The secrets in Secret Manager that ./dev setup writes versions of."
  value       = setsubtract(local.secrets, local.made_here)
}

output "last_resort_subscription" {
  description = "The subscription with messages that could not even be kept as dead letters: gcloud pubsub subscriptions pull shows them."
  value       = google_pubsub_subscription.last_resort.id
}

output "dashboard_url" {
  description = "The dashboard in Google Cloud. Null until the functions are deployed."
  value       = one([for dashboard in google_monitoring_dashboard.overview : "https://console.cloud.google.com/monitoring/dashboards/builder/${reverse(split("/", dashboard.id))[0]}?project=${var.project_id}"])
}
