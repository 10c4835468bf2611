# Write-only arguments, which keep a secret out of the state, came with Terraform 1.11.
terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
    upstash = {
      source  = "upstash/upstash"
      version = "~> 2.0"
    }
  }

  # Bucket and prefix come from the command line: see README.md.
  backend "gcs" {}
}

provider "google" {
  project = var.project_id
  region  = var.region

  # The budget's API wants to know which project a person's own calls count for.
  user_project_override = true
  billing_project       = var.project_id
}

# Reads UPSTASH_EMAIL and UPSTASH_API_KEY from the environment.
provider "upstash" {}

data "google_project" "this" {
  project_id = var.project_id

  depends_on = [google_project_service.api]
}
