locals {
  # Alerts when something that happens all the time no longer does. Cloud Monitoring notices only
  # the absence of what was there before, and waits 23.5 hours at most.
  silence_alerts = merge(
    {
      for provider, hours in var.webhook_silence_hours : "webhook-silence-${provider}" => {
        title    = "No webhook of ${provider} came"
        severity = "WARNING"
        section  = "alert-webhook-silence"
        means    = "For ${hours} hours no webhook of ${provider} was accepted, though there were some before. On a quiet day that is normal; otherwise they are not sent here, or are refused."
        do       = "Run ./dev doctor, then look at the failed deliveries at ${provider}."
        filter   = "metric.type=\"logging.googleapis.com/user/c500/webhook-accepted\" AND resource.type=\"cloud_run_revision\" AND metric.labels.provider=\"${provider}\""
        hours    = hours
      }
    },
    {
      ledger-check-silence = {
        title    = "The ledger was not checked"
        severity = "ERROR"
        section  = "alert-ledger-check-silence"
        means    = "The sweeper checks the ledger's sums four times a day, and has not finished a check for 14 hours."
        do       = "Read the errors of the sweeper's part ledger. ./dev ops ledger check does the whole check now."
        filter   = "metric.type=\"logging.googleapis.com/user/c500/ledger-checked\" AND resource.type=\"cloud_run_revision\""
        hours    = 14
      }
      sweeper-silence = {
        title    = "The sweeper does not run"
        severity = "ERROR"
        section  = "alert-sweeper-silence"
        means    = "The sweeper has had no successful run for an hour. It should have one every 15 minutes."
        do       = "See in the console whether the Cloud Scheduler job sweeper is paused or may not call the function, then read the sweeper's errors."
        filter   = "metric.type=\"run.googleapis.com/request_count\" AND resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"sweeper\" AND metric.labels.response_code_class=\"2xx\""
        hours    = 1
      }
    },
  )
}

resource "google_monitoring_alert_policy" "silence" {
  for_each = { for name, alert in local.silence_alerts : name => alert if var.deploy_functions }

  display_name          = each.value.title
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = local.channels

  conditions {
    display_name = each.key

    condition_absent {
      filter   = each.value.filter
      duration = "${each.value.hours * 3600}s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_SUM"
        cross_series_reducer = "REDUCE_SUM"
      }

      trigger {
        count = 1
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    mime_type = "text/markdown"
    content   = local.alert_texts[each.key]
  }

  depends_on = [google_cloudfunctions2_function.function, time_sleep.metrics_known]
}
