locals {
  # ./dev build puts one of these beside each function's folder.
  archives = { for name in keys(local.deployed) : name => "${path.module}/../dist/${name}.zip" }
}

resource "google_storage_bucket" "source" {
  name                        = "${var.project_id}-c500-source"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true

  depends_on = [google_project_service.api]
}

# Functions that were deployed stay: an apply with deploy_functions=false would delete them, and the
# messages that wait for them. Terraform plans this one's end as well, and so refuses the whole plan.
resource "terraform_data" "deployed" {
  count = var.deploy_functions ? 1 : 0

  lifecycle {
    prevent_destroy = true
  }
}

# The name changes with the content: that is how a new build is noticed.
resource "google_storage_bucket_object" "source" {
  for_each = local.archives

  bucket       = google_storage_bucket.source.name
  name         = "${each.key}/${filesha256(each.value)}.zip"
  source       = each.value
  content_type = "application/zip"

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = fileexists(each.value)
      error_message = "dist/${each.key}.zip is missing. Run ./dev build first."
    }
  }
}

resource "google_cloudfunctions2_function" "function" {
  for_each = local.deployed

  name     = each.key
  location = var.region

  build_config {
    runtime         = "nodejs24"
    entry_point     = each.value.entryPoint
    service_account = google_service_account.build.id

    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.source[each.key].name
      }
    }
  }

  service_config {
    available_memory                 = "${each.value.memoryMiB}Mi"
    available_cpu                    = tostring(each.value.cpu)
    max_instance_request_concurrency = each.value.concurrency
    min_instance_count               = each.value.minInstances
    max_instance_count               = local.max_instances[each.key]
    timeout_seconds                  = each.value.timeoutSeconds
    service_account_email            = google_service_account.function[each.key].email
    all_traffic_on_latest_revision   = true

    # Pub/Sub and Cloud Scheduler come from inside. A worker's task is sent to the address that is known
    # before the function is deployed, and callers of an internal function come from wherever they run:
    # like all calls, these need a token.
    ingress_settings = contains(["topic", "schedule"], each.value.trigger.kind) ? "ALLOW_INTERNAL_ONLY" : "ALLOW_ALL"

    environment_variables = merge(
      { for name in each.value.settings : name => local.settings[name] if !contains(each.value.secrets, name) && contains(keys(local.settings), name) },
      {
        NODE_ENV = "production"
        # Filled by the build, as tools/build/fill-compile-cache.ts says.
        NODE_COMPILE_CACHE = "/workspace/compile-cache"
      },
    )

    # An optional secret without a version is not given. A version is a number: a new one reaches the
    # functions by a deployment, never by chance.
    dynamic "secret_environment_variables" {
      for_each = [for name in each.value.secrets : name if contains(keys(var.secret_versions), name)]

      content {
        key        = secret_environment_variables.value
        project_id = var.project_id
        secret     = google_secret_manager_secret.secret[secret_environment_variables.value].secret_id
        version    = var.secret_versions[secret_environment_variables.value]
      }
    }
  }

  depends_on = [
    google_project_iam_member.build,
    google_project_iam_member.build_sources,
    google_secret_manager_secret_iam_member.accessor,
  ]
}
