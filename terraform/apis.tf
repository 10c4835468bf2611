# ./dev install enables the same ones: most must work before the first apply.
locals {
  apis = jsondecode(file("${path.module}/apis.json"))
}

resource "google_project_service" "api" {
  for_each = toset(local.apis)

  service            = "${each.value}.googleapis.com"
  disable_on_destroy = false
}
