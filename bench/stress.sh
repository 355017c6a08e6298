#!/bin/sh
# `stress` beside autocannon, wrk and hey, against a receiver that costs almost nothing: nginx, one worker, return 204.
# The receiver is pinned to the first core and the sender to the second. Needs Debian's nginx-light, wrk and hey;
# autocannon comes from npm into a folder of its own. Build first: npm run build.
#
#   bench/stress.sh [seconds of a run, 10] [rounds, 3]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for tool in nginx wrk hey taskset; do
  command -v "$tool" >/dev/null 2>&1 || PATH="$PATH:/usr/sbin" command -v "$tool" >/dev/null 2>&1 || {
    echo "$tool is missing: apt-get install nginx-light wrk hey util-linux" >&2
    exit 2
  }
done
PATH="$PATH:/usr/sbin"
folder=$(mktemp -d)
trap 'kill "$nginx" 2>/dev/null || true; rm -rf "$folder"' EXIT INT TERM
nginx=
port=18099
cat >"$folder/nginx.conf" <<CONF
worker_processes 1;
daemon off;
pid $folder/nginx.pid;
error_log $folder/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path $folder;
  server { listen 127.0.0.1:$port; location / { return 204; } }
}
CONF
npm install --silent --no-audit --no-fund --prefix "$folder" autocannon@8 >/dev/null
taskset -c 0 nginx -c "$folder/nginx.conf" &
nginx=$!
sleep 1
node "$here/stress.mjs" "http://127.0.0.1:$port/" "$folder" "${1:-10}" "${2:-3}"
