#!/usr/bin/env bash
# The files of host-configs/sshd/, under a real sshd: with nothing changed in them
# but the user's name, where the keys are, and what the ForceCommand starts.
. "$(dirname "$0")/../lib/e2e.sh"
sshd=$(command -v sshd || echo /usr/sbin/sshd)
[ -x "$sshd" ] || { echo "sshd is not installed"; exit 77; }

tmp=$scratch
sshd_pid=
stop_sshd() { [ -z "$sshd_pid" ] || { kill "$sshd_pid" && wait "$sshd_pid"; } 2>/dev/null; sshd_pid=; }
trap 'stop_sshd; [ -z "${SSH_AGENT_PID:-}" ] || kill "$SSH_AGENT_PID"; cleanup' EXIT
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd

# Literal text in, or not in, what was said.
contains() { if [[ $3 == *$2* ]]; then pass "$1"; else fail "$1" "no '$2' in: $3"; fi; }
lacks() { if [[ $3 != *$2* ]]; then pass "$1"; else fail "$1" "'$2' in: $3"; fi; }

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
start_sshd() { # conf, sed program for what its command starts
	sed -e "s|^Match User git\$|Match User $user|" -e "s|AuthorizedKeysFile .*|AuthorizedKeysFile $tmp/keys|" \
		-e "$2" "$1" >"$tmp/quire.conf"
	local try
	for try in 1 2 3; do
		ssh_port=$(random_port)
		cat >"$tmp/sshd_config" <<-TEXT
			Include $tmp/quire.conf
			Port $ssh_port
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
		"$sshd" -D -e -f "$tmp/sshd_config" 2>"$tmp/sshd.log" &
		sshd_pid=$!
		wait_until 10 grep -q "listening on" "$tmp/sshd.log" && return
		stop_sshd
	done
	fail "sshd starts with $1" "$(cat "$tmp/sshd.log")"
	finish
}

client() { # options and command; stderr goes to $tmp/err
	timeout 20 ssh -F none -p "$ssh_port" -i "${key:-$tmp/key}" -o IdentitiesOnly=yes -o BatchMode=yes \
		-o UserKnownHostsFile="$tmp/known_hosts" -o GlobalKnownHostsFile=/dev/null -o LogLevel=INFO \
		"$@" 2>"$tmp/err"
}
here=$user@127.0.0.1

check_restrictions() { # how it is called here
	echo "$1"
	# the command, word for word, and its exit code and its stdin
	local code line="git-upload-pack 'a b' \$(touch $tmp/pwned) \`id\`; echo \"x\" > $tmp/pwned"
	said=$(client "$here" "$line")
	contains "the original command comes word for word" "env SSH_ORIGINAL_COMMAND=$line"$'\n' "$said"
	check "no shell looks into it" test ! -e "$tmp/pwned"
	lacks "a command in authorized_keys is not run" escaped "$said"
	lacks "authorized_keys brings no variable in" SMUGGLED "$said"
	code=0; client "$here" "exit 41" >/dev/null || code=$?
	same "the exit code comes back" 41 "$code"
	contains "stdin comes as it is" "bytes 1000000" "$(head -c 1000000 /dev/urandom | client "$here" count)"

	# no command, and a subsystem, start the same program
	contains "no command starts the same" "env SHELL=" "$(client "$here" </dev/null)"
	contains "sftp starts the same" "env SSH_ORIGINAL_COMMAND=internal-sftp" "$(client -s "$here" sftp </dev/null)"

	# variables
	said=$(GIT_PROTOCOL=version=2 LC_ALL=C OTHER=1 client -o SendEnv="GIT_PROTOCOL LC_ALL OTHER" "$here" x)
	contains "git's protocol version comes in" "env GIT_PROTOCOL=version=2" "$said"
	lacks "the locale does not" LC_ALL= "$said"
	lacks "another variable does not" OTHER= "$said"

	# no terminal
	said=$(client -tt "$here" x)
	lacks "the client gets no terminal" terminal "$said"
	contains "and is told so" "PTY allocation request failed" "$(cat "$tmp/err")"

	# no forwarding: to a port that answers, from one, of a socket, of an agent
	refuse "a port is not reached through it" "administratively prohibited" client_and_why -W "127.0.0.1:$ssh_port" "$here"
	refuse "a port is not forwarded back" "remote port forwarding failed" \
		client_and_why -o ExitOnForwardFailure=yes -R "0:127.0.0.1:$ssh_port" "$here" x
	refuse "nor a socket" "remote port forwarding failed" \
		client_and_why -o ExitOnForwardFailure=yes -R "$tmp/sock:127.0.0.1:$ssh_port" "$here" x
	check "which is not made" test ! -e "$tmp/sock"
	lacks "the agent is not forwarded" SSH_AUTH_SOCK "$(client -A "$here" x)"
	said=$("$sshd" -T -f "$tmp/sshd_config" -C "user=$user,host=x,addr=127.0.0.1")
	for line in "permittunnel no" "x11forwarding no" "permituserrc no" "disableforwarding yes" "permittty no" \
		"allowtcpforwarding no" "allowstreamlocalforwarding no" "allowagentforwarding no" "authenticationmethods publickey"; do
		check "in force: $line" grep -qx "$line" <<<"$said"
	done

	# nobody else comes in, and nobody else is restricted
	key=$tmp/strange refuse "a strange key" "Permission denied .publickey." client_and_why "$here" x
	refuse "a password" "Permission denied .publickey." \
		client_and_why -o PreferredAuthentications=password,keyboard-interactive "$here" x
	said=$("$sshd" -T -f "$tmp/sshd_config" -C "user=somebody-else,host=x,addr=127.0.0.1")
	for line in "permittty yes" "allowtcpforwarding yes" "forcecommand none"; do
		check "for others still: $line" grep -qx "$line" <<<"$said"
	done
}
client_and_why() { local code=0; client "$@" </dev/null || code=$?; cat "$tmp/err"; return $code; }

eval "$(ssh-agent)" >/dev/null

start_sshd "$repo_top/host-configs/sshd/quire.conf" "s|/usr/local/bin/quire-exec|$tmp/program|"
check_restrictions "quire.conf"
said=$(client "$here" x)
contains "quire-exec gets its root and nothing else" $'word <--root>\nword </var/quire>\nenv' "$said"
contains "and is told the key" "auth publickey $(cut -d' ' -f1,2 "$tmp/key.pub")" "$said"
stop_sshd

# The engine is played by the program: its words are what an engine would be given.
start_sshd "$repo_top/host-configs/sshd/quire-container.conf" "s|exec docker exec|exec $tmp/program exec|"
check_restrictions "quire-container.conf"
words() { client "$here" -- "$@" </dev/null | sed -n 's/^word //p' | tr '\n' ' '; }
engine="<exec> <-i> <-u> <quire> <-e> <GIT_PROTOCOL> <-e> <SSH_CONNECTION> <quire> <quire-exec>"
same "the engine gets no command as one word" "$engine <> " "$(words)"
same "the engine gets a command as one word" "$engine <git-upload-pack '/a b'> " "$(words "git-upload-pack '/a b'")"
same "the engine gets a hostile command as one word" "$engine <\"; id; \$(id) \`id\` * \\> " "$(words '"; id; $(id) `id` * \')"
same "the engine gets an option as one word" "$engine <--pusher=eve> " "$(words --pusher=eve)"
stop_sshd

finish
