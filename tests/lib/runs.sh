# Sourced after web.sh: runs as files, without a runner, so that a test says exactly what a page has to show.

# write_run NAME NUMBER STATE [more of the record]: a record, and an empty directory for the rest; prints the directory.
write_run() {
	local directory=$root/runs/$1.git/$2 id
	id=$(git -C "$root/repos/$1.git" rev-parse main)
	mkdir -p "$directory"
	printf '{:repo "%s" :run %s :state :%s :reason "%s" :source :push :ref "refs/heads/main" :sha "%s" :pusher "tester" :push "p-%s"\n' \
		"$1" "$2" "$3" "${REASON-because}" "$id" "$2" >"$directory/meta.fnl"
	printf ' :queued-at "2026-11-21T12:00:00.000000000Z" :started-at "2026-11-21T12:00:01.500000000Z" %s}\n' "${4:-}" >>"$directory/meta.fnl"
	[ -e "$root/runs/$1.git/next" ] && [ "$(cat "$root/runs/$1.git/next")" -gt "$2" ] ||
		echo "$(($2 + 1))" >"$root/runs/$1.git/next"
	printf '%s' "$directory"
}
# tell DIRECTORY JSON-FIELDS: one event.
tell() { printf '{"at":"2026-11-21T12:00:02.000000000Z",%s}\n' "$2" >>"$1/events.jsonl"; }
# print_log DIRECTORY JOB(encoded) STEP: stdin becomes the command's log.
print_log() {
	mkdir -p "$1/jobs/$2"
	sed 's/^/2026-11-21T12:00:03.123456789Z stdout F /' >>"$1/jobs/$2/sh-$3.log"
	: >>"$1/jobs/$2/sh-$3.idx"
}
