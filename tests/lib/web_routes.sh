# Sourced after web.sh and runs.sh: an address of every kind of page, and repositories that have an answer for each.

# One of each visibility: what everybody sees, without runs and with them; what is private, or taken for it.
open_names=(pub open work/pub)
closed_names=(priv both work/priv broken misspelt)
new_repositories() {
	local name
	for name in "${open_names[@]}" "${closed_names[@]}"; do new_repository "$name"; done
	configure open '{:public-runs true}'
	configure priv '{:private true}'
	configure both '{:private true :public-runs true}'
	configure work/priv '{:private true}'
	configure broken '{:private'
	configure misspelt '{:privat true}'
}

id_of() { git -C "$root/repos/$1.git" rev-parse main; }
routes_of() { # NAME: the views of the repository, then those of its runs
	local id
	id=$(id_of "$1")
	printf '%s\n' "/$1" "/$1/" "/$1/-/tree" "/$1/-/tree/main" "/$1/-/tree/main/dir" "/$1/-/file/main/dir/file" \
		"/$1/-/raw/main/dir/file" "/$1/-/log" "/$1/-/log/main/dir" "/$1/-/commit/$id" "/$1/-/refs" \
		"/$1/-/compare/main..main" "/$1/-/blame/main/dir/file" "/$1/-/follow/main/dir/file" "/$1/-/trail/main/dir/file" "/$1/-/follow/main/dir/file?lines=1-1" "/$1/-/pushes" "/$1/-/pushes?from=1" "/$1/-/range-diff/$id..$id" "/$1/-/interdiff/$id..$id" "/$1/-/interdiff/$id..$id?series=1" "/$1/-/search" "/$1/-/symbol/main/content" "/$1/-/refs?view=file&path=dir/file" "/$1/-/search?q=content" \
		"/$1/-/search/main/dir?q=content&in=content" "/$1/-/search?q=file&in=names" "/$1/-/search?q=first&in=messages" \
		"/$1/-/search?q=content&in=changes" "/$1/-/search?q=content&in=lines" "/$1/-/file/main/README.md?view=source&wrap=1" \
		"/$1/-/file/main/dir/file?from=1&line=1" \
		"/$1/-/tree/main?changes=1" "/$1/-/log?all=1" "/$1/-/log?author=t&q=first" "/$1/-/log?after=$id" "/$1/-/log?graph=1" "/$1/-/log?all=1&graph=1" "/$1/-/commit/$id?view=split&space=ignore&refs=1" \
		"/$1/-/commit/$id.patch" "/$1/-/commit/$id.diff" "/$1/-/archive/main.tar.gz" "/$1/-/archive/main.zip" "/$1/-/atom" "/$1/-/atom/main" \
		"/$1/-/paths" "/$1/-/paths/main" "/$1/info/refs?service=git-upload-pack" "/$1.git/info/refs?service=git-upload-pack"
}
runs_of() {
	printf '%s\n' "/$1/runs" "/$1/runs/" "/$1/runs/1" "/$1/runs/feed.atom" "/$1/runs/tests" "/$1/runs/times" "/$1/runs/logs" "/$1/runs/logs?q=printed" "/$1/runs/1/log?q=printed" "/$1/runs/1/log/job?q=printed" "/$1/runs?state=failed&source=push" "/$1/runs/1/artifacts.tar" "/$1/runs/1/provenance.json" "/$1/runs/1/provenance.json.sig" "/$1/badge.svg" "/$1/badge.svg?ref=main" "/$1/runs/1/log" \
		"/$1/runs/1/log/job" "/$1/runs/1/log/job?step=1&page=1" "/$1/runs/1/text/job" "/$1/runs/1/text/job?follow=1" \
		"/$1/runs/1/follow/job" "/$1/runs/1/changes" "/$1/runs/1/artifacts/job/file" "/$1/runs/1/reports/job/report" \
		"/$1/runs/1/pipeline" "/$1/runs/1/pipeline/ci.fnl"
}

# write_whole_run NAME: run 1, with something at every address above; it is over, so that following it ends.
write_whole_run() {
	local run
	run=$(write_run "$1" 1 succeeded ':ended-at "2026-11-21T12:00:02.000000000Z"')
	tell "$run" '"event":"run-started","jobs":[{"id":"job","inputs":[]}]'
	tell "$run" '"event":"sh-started","job":"job","number":1,"cmd":"true"'
	echo printed | print_log "$run" job 1
	tell "$run" '"event":"sh-ended","job":"job","number":1,"exit":0,"duration":1'
	tell "$run" '"event":"job-ended","job":"job","state":"succeeded","duration":1'
	mkdir -p "$run/artifacts/job" "$run/reports/job" "$run/pipeline"
	echo '{}' | tee "$run/provenance.json" >"$run/provenance.json.sig"
	echo kept | tee "$run/artifacts/job/file" "$run/reports/job/report" >"$run/pipeline/ci.fnl"
}
