# Sourced after e2e.sh: a quire-serve of one's own on $root, and curl against it.
root=$scratch/root
site=
server=

# start_server [option...]: also listens on a free port of loopback; sets $site, the headers $secret of a proxy, and $me of
# a proxy that has logged somebody in. QUIRE_SERVE may name another program, as one with a sanitizer.
start_server() {
	SECRET=$(cat "$root/proxy-secret") || { fail "quire init has made a secret"; finish; }
	export SECRET
	secret=(-H "Quire-Proxy-Secret: $SECRET")
	me=("${secret[@]}" -H 'Remote-User: me')
	: >"$scratch/serve.log"
	"${QUIRE_SERVE:-$bin/quire-serve}" --root "$root" --port 0 "$@" 2>>"$scratch/serve.log" &
	server=$!
	wait_until "${patience:-60}" grep -q 'listening on' "$scratch/serve.log" || { fail "quire-serve starts" "$(cat "$scratch/serve.log")"; finish; }
	site=http://$(sed -n 's/.*listening on \(127[^ ]*\).*/\1/p' "$scratch/serve.log" | head -n 1)
}
stop_server() { [ -z "$server" ] || { kill "$server"; wait "$server"; } 2>/dev/null; server=; }
trap 'stop_server; cleanup' EXIT

# Whether the server has a sanitizer, whose own memory is beyond what a test can limit or judge.
is_sanitized() { grep -qE '__(asan|msan|tsan|ubsan)_' "${QUIRE_SERVE:-$bin/quire-serve}"; }

# get PATH [curl option...]: the body goes to $scratch/body, the headers to $scratch/head; prints the status.
get() {
	local path=$1
	shift
	curl -s --path-as-is -m 20 -o "$scratch/body" -D "$scratch/head" -w '%{http_code}' "$@" "$site$path"
}

# What a reader can tell apart: status, headers but for the date, body.
seen() {
	get "$@" >/dev/null
	grep -vi '^date:' "$scratch/head"
	cat "$scratch/body"
}

# new_repository NAME: made by quire, with one commit that has a pipeline, pushed through quire's hooks.
new_repository() {
	local work=$scratch/work/${1//\//-}
	quire --root "$root" new "$1" >/dev/null || { fail "quire new $1"; return; }
	git init -q "$work"
	mkdir -p "$work/.quire" "$work/dir"
	echo '(local ci (require :quire.ci)) (ci.job :hello [:quire/push] (fn [] nil))' >"$work/.quire/ci.fnl"
	echo "content of $1" >"$work/dir/file"
	echo "# readme of $1" >"$work/README.md"
	git -C "$work" add -A
	git -C "$work" commit -q -m "first commit of $1"
	git -C "$work" push -q "$root/repos/$1.git" HEAD:refs/heads/main 2>"$scratch/push.log" ||
		fail "push to $1" "$(cat "$scratch/push.log")"
}
configure() { # NAME FNL
	mkdir -p "$root/repos/$1.git/quire"
	printf '%s\n' "$2" >"$root/repos/$1.git/quire/config.fnl"
}
