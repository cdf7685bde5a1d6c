#!/bin/sh
# Builds counter.wasm. Wants clang, lld and wasi-libc (Debian: apt-get install clang lld wasi-libc libclang-rt-dev-wasm32).
set -eu
cd "$(dirname "$0")"
clang --target=wasm32-wasi -O2 -mexec-model=reactor \
  -Wl,--export=crc32,--export=counter_new,--export=counter_add,--export=counter_free \
  -Wl,--export=malloc,--export=free,--strip-debug counter.c -o counter.wasm
