#!/usr/bin/env bash
# host-configs/caddy/Caddyfile under a real Caddy: what reaches quire-serve is a
# Remote-User that Caddy vouches for, or none, whatever the client sends.
set -euo pipefail
source_root=$(cd "$(dirname "$0")/../.." && pwd)
for program in caddy node curl; do
	command -v $program >/dev/null || { echo "$program is not installed"; exit 77; }
done

tmp=$(mktemp -d)
pids=()
cleanup() { [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || :; wait; rm -rf "$tmp"; }
trap cleanup EXIT
checks=0
expect() { # what, wanted, got
	[ "$2" = "$3" ] || { printf 'FAILED: %s: wanted "%s", got "%s"\n' "$@"; exit 1; }
	checks=$((checks + 1))
}
wait_for() {
	for _ in $(seq 400); do ! "$@" >/dev/null 2>&1 || return 0; sleep 0.05; done
	echo "FAILED: waited for: $*"; cat "$tmp/caddy.log"; exit 1
}

# What stands for quire-serve says which headers came in, names lower-cased as HTTP has it.
cat >"$tmp/serve.js" <<'TEXT'
const server = require("http").createServer((request, response) => {
  const seen = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2)
    if (/remote|secret/i.test(request.rawHeaders[at]))
      seen.push(request.rawHeaders[at].toLowerCase() + "=" + request.rawHeaders[at + 1]);
  response.end(seen.sort().join(" ") + "\n");
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
TEXT
node "$tmp/serve.js" >"$tmp/port" &
pids+=($!)
wait_for test -s "$tmp/port"

# Caddy takes no port 0: a free one, or the next.
export XDG_DATA_HOME=$tmp XDG_CONFIG_HOME=$tmp QUIRE_UPSTREAM=127.0.0.1:$(cat "$tmp/port")
export QUIRE_USER=alice QUIRE_PROXY_SECRET=hush
QUIRE_PASSWORD=$(caddy hash-password --plaintext "right")
export QUIRE_PASSWORD
{ printf '{\n\tadmin off\n}\n'; cat "$source_root/host-configs/caddy/Caddyfile"; } >"$tmp/Caddyfile"
for port in $(shuf -i 20000-32000 -n 20); do
	(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue
	export QUIRE_SITE=http://127.0.0.1:$port
	break
done
caddy run --adapter caddyfile --config "$tmp/Caddyfile" 2>"$tmp/caddy.log" &
pids+=($!)
wait_for curl -s "$QUIRE_SITE"
get() { curl -s "$@"; }

expect "nobody" "quire-proxy-secret=hush" "$(get "$QUIRE_SITE/foo")"
for name in Remote-User remote-user REMOTE-USER; do
	expect "nobody who says $name" "quire-proxy-secret=hush" "$(get -H "$name: mallory" "$QUIRE_SITE/foo")"
done
expect "nobody who says it twice" "quire-proxy-secret=hush" \
	"$(get -H "Remote-User: mallory" -H "remote-user: eve" "$QUIRE_SITE/foo")"
expect "nobody who asks for the header to be dropped on the way" "quire-proxy-secret=hush" \
	"$(get -H "Connection: Quire-Proxy-Secret" -H "Remote-User: mallory" "$QUIRE_SITE/foo")"
expect "nobody with a secret" "quire-proxy-secret=hush" "$(get -H "Quire-Proxy-Secret: guess" "$QUIRE_SITE/foo")"
expect "somebody" "quire-proxy-secret=hush remote-user=alice" "$(get -u alice:right "$QUIRE_SITE/foo")"
expect "somebody who is another" "quire-proxy-secret=hush remote-user=alice" \
	"$(get -u alice:right -H "Remote-User: mallory" -H "Remote-User: eve" "$QUIRE_SITE/foo")"
status() { get -o /dev/null -w '%{http_code}' "$@"; }
expect "a wrong password" 401 "$(status -u alice:wrong "$QUIRE_SITE/foo")"
expect "a wrong name" 401 "$(status -u mallory:right -H "Remote-User: alice" "$QUIRE_SITE/foo")"
expect "another scheme" 401 "$(status -H "Authorization: Bearer x" -H "Remote-User: alice" "$QUIRE_SITE/foo")"
said=$(get -H "Authorization;" -H "Remote-User: alice" "$QUIRE_SITE/foo")
expect "an empty scheme" "" "$(sed -n "s/.*remote-user/remote-user/p" <<<"$said")"
expect "the login of nobody" 401 "$(status "$QUIRE_SITE/login")"
expect "the login" 303 "$(status -u alice:right "$QUIRE_SITE/login")"
echo "$checks checks"
