resource "google_monitoring_notification_channel" "email" {
  for_each = var.alert_emails

  display_name = each.value
  type         = "email"

  labels = {
    email_address = each.value
  }

  depends_on = [google_project_service.api]
}

locals {
  # The e-mail's text; docs/operations.md has a section of the same name for each.
  alert_texts = { for name, alert in merge(local.event_alerts, local.metric_alerts, local.silence_alerts) : name => "${alert.means}\n\n${alert.do}\n\nSee docs/operations.md#${alert.section}" }

  channels = [for channel in google_monitoring_notification_channel.email : channel.id]

  # Alerts as soon as a function has logged it once.
  event_alerts = {
    auction-overdue = {
      title    = "An auction is open after its end"
      severity = "CRITICAL"
      section  = "alert-auction-overdue"
      means    = "The sweeper found an auction open more than five minutes after its end: the task that drops its hammer was lost, or fails."
      do       = "Look at hammer-drop's errors and its queue, then at the auction with ./dev ops auction. The sweeper tries to close it every 15 minutes."
    }
    dead-letter-kept = {
      title    = "A message could not be handled"
      severity = "ERROR"
      section  = "alert-dead-letter-kept"
      means    = "A function refused a message for good, or its last attempt failed. It is kept in the database, and nothing else happens to it."
      do       = "Read it with ./dev ops dead-letters list and show. Fix what it names, then replay or discard it."
    }
    ledger-unbalanced = {
      title    = "The ledger does not sum to zero"
      severity = "CRITICAL"
      section  = "alert-ledger-unbalanced"
      means    = "The postings of a currency do not sum to zero: one was changed, removed or added by hand, or a defect wrote half a transaction."
      do       = "Make no payouts. Run ./dev ops ledger check, which names the transactions that are wrong."
    }
    operators-unreached = {
      title    = "The operators' channel can't be written to"
      severity = "ERROR"
      section  = "alert-operators-unreached"
      means    = "Discord refused a notice to DISCORD_OPERATORS_CHANNEL_ID: the channel is gone, or the bot may not write there."
      do       = "Give the bot its permissions in the channel back: ./dev doctor shows what is missing. For another channel put its id into c500.env, then ./dev setup and terraform apply. Nothing was lost."
    }
    stripe-difference = {
      title    = "Stripe and our orders differ"
      severity = "ERROR"
      section  = "alert-stripe-difference"
      means    = "The sweeper compared orders with Stripe and found something that it may not repair by itself."
      do       = "Run ./dev ops reconcile, which names each difference and the order, and settle it by hand in Stripe's dashboard."
    }
  }
}

resource "google_monitoring_alert_policy" "event" {
  for_each = { for name, alert in local.event_alerts : name => alert if var.deploy_functions }

  display_name          = each.value.title
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = local.channels

  conditions {
    display_name = each.key

    condition_threshold {
      filter          = "metric.type=\"logging.googleapis.com/user/c500/${each.key}\" AND resource.type=\"cloud_run_revision\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

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
