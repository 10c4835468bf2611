terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.45"
    }
    # Only for the account that Pub/Sub acts as: no other provider creates it.
    google-beta = {
      source  = "hashicorp/google-beta"
      version = "~> 7.45"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
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

provider "google-beta" {
  project = var.project_id
  region  = var.region

  user_project_override = true
  billing_project       = var.project_id
}

data "google_project" "this" {
  project_id = var.project_id

  depends_on = [google_project_service.api]
}
