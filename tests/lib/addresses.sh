# Sourced by what browses a large repository.

# add_large_repository NAME: a repository of the data root $QUIRE_ROOT, which exists, as large_repository makes it; or a copy of the
# bare one that QUIRE_BENCH_REPO names.
add_large_repository() {
	local repo=$QUIRE_ROOT/repos/$1.git copy=$scratch/copy
	if [ -n "${QUIRE_BENCH_REPO:-}" ]; then
		git -c safe.directory='*' clone -q --bare "$QUIRE_BENCH_REPO" "$copy"
		mv "$copy/objects/pack"/* "$repo/objects/pack"
		cp "$copy/packed-refs" "$copy/HEAD" "$repo"
		git -C "$repo" commit-graph write --reachable --changed-paths --no-progress
	else
		rm -rf "$repo/objects" "$repo/refs"
		"$repo_top/tests/bench/large_repository" "$copy"
		cp -r "$copy"/{objects,refs,packed-refs,HEAD} "$repo"
	fi
	rm -rf "$copy"
}

# Names that an address can have as they are.
plain_names() { grep "^[a-zA-Z0-9/._-]*$"; }

# addresses_of NAME BARE: each of its directories and files, with their histories, and some of its commits.
addresses_of() {
	local branch
	branch=$(git -C "$2" symbolic-ref --short HEAD)
	printf '%s\n' / "/$1" "/$1/-/refs" "/$1/-/log?all=1" "/$1/-/atom" "/$1/-/search?q=step_7" "/$1/-/tree/$branch"
	git -C "$2" ls-tree -r -d --name-only HEAD | plain_names | sed "s|.*|/$1/-/tree/$branch/&\n/$1/-/log/$branch/&|"
	git -C "$2" ls-tree -r --name-only HEAD | plain_names | sed "s|.*|/$1/-/file/$branch/&\n/$1/-/raw/$branch/&\n/$1/-/log/$branch/&|"
	git -C "$2" ls-tree -r --name-only HEAD | plain_names | awk 'NR % 20 == 0' | sed "s|.*|/$1/-/blame/$branch/&|"
	git -C "$2" rev-list HEAD | awk -v name="$1" 'NR % 37 == 0 {
		print "/" name "/-/commit/" $1; print "/" name "/-/tree/" $1; print "/" name "/-/log/" $1
		if (NR % 740 == 0) print "/" name "/-/compare/" $1 ".." last; last = $1 }'
}

# views_of NAME BARE: what else can be seen of its commits and files, much of which takes long to find.
views_of() {
	local branch
	branch=$(git -C "$2" symbolic-ref --short HEAD)
	git -C "$2" rev-list HEAD | awk -v name="$1" -v branch="$branch" 'NR % 97 == 1 {
		view = "/" name "/-/"; commit = view "commit/" $1
		print commit "?view=split&space=ignore"; print commit "?moved=fold"; print commit ".patch"; print commit ".diff"
		print view "log/" $1 "?graph=1"; print view "log?after=" $1; print view "tree/" $1 "?changes=1"
		if (NR % 970 == 1) {
			print commit "?refs=1"; print view "archive/" $1 ".tar.gz"; print view "archive/" $1 ".zip"; print view "paths/" $1
			if (last) { print view "interdiff/" $1 ".." last; print view "range-diff/" $1 ".." last; print view "compare/" $1 "..." last }
			last = $1
		}
	}'
	git -C "$2" ls-tree -r --name-only HEAD | plain_names | awk -v name="$1" -v branch="$branch" '{
		at = branch "/" $1; view = "/" name "/-/"
		print view "file/" at "?view=source&wrap=1"; print view "file/" at "?names=1"; print view "refs?view=file&path=" $1
		if (NR % 20 == 1) {
			print view "blame/" at "?line=10&before=10"; print view "blame/" at "?all=1"; print view "follow/" at "?lines=1-20"
			print view "trail/" at
		}
	}'
	local word
	for word in main static step_7 return test file 'a b' '%22no such words%22' '.*'; do
		word=${word// /+}
		printf "/$1/-/%s\n" "search?q=$word" "search?q=$word&in=names" "search?q=$word&in=content" "search?q=$word&in=messages" \
			"search?q=$word&in=changes" "search?q=$word&in=lines" "search?q=$word&as=regex" "search?q=$word&in=content&from=50" \
			"symbol/$branch/$word" "symbol/$branch?name=$word&go=1" "log?q=$word" "log?author=$word" "log?all=1&graph=1&q=$word" "refs?q=$word&sort=name"
		printf '%s\n' "/-/search?q=$word"
	done
}
