#!/usr/bin/env bash
# The image that Dockerfile makes, in a real engine, and pushes to it: through the
# ForceCommand of host-configs/sshd/quire-container.conf under a real sshd.
. "$(dirname "$0")/../lib/e2e.sh"
settings=$("$repo_top/tests/lib/engine") || exit $?
eval "$settings"
engine=$QUIRE_TEST_ENGINE
base=$("$repo_top/tests/lib/base-image") || exit $?
sshd=$(command -v sshd || echo /usr/sbin/sshd)
[ -x "$sshd" ] || { echo "sshd is not installed"; exit 77; }

container=quire-test-$$
sshd_pid= service_pid=
stop() {
	[ -z "$sshd_pid$service_pid" ] || kill $sshd_pid $service_pid 2>/dev/null
	"$engine" rm -f -v "$container" >/dev/null 2>&1
	"$engine" volume rm -f "$container" >/dev/null 2>&1
}
trap 'stop; cleanup' EXIT

if ! output=$("$engine" build --build-arg BASE="$base" -t localhost/quire:test "$repo_top" 2>&1); then
	fail "the image builds" "$(tail -n 15 <<<"$output")"
	finish
fi
pass "the image builds"

# ---- the container, with what compose.yaml says
run_container() {
	"$engine" run -d --name "$container" -p 127.0.0.1::8080 -v "$container:/var/quire" --read-only \
		--tmpfs /run/quire:mode=1777 --tmpfs /tmp:exec,mode=1777 --cap-drop ALL --security-opt no-new-privileges \
		localhost/quire:test
}
inside() { "$engine" exec "$container" "$@"; }
check "the container starts" run_container
check "s6 runs as its first process" wait_until 20 inside sh -c 'test "$(cat /proc/1/comm)" = s6-svscan'
same "nothing in it is root" "quire" "$(inside sh -c 'stat -c %U /proc/[0-9]*' 2>/dev/null | sort -u)"
refuse "there is no sshd in it" "" inside sh -c 'command -v sshd'
refuse "the programs cannot be written to" "Read-only|Permission" inside touch /usr/local/bin/quire-exec
check "the data root is made" wait_until 20 inside test -d /var/quire/repos
check "a repository is made" inside quire new hello

# ---- the host's sshd, which starts the engine as the file says, for this user
user=$(id -un)
ssh-keygen -q -t ed25519 -N '' -C host -f "$scratch/host_key"
ssh-keygen -q -t ed25519 -N '' -C alice -f "$scratch/key"
cp "$scratch/key.pub" "$scratch/keys"
printf '* %s\n' "$(cat "$scratch/host_key.pub")" >"$scratch/known_hosts"
cat >"$scratch/engine" <<TEXT
#!/bin/sh
$settings
exec $(command -v "$engine") "\$@"
TEXT
chmod +x "$scratch/engine"
sed -e "s|^Match User git\$|Match User $user|" -e "s|AuthorizedKeysFile .*|AuthorizedKeysFile $scratch/keys|" \
	-e "s|exec docker exec|exec $scratch/engine exec|" -e "s|SSH_CONNECTION quire |SSH_CONNECTION $container |" \
	"$repo_top/host-configs/sshd/quire-container.conf" >"$scratch/quire.conf"
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
for _ in 1 2 3; do
	ssh_port=$(random_port)
	printf '%s\n' "Include $scratch/quire.conf" "Port $ssh_port" "ListenAddress 127.0.0.1" \
		"HostKey $scratch/host_key" "PidFile none" "StrictModes no" >"$scratch/sshd_config"
	"$sshd" -D -e -f "$scratch/sshd_config" 2>"$scratch/sshd.log" &
	sshd_pid=$!
	wait_until 10 grep -q "listening on" "$scratch/sshd.log" && break
	kill "$sshd_pid" 2>/dev/null
done
ssh_options="-F none -p $ssh_port -i $scratch/key -o IdentitiesOnly=yes -o BatchMode=yes
	-o UserKnownHostsFile=$scratch/known_hosts -o LogLevel=ERROR"
export GIT_SSH_COMMAND="ssh $(echo $ssh_options)"
on_container() { ssh $ssh_options "$user@127.0.0.1" "$@"; }
url=ssh://$user@127.0.0.1/hello

# ---- people at work
matches "no command lists the repositories" hello "$(on_container </dev/null)"
check "a clone of an empty repository" git clone -q "$url" "$scratch/work"
mkdir -p "$scratch/work/.quire"
cp "$repo_top/host-configs/local/hello/.quire/ci.fnl" "$scratch/work/.quire/ci.fnl"
head -c 3000000 /dev/urandom >"$scratch/work/noise"
printf 'one\ntwo\n' >"$scratch/work/lines"
git -C "$scratch/work" add -A
git -C "$scratch/work" commit -q -m "three million bytes"
check "a push" git -C "$scratch/work" push origin HEAD:main
matches "which queues a run" "quire: run #1 .* main" "$output"
check "which is on the volume" inside test -f /var/quire/runs/hello.git/1/meta.fnl
check "a clone" git clone -q "$url" "$scratch/clone"
check "every byte of it" cmp "$scratch/work/noise" "$scratch/clone/noise"
same "git's protocol version 2 is in use" "version 2" \
	"$(GIT_TRACE_PACKET=1 git ls-remote "$url" 2>&1 >/dev/null | sed -n 's/.*< version 2$/version 2/p' | head -n 1)"
same "the push is the operator's" operator \
	"$(inside cat /var/quire/repos/hello.git/quire/pushes.jsonl | sed -n 's/.*"pusher":"\([^"]*\)".*/\1/p' | head -n 1)"

# ---- what must not work
refuse "another program" "served are" on_container "cat /etc/passwd"
refuse "a shell" "served are|not served" on_container "sh -c 'id'"
refuse "a second command" "." on_container "git-upload-pack hello; id"
refuse "a repository outside" "." on_container "git-upload-pack '../../etc'"
on_container --root /tmp quire list >"$scratch/out" 2>&1
check "options are not the client's to give" test ! -e /tmp/repos -a -s "$scratch/out"
refuse "an option alone" "." on_container -- --pusher=eve

# ---- the data outlives the container
check "TERM ends it in time" "$engine" stop -t 20 "$container"
same "by itself, not by a kill" "no" "$("$engine" inspect -f '{{if eq .State.ExitCode 137}}yes{{else}}no{{end}}' "$container")"
"$engine" rm "$container" >/dev/null

# ---- compose.yaml starts another, which takes the volume over
compose() {
	if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi
}
if ! compose version >/dev/null 2>&1; then
	leave_out "compose.yaml" "neither docker compose nor docker-compose is installed"
	finish
fi
if [ "$engine" = podman ]; then
	podman system service --time 0 "unix://$scratch/engine.sock" 2>"$scratch/service.log" &
	service_pid=$!
	export DOCKER_HOST=unix://$scratch/engine.sock
	wait_until 10 test -S "$scratch/engine.sock"
fi
# Not the names and the port that a forge of the caller's own has.
sed -e "s/container_name: quire/container_name: $container/" -e "s|image: quire|image: localhost/quire:test|" \
	-e "s/name: quire/name: $container/" -e '/^    build:/d' -e "s/8080:8080/$(random_port):8080/" \
	-e "s/^  data:/&\n    external: true/" "$repo_top/host-configs/docker/compose.yaml" >"$scratch/compose.yaml"
check "compose takes the file" compose -f "$scratch/compose.yaml" config -q
check "and starts a container" compose -p "$container" -f "$scratch/compose.yaml" up -d
check "which has the repository" wait_until 20 git ls-remote --exit-code "$url" refs/heads/main
check "and takes a push" git -C "$scratch/work" push -q origin HEAD:refs/heads/again
finish
