# Sourced by the end-to-end tests (bash). A test is an executable file in tests/e2e that prints a line for each
# check and ends with `finish`, whose last line tests/run reads. Nothing is skipped silently: `leave_out` counts.
#
#   . "$(dirname "$0")/../lib/e2e.sh"
#   start_forge                       # a private forge, stopped and removed at exit
#   check "a new repository is listed" listed hello
#   refuse "a push to a missing one" "quire new nosuch" git push ...
#   finish
set -uo pipefail

repo_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${QUIRE_BIN:-$repo_top/build/bin}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/quire-e2e.XXXXXX")
passed=0 failed=0 left_out=0
forge_up=

# What is dear to make is kept between runs, in the caller's home.
export QUIRE_TEST_CACHE=${QUIRE_TEST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/quire-test}

# Git and ssh must see the test's world, not the caller's.
real_home=${HOME:-/root}
export HOME=$scratch/home GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8 TZ=UTC
unset GIT_DIR GIT_WORK_TREE QUIRE_ROOT QUIRE_PUSHER SSH_AUTH_SOCK SSH_ORIGINAL_COMMAND
mkdir -p "$HOME"
cd "$scratch"
git config --global user.name tester
git config --global user.email tester@localhost
git config --global init.defaultBranch main
git config --global advice.detachedHead false

cleanup() {
	[ -z "$forge_up" ] || stop_forge >/dev/null 2>&1
	rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

pass() { passed=$((passed + 1)); printf '  ok    %s\n' "$1"; }
fail() { failed=$((failed + 1)); printf '  FAIL  %s\n' "$1"; [ -z "${2:-}" ] || printf '%s\n' "$2" | sed 's/^/        | /' | head -n 30; }
leave_out() { left_out=$((left_out + 1)); printf '  left out  %s: %s\n' "$1" "$2"; }

# flip FILE OFFSET: makes the byte there another one, whatever it was. A negative offset counts from the end.
flip() {
	perl -e '($file, $at) = @ARGV; open(F, "+<", $file) or die; $from = $at < 0 ? 2 : 0;
		seek(F, $at, $from); read(F, $byte, 1) or die "no such byte"; seek(F, $at, $from); print F chr(ord($byte) ^ 1)' "$1" "$2"
}

# check "what" command...: the command succeeds. Its output is shown when it does not, and kept in $output.
check() {
	local what=$1
	shift
	if output=$("$@" 2>&1); then pass "$what"; else fail "$what" "exit $?: $output"; fi
}

# refuse "what" "pattern" command...: the command fails and says what the extended pattern matches.
refuse() {
	local what=$1 pattern=$2 code=0
	shift 2
	output=$("$@" 2>&1) || code=$?
	if [ "$code" = 0 ]; then
		fail "$what" "it succeeded: $output"
	elif ! grep -Eq -- "$pattern" <<<"$output"; then
		fail "$what" "exit $code, but no /$pattern/ in: $output"
	else
		pass "$what"
	fi
}

same() { # what expected actual
	if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "expected: $2
got:      $3"; fi
}

matches() { # what pattern text
	if grep -Eq -- "$2" <<<"$3"; then pass "$1"; else fail "$1" "no /$2/ in: $3"; fi
}

# verdicts LOG: the lines that tests/web/browser.mjs prints become checks.
verdicts() {
	local verdict what why
	while IFS=$'\t' read -r verdict what why; do
		case $verdict in
		pass) pass "$what" ;;
		gap) leave_out "$what" "$why" ;;
		*) fail "$what" "${why//¶/$'\n'}" ;;
		esac
	done <"$1"
}

finish() {
	printf 'checks: %d passed, %d failed, %d left out\n' "$passed" "$failed" "$left_out"
	[ "$failed" = 0 ]
	exit
}

# Waits for a condition, at most $1 seconds; the only place where tests may sleep.
wait_until() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.05
	done
}

# A port of the ephemeral range that nobody listens on; another test may take it, so callers retry.
random_port() {
	local port
	while :; do
		port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# Brings up a forge as `make up` does. Sets QUIRE_* as up.env has them, and git's ssh command.
start_forge() {
	local try
	for try in 1 2 3; do
		if output=$(ROOT=$scratch/root SSH_PORT=$(random_port) HTTP_PORT=$(random_port) QUIRE_BIN=$bin \
			"$repo_top/host-configs/local/up" 2>&1); then
			forge_up=yes
			break
		fi
		ROOT=$scratch/root "$repo_top/host-configs/local/down" >/dev/null 2>&1
	done
	[ -n "$forge_up" ] || { fail "the forge comes up" "$output"; finish; }
	. "$scratch/root/up.env"
	export QUIRE_ROOT QUIRE_SSH_URL QUIRE_SSH_KEY QUIRE_HTTP_URL
	export GIT_SSH_COMMAND="ssh -F $scratch/root/up/ssh/client"
}

stop_forge() {
	ROOT=$scratch/root "$repo_top/host-configs/local/down"
	forge_up=
}

# Runs a command line on the forge, as a person with ssh would.
on_forge() { ssh -F "$scratch/root/up/ssh/client" forge "$@"; }
quire() { "$bin/quire" "$@"; }

# A clone-less work tree in $scratch/$1 with one commit and a pipeline, whose origin is repository $2.
make_work() {
	local directory=$scratch/$1
	git init -q "$directory"
	mkdir -p "$directory/.quire"
	cp "$repo_top/host-configs/local/hello/.quire/ci.fnl" "$directory/.quire/ci.fnl"
	echo "$1" >"$directory/file"
	git -C "$directory" add -A
	git -C "$directory" commit -q -m "first commit of $1"
	git -C "$directory" remote add origin "$QUIRE_SSH_URL/$2"
}

# commit_to WORK [message]: one more commit.
commit_to() {
	echo "$RANDOM$RANDOM" >>"$scratch/$1/file"
	git -C "$scratch/$1" commit -q -a -m "${2:-more}"
}

# The runs of a repository, as numbers.
# Pushes are recorded and queued, and stay so: for tests that look at the queue.
hold_runs() { "$bin/quire" --root "$QUIRE_ROOT" config set max-concurrent-runs 0; }
run_numbers() { ls "$QUIRE_ROOT/runs/$1.git" 2>/dev/null | grep -E '^[0-9]+$' | sort -n; }
