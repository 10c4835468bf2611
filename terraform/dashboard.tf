locals {
  # Title, what is drawn, how, and by which label the lines are distinguished.
  charts = [
    { title = "Interactions: time to the answer, 99 of 100 (ms)", filter = local.metric_alerts["interaction-latency"].filter, aligner = "ALIGN_DELTA", reducer = "REDUCE_PERCENTILE_99", group = [] },
    { title = "Requests by function", filter = local.requests, aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", group = ["resource.labels.service_name"] },
    { title = "Failed requests by function", filter = local.metric_alerts["error-rate"].filter, aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", group = ["resource.labels.service_name"] },
    { title = "Logged errors by function", filter = "metric.type=\"logging.googleapis.com/user/c500/errors\" AND resource.type=\"cloud_run_revision\"", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", group = ["metric.labels.function"] },
    { title = "Webhooks taken by provider", filter = "metric.type=\"logging.googleapis.com/user/c500/webhook-accepted\" AND resource.type=\"cloud_run_revision\"", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", group = ["metric.labels.provider"] },
    { title = "Dead letters by function", filter = "metric.type=\"logging.googleapis.com/user/c500/dead-letter-kept\" AND resource.type=\"cloud_run_revision\"", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", group = ["metric.labels.from"] },
    { title = "Oldest message by subscription (s)", filter = local.metric_alerts["message-age"].filter, aligner = "ALIGN_MAX", reducer = "REDUCE_MAX", group = ["resource.labels.subscription_id"] },
    { title = "Lateness of tasks by queue, 95 of 100 (ms)", filter = local.metric_alerts["queue-lateness"].filter, aligner = "ALIGN_DELTA", reducer = "REDUCE_PERCENTILE_95", group = ["resource.labels.queue_id"] },
    { title = "Tasks by queue, those for later too", filter = local.metric_alerts["queue-depth"].filter, aligner = "ALIGN_MAX", reducer = "REDUCE_MAX", group = ["resource.labels.queue_id"] },
    { title = "Instances by function", filter = "metric.type=\"run.googleapis.com/container/instance_count\" AND ${local.run}", aligner = "ALIGN_MAX", reducer = "REDUCE_SUM", group = ["resource.labels.service_name"] },
    { title = "Cold starts by function (ms)", filter = "metric.type=\"run.googleapis.com/container/startup_latencies\" AND ${local.run}", aligner = "ALIGN_DELTA", reducer = "REDUCE_PERCENTILE_95", group = ["resource.labels.service_name"] },
    { title = "Firestore: documents written", filter = "metric.type=\"firestore.googleapis.com/document/write_ops_count\" AND resource.type=\"firestore.googleapis.com/Database\"", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", group = [] },
  ]
}

resource "google_monitoring_dashboard" "overview" {
  count = var.deploy_functions ? 1 : 0

  dashboard_json = jsonencode({
    displayName = "C500 Live"
    mosaicLayout = {
      columns = 48
      tiles = [for index, chart in local.charts : {
        xPos   = (index % 3) * 16
        yPos   = floor(index / 3) * 14
        width  = 16
        height = 14
        widget = {
          title = chart.title
          xyChart = {
            dataSets = [{
              plotType   = "LINE"
              targetAxis = "Y1"
              timeSeriesQuery = {
                timeSeriesFilter = {
                  filter = chart.filter
                  aggregation = {
                    alignmentPeriod    = "60s"
                    perSeriesAligner   = chart.aligner
                    crossSeriesReducer = chart.reducer
                    groupByFields      = chart.group
                  }
                }
              }
            }]
          }
        }
      }]
    }
  })

  depends_on = [time_sleep.metrics_known]
}
