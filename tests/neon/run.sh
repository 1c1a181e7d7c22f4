#!/bin/sh
# The lanes' tests on emulated NEON, on any x86-64 Linux: every kernel against its slow twin, and whole epochs bit for bit.
#
# Debian: apt-get install qemu-user-static gcc-aarch64-linux-gnu libc6-dev-arm64-cross; and rustup.
set -eu
cd "$(dirname "$0")/../.."
target=aarch64-unknown-linux-gnu
for tool in qemu-aarch64-static aarch64-linux-gnu-gcc rustup; do
    command -v "$tool" > /dev/null || { echo "$0: needs $tool" >&2; exit 2; }
done
rustup target add "$target"
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64-static -L /usr/aarch64-linux-gnu"
# In a folder of its own: alone, the crate asks its dependencies for fewer features.
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target/neon} cargo test --locked --package swath-lanes --lib --target "$target"
