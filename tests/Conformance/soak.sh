#!/usr/bin/env bash
# Three shells with random operations for three minutes, and what a monitor keeps after ten thousand commands.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec pwsh -NoProfile -NonInteractive -File bench/soak.ps1 -Seconds "${SOAK_SECONDS:-180}" -Seed "${SOAK_SEED:-1}" -Execs 10000
