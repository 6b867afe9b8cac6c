#!/usr/bin/env bash
# host-configs/systemd/quire.service is what systemd takes for a unit, with nothing
# misspelt in it, and what it starts is where make install and docs/host.md put it.
. "$(dirname "$0")/../lib/e2e.sh"
command -v systemd-analyze >/dev/null || { echo "systemd-analyze is not installed"; exit 77; }

verify() { # sed program
	local said
	sed -e "s|^ExecStart=/usr/local/libexec/quire/|ExecStart=$repo_top/host-configs/|" -e "${1:-}" \
		"$repo_top/host-configs/systemd/quire.service" >"$scratch/quire.service"
	said=$(systemd-analyze verify --man=no "$scratch/quire.service" 2>&1) || { echo "$said"; return 1; }
	said=$(grep -F quire.service <<<"$said") && echo "$said" && return 1
	return 0
}
check "systemd takes it" verify
refuse "a misspelt key would be noticed" "Unknown key" verify 's/^KillMode=/KilMode=/'
refuse "a program that is not there would be noticed" "not executable|No such file" verify 's/^ExecStart=.*/ExecStart=\/nonexistent/'
finish
