#!/usr/bin/env bash
# host-configs/caddy/Caddyfile under a real Caddy: what reaches quire-serve is a
# Remote-User that Caddy vouches for, or none, whatever the client sends.
. "$(dirname "$0")/../lib/e2e.sh"
for program in caddy node curl; do
	command -v $program >/dev/null || { echo "$program is not installed"; exit 77; }
done

tmp=$scratch
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait; cleanup' EXIT

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
wait_until 20 test -s "$tmp/port"

export XDG_DATA_HOME=$tmp XDG_CONFIG_HOME=$tmp QUIRE_UPSTREAM=127.0.0.1:$(cat "$tmp/port")
export QUIRE_USER=alice QUIRE_PROXY_SECRET=hush
QUIRE_PASSWORD=$(caddy hash-password --plaintext "right")
export QUIRE_PASSWORD
{ printf '{\n\tadmin off\n}\n'; cat "$repo_top/host-configs/caddy/Caddyfile"; } >"$tmp/Caddyfile"
start_caddy() {
	for _ in 1 2 3; do
		export QUIRE_SITE=http://127.0.0.1:$(random_port)
		caddy run --adapter caddyfile --config "$tmp/Caddyfile" 2>"$tmp/caddy.log" &
		pids+=($!)
		wait_until 20 curl -s "$QUIRE_SITE" && return
	done
	fail "caddy starts" "$(tail -n 3 "$tmp/caddy.log")"
	finish
}
start_caddy
get() { curl -s "$@"; }

same "nobody" "quire-proxy-secret=hush" "$(get "$QUIRE_SITE/foo")"
for name in Remote-User remote-user REMOTE-USER; do
	same "nobody who says $name" "quire-proxy-secret=hush" "$(get -H "$name: mallory" "$QUIRE_SITE/foo")"
done
same "nobody who says it twice" "quire-proxy-secret=hush" \
	"$(get -H "Remote-User: mallory" -H "remote-user: eve" "$QUIRE_SITE/foo")"
same "nobody who asks for the header to be dropped on the way" "quire-proxy-secret=hush" \
	"$(get -H "Connection: Quire-Proxy-Secret" -H "Remote-User: mallory" "$QUIRE_SITE/foo")"
same "nobody with a secret" "quire-proxy-secret=hush" "$(get -H "Quire-Proxy-Secret: guess" "$QUIRE_SITE/foo")"
same "somebody" "quire-proxy-secret=hush remote-user=alice" "$(get -u alice:right "$QUIRE_SITE/foo")"
same "somebody who is another" "quire-proxy-secret=hush remote-user=alice" \
	"$(get -u alice:right -H "Remote-User: mallory" -H "Remote-User: eve" "$QUIRE_SITE/foo")"
status() { get -o /dev/null -w '%{http_code}' "$@"; }
same "a wrong password" 401 "$(status -u alice:wrong "$QUIRE_SITE/foo")"
same "a wrong name" 401 "$(status -u mallory:right -H "Remote-User: alice" "$QUIRE_SITE/foo")"
same "another scheme" 401 "$(status -H "Authorization: Bearer x" -H "Remote-User: alice" "$QUIRE_SITE/foo")"
said=$(get -H "Authorization;" -H "Remote-User: alice" "$QUIRE_SITE/foo")
same "an empty scheme" "" "$(sed -n "s/.*remote-user/remote-user/p" <<<"$said")"
same "the login of nobody" 401 "$(status "$QUIRE_SITE/login")"
same "the login" 303 "$(status -u alice:right "$QUIRE_SITE/login")"
finish
