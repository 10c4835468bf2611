locals {
  site_host = try(regex("^https?://([^/:]+)", local.site)[0], "the-site-is-not-set")
}

resource "google_monitoring_uptime_check_config" "site" {
  count = var.deploy_functions ? 1 : 0

  display_name     = "C500 site"
  period           = "300s"
  timeout          = "10s"
  selected_regions = ["USA", "EUROPE", "ASIA_PACIFIC"]

  http_check {
    path         = "/"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  monitored_resource {
    type = "uptime_url"

    labels = {
      project_id = var.project_id
      host       = local.site_host
    }
  }

  depends_on = [google_project_service.api]
}
