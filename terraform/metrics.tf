locals {
  function_logs = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=(${join(" OR ", [for name in sort(keys(local.functions)) : "\"${name}\""])})"

  # Counted lines: each is logged with its name in the field `event`, and may carry one more field.
  logged_events = {
    address-read        = { description = "Postal addresses that builders looked at.", label = null }
    auction-overdue     = { description = "Auctions that the sweeper found open well after their end.", label = null }
    bids-lost           = { description = "Times that Redis lost bids it had accepted.", label = null }
    dead-letter-kept    = { description = "Messages that were kept because they could not be handled.", label = "from" }
    ledger-checked      = { description = "Times the ledger's sums were checked, right or wrong.", label = null }
    ledger-unbalanced   = { description = "Currencies in which the ledger's postings did not sum to zero.", label = "currency" }
    operators-unreached = { description = "Notices that could not be posted in the operators' channel.", label = null }
    stripe-difference   = { description = "Differences between Stripe and our orders that need a person.", label = null }
    webhook-accepted    = { description = "Webhooks that were signed and accepted.", label = "provider" }
  }
}

# Metrics and alerts are created with the functions: before that, there is nothing to count.
resource "google_logging_metric" "event" {
  for_each = { for name, event in local.logged_events : name => event if var.deploy_functions }

  name        = "c500/${each.key}"
  description = each.value.description
  filter      = "${local.function_logs} AND jsonPayload.event=\"${each.key}\""

  label_extractors = each.value.label == null ? {} : { (each.value.label) = "EXTRACT(jsonPayload.${each.value.label})" }

  metric_descriptor {
    metric_kind  = "DELTA"
    value_type   = "INT64"
    unit         = "1"
    display_name = each.key

    dynamic "labels" {
      for_each = each.value.label == null ? [] : [each.value.label]

      content {
        key        = labels.value
        value_type = "STRING"
      }
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_logging_metric" "errors" {
  count = var.deploy_functions ? 1 : 0

  name        = "c500/errors"
  description = "Lines that functions logged as errors, and their crashes."
  filter      = "${local.function_logs} AND severity>=ERROR"

  label_extractors = { function = "EXTRACT(resource.labels.service_name)" }

  metric_descriptor {
    metric_kind  = "DELTA"
    value_type   = "INT64"
    unit         = "1"
    display_name = "errors"

    labels {
      key        = "function"
      value_type = "STRING"
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_logging_metric" "schedule_failed" {
  count = var.deploy_functions ? 1 : 0

  name        = "c500/schedule-failed"
  description = "Runs that Cloud Scheduler could not start or that were answered with an error."
  filter      = "resource.type=\"cloud_scheduler_job\" AND severity>=ERROR AND resource.labels.job_id=(${join(" OR ", [for name, row in local.functions : "\"${name}\"" if row.trigger.kind == "schedule"])})"

  metric_descriptor {
    metric_kind  = "DELTA"
    value_type   = "INT64"
    unit         = "1"
    display_name = "schedule-failed"
  }

  depends_on = [google_project_service.api]
}

# Cloud Monitoring knows a new metric after up to ten minutes, and refuses an alert on one that it does not
# know. The functions are built meanwhile.
resource "time_sleep" "metrics_known" {
  count = var.deploy_functions ? 1 : 0

  create_duration = "600s"

  triggers = {
    metrics = join(",", concat([for metric in google_logging_metric.event : metric.id], google_logging_metric.errors[*].id, google_logging_metric.schedule_failed[*].id))
  }
}
