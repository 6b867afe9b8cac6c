#!/usr/bin/env bash
# The files of host-configs/sshd/, under a real sshd: with nothing changed in them
# but the user's name, where the keys are, and what the ForceCommand starts.
set -euo pipefail
source_root=$(cd "$(dirname "$0")/../.." && pwd)
sshd=$(command -v sshd || echo /usr/sbin/sshd)
[ -x "$sshd" ] || { echo "sshd is not installed"; exit 77; }

tmp=$(mktemp -d)
cleanup() {
	[ -z "${sshd_pid:-}" ] || kill "$sshd_pid" 2>/dev/null || :
	[ -z "${SSH_AGENT_PID:-}" ] || kill "$SSH_AGENT_PID" 2>/dev/null || :
	rm -rf "$tmp"
}
trap cleanup EXIT
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd

checks=0
ok() { checks=$((checks + 1)); }
bad() { printf 'FAILED: %s\n' "$*" >&2; [ ! -s "$tmp/err" ] || sed 's/^/  stderr: /' "$tmp/err" >&2; exit 1; }
expect() { # what, wanted, got
	[ "$2" = "$3" ] && ok || bad "$1: wanted '$2', got '$3'"
}
expect_text() { # what, pattern, text
	[[ $3 == *$2* ]] && ok || bad "$1: no '$2' in: $3"
}

# ---- what the forced command starts: it says how it was started
cat >"$tmp/program" <<'TEXT'
#!/bin/sh
for word; do printf 'word <%s>\n' "$word"; done
env | sort | sed 's/^/env /'
[ ! -t 0 ] && [ ! -t 1 ] || echo terminal
[ -z "${SSH_USER_AUTH:-}" ] || sed 's/^/auth /' "$SSH_USER_AUTH"
case "$SSH_ORIGINAL_COMMAND" in
count) echo "bytes $(wc -c)" ;;
exit*) exit 41 ;;
esac
TEXT
chmod +x "$tmp/program"

ssh-keygen -q -t ed25519 -N '' -C host -f "$tmp/host_key"
ssh-keygen -q -t ed25519 -N '' -C alice -f "$tmp/key"
ssh-keygen -q -t ed25519 -N '' -C mallory -f "$tmp/strange"
# What the line itself says must not get past the ForceCommand.
printf 'command="echo escaped",environment="SMUGGLED=1",pty %s\n' "$(cat "$tmp/key.pub")" >"$tmp/keys"
printf '* %s\n' "$(cat "$tmp/host_key.pub")" >"$tmp/known_hosts"
user=$(id -un)

# A main file that is as generous as an operator's could be, and includes ours.
# The port is free, or sshd says it is not and the next one is tried.
start_sshd() { # conf, sed program for what its command starts
	sed -e "s|^Match User git\$|Match User $user|" -e "s|AuthorizedKeysFile .*|AuthorizedKeysFile $tmp/keys|" \
		-e "$2" "$1" >"$tmp/quire.conf"
	local port
	for port in $(shuf -i 20000-32000 -n 20); do
		cat >"$tmp/sshd_config" <<-TEXT
			Include $tmp/quire.conf
			Port $port
			ListenAddress 127.0.0.1
			HostKey $tmp/host_key
			PidFile none
			StrictModes no
			PermitUserEnvironment no
			AllowTcpForwarding yes
			AllowAgentForwarding yes
			X11Forwarding yes
			PermitTTY yes
			AcceptEnv LANG LC_* OTHER
			Subsystem sftp internal-sftp
		TEXT
		"$sshd" -t -f "$tmp/sshd_config" || bad "sshd does not take the file"
		"$sshd" -D -e -f "$tmp/sshd_config" 2>"$tmp/sshd.log" &
		sshd_pid=$!
		ssh_port=$port
		for _ in $(seq 200); do
			! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || grep -q "listening on" "$tmp/sshd.log" && return
			kill -0 "$sshd_pid" 2>/dev/null || break
			sleep 0.05
		done
		kill "$sshd_pid" 2>/dev/null || :
		wait "$sshd_pid" 2>/dev/null || :
	done
	bad "sshd does not start: $(cat "$tmp/sshd.log")"
}
stop_sshd() { kill "$sshd_pid"; wait "$sshd_pid" 2>/dev/null || :; sshd_pid=; }

client() { # options and command; stderr goes to $tmp/err
	timeout 20 ssh -F none -p "$ssh_port" -i "${key:-$tmp/key}" -o IdentitiesOnly=yes -o BatchMode=yes \
		-o UserKnownHostsFile="$tmp/known_hosts" -o GlobalKnownHostsFile=/dev/null -o LogLevel=INFO \
		"$@" 2>"$tmp/err"
}
here=$user@127.0.0.1

check_restrictions() {
	# the command, word for word, and its exit code and its stdin
	local line="git-upload-pack 'a b' \$(touch $tmp/pwned) \`id\`; echo \"x\" > $tmp/pwned"
	said=$(client "$here" "$line")
	expect_text "the original command" "env SSH_ORIGINAL_COMMAND=$line"$'\n' "$said"
	[ ! -e "$tmp/pwned" ] && ok || bad "a shell saw the client's command"
	[[ $said != *escaped* ]] && ok || bad "authorized_keys got past the ForceCommand"
	[[ $said != *SMUGGLED* ]] && ok || bad "authorized_keys brought a variable in"
	code=0; client "$here" "exit 41" >/dev/null || code=$?
	expect "the exit code" 41 "$code"
	expect_text "a binary stdin" "bytes 1000000" "$(head -c 1000000 /dev/urandom | client "$here" count)"

	# no command, and a subsystem, start the same program
	expect_text "no command" "env SHELL=" "$(client "$here" </dev/null)"
	expect_text "sftp" "env SSH_ORIGINAL_COMMAND=internal-sftp" "$(client -s "$here" sftp </dev/null)"

	# variables
	said=$(GIT_PROTOCOL=version=2 LC_ALL=C OTHER=1 client -o SendEnv="GIT_PROTOCOL LC_ALL OTHER" "$here" x)
	expect_text "git's protocol version" "env GIT_PROTOCOL=version=2" "$said"
	[[ $said != *LC_ALL=* && $said != *OTHER=* ]] && ok || bad "other variables come in: $said"

	# no terminal
	code=0; said=$(client -tt "$here" x) || code=$?
	[[ $said != *terminal* ]] && ok || bad "the client got a terminal"
	expect_text "a refused terminal" "PTY allocation request failed" "$(cat "$tmp/err")"

	# no forwarding: to a port that answers, from one, of a socket, of an agent
	code=0; client -W "127.0.0.1:$ssh_port" "$here" </dev/null >"$tmp/out" || code=$?
	[ "$code" != 0 ] && [ ! -s "$tmp/out" ] && ok || bad "a port can be reached through it"
	expect_text "a refused forwarding" "administratively prohibited" "$(cat "$tmp/err")"
	for what in "-R 0:127.0.0.1:$ssh_port" "-R $tmp/sock:127.0.0.1:$ssh_port"; do
		code=0; client -o ExitOnForwardFailure=yes $what "$here" x >/dev/null || code=$?
		expect "the exit code of ssh $what" 255 "$code"
		expect_text "ssh $what" "remote port forwarding failed" "$(cat "$tmp/err")"
	done
	[ ! -e "$tmp/sock" ] && ok || bad "a socket was forwarded"
	[[ $(client -A "$here" x) != *SSH_AUTH_SOCK* ]] && ok || bad "the agent was forwarded"
	said=$("$sshd" -T -f "$tmp/sshd_config" -C "user=$user,host=x,addr=127.0.0.1")
	for line in "permittunnel no" "x11forwarding no" "permituserrc no" "disableforwarding yes" "permittty no" \
		"allowtcpforwarding no" "allowstreamlocalforwarding no" "allowagentforwarding no" "authenticationmethods publickey"; do
		grep -qx "$line" <<<"$said" && ok || bad "not in force: $line"
	done

	# nobody else comes in, and nobody else is restricted
	code=0; key=$tmp/strange client "$here" x >/dev/null || code=$?
	expect "the exit code of a strange key" 255 "$code"
	expect_text "a strange key" "Permission denied (publickey)" "$(cat "$tmp/err")"
	code=0; client -o PreferredAuthentications=password,keyboard-interactive "$here" x >/dev/null || code=$?
	expect "the exit code without a key" 255 "$code"
	said=$("$sshd" -T -f "$tmp/sshd_config" -C "user=somebody-else,host=x,addr=127.0.0.1")
	for line in "permittty yes" "allowtcpforwarding yes" "forcecommand none"; do
		grep -qx "$line" <<<"$said" && ok || bad "somebody else is restricted: not $line"
	done
}

eval "$(ssh-agent)" >/dev/null

start_sshd "$source_root/host-configs/sshd/quire.conf" "s|/usr/local/bin/quire-exec|$tmp/program|"
check_restrictions
said=$(client "$here" x)
expect_text "options of quire-exec" $'word <--root>\nword </var/quire>\nenv' "$said"
expect_text "the key" "auth publickey $(cut -d' ' -f1,2 "$tmp/key.pub")" "$said"
stop_sshd

# The engine is played by the program: its words are what an engine would be given.
start_sshd "$source_root/host-configs/sshd/quire-container.conf" "s|exec docker exec|exec $tmp/program exec|"
check_restrictions
words() { client "$here" -- "$@" </dev/null | sed -n 's/^word //p' | tr '\n' ' '; }
engine="<exec> <-i> <-u> <quire> <-e> <GIT_PROTOCOL> <-e> <SSH_CONNECTION> <quire> <quire-exec>"
expect "no command" "$engine <> " "$(words)"
expect "a command" "$engine <git-upload-pack '/a b'> " "$(words "git-upload-pack '/a b'")"
expect "a hostile command" "$engine <\"; id; \$(id) \`id\` * \\> " "$(words '"; id; $(id) `id` * \')"
expect "an option" "$engine <--pusher=eve> " "$(words --pusher=eve)"
stop_sshd

echo "$checks checks"
