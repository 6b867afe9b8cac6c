#!/usr/bin/env bash
# The operator's verbs on a data root without any service: new, list, info, rename, describe, freeze, thaw, rm,
# restore, config, doctor. Pushes go straight to git, with quire's hooks in between.
. "$(dirname "$0")/../lib/e2e.sh"

export QUIRE_ROOT=$scratch/root
mkdir -m 750 "$QUIRE_ROOT"
quire() { "$bin/quire" "$@"; }
code() { "$@" >/dev/null 2>&1; echo $?; }

# ---- new
check "new makes a repository" quire new foo --description "a thing"
matches "and says how to get a clone URL" "config set host" "$output"
quire config set host git@example.org
check "new in a group" quire new work/bar --private --default-branch trunk
same "prints the clone URL" git@example.org:work/bar "$output"
same "the default branch is HEAD" refs/heads/trunk "$(git -C "$QUIRE_ROOT/repos/work/bar.git" symbolic-ref HEAD)"
check "git finds nothing wrong with it" git -C "$QUIRE_ROOT/repos/foo.git" fsck --strict
same "the shared settings reach it" always "$(git -C "$QUIRE_ROOT/repos/work/bar.git" config core.logAllRefUpdates)"
refuse "one of that name is there already" "already" quire new foo
refuse "a name that leads out" "has '\.\.'|begin" quire new ../foo
refuse "a branch that git would not take" "branch name" quire new x --default-branch 'a..b'
refuse "an option that begins a branch" "not a name" quire new x --default-branch=-x
refuse "a description with a control byte" "control" quire new x --description $'a\nb'
refuse "a misspelt option, with the right one" "did you mean --private" quire new x --privat
refuse "one word too many" "'y' is one argument too many" quire new x y
refuse "a misspelt verb, with the right one" "did you mean 'rename'" quire renam x y
same "wrong use is 100" 100 "$(code quire new)"
same "a no is 1" 1 "$(code quire new foo)"
same "nothing was made on the way" "foo work/bar" "$(quire list --json | grep -o '"name":"[^"]*"' | cut -d'"' -f4 | xargs)"

for name in v10 V2 v1; do quire new order/$name >/dev/null; done
same "names stand in the order in which people look for them" "foo order/v1 order/V2 order/v10 work/bar" "$(quire list --names | xargs)"
same "in the table, too" "foo order/v1 order/V2 order/v10 work/bar" "$(quire list | awk '{ print $1 }' | xargs)"
for name in v10 V2 v1; do rm -rf "$QUIRE_ROOT/repos/order/$name.git"; done

# ---- pushing with the hooks that the shared settings name
git init -q "$scratch/work" && cd "$scratch/work" && git commit -q --allow-empty -m one
check "a push goes in" git push -q "$QUIRE_ROOT/repos/foo.git" HEAD:refs/heads/main
same "the push is on record" 1 "$(wc -l <"$QUIRE_ROOT/repos/foo.git/quire/pushes.jsonl")"
git commit -q --amend --allow-empty -m two
check "force-pushing is allowed" git push -q -f "$QUIRE_ROOT/repos/foo.git" HEAD:refs/heads/main
same "and both are in the reflog" 2 "$(git -C "$QUIRE_ROOT/repos/foo.git" reflog main | wc -l)"
git push -q "$QUIRE_ROOT/repos/foo.git" HEAD:refs/heads/other
check "a branch can be deleted" git push -q "$QUIRE_ROOT/repos/foo.git" :other
refuse "but not the default one" "refusing to delete|deletion of the current" git push "$QUIRE_ROOT/repos/foo.git" :main

# ---- what fsck lets in, and what not
defective() { # a commit whose author line is $1
	local tree
	tree=$(git mktree </dev/null)
	printf 'tree %s\nauthor %s\ncommitter t <t@t> 1 +0000\n\nx\n' "$tree" "$1" | git hash-object -t commit -w --stdin --literally
}
n=0
for author in 'a <a@a>1 +0000' 'a <a@a> 1 +00000' 'a <a@a> 01 +0000' 'a 1 +0000' 'a<a@a> 1 +0000'; do
	check "old histories: author '$author'" git push -q "$QUIRE_ROOT/repos/foo.git" "$(defective "$author"):refs/heads/odd$((n += 1))"
done
blob=$(git hash-object -w --stdin <<<x)
evil() { git commit-tree -m x "$(printf "$1" | sed "s/BLOB/$blob/" | git mktree --missing)"; }
refuse "a tree with .git in it" "hasDotgit" git push "$QUIRE_ROOT/repos/foo.git" "$(evil '100644 blob BLOB\t.git\n'):refs/heads/evil"
git checkout -q --orphan submodule
printf '[submodule "a"]\n\tpath = a\n\turl = -u./payload\n' >.gitmodules
git add .gitmodules && git commit -q -m evil
refuse "a .gitmodules that attacks" "gitmodules" git push "$QUIRE_ROOT/repos/foo.git" HEAD:refs/heads/evil
git checkout -q main

# ---- list and info
matches "list shows the description" "foo .*a thing" "$(quire list)"
matches "and marks what is private" "work/bar .*private" "$(quire list)"
matches "info knows the branch" "default branch +trunk" "$(quire info work/bar)"
matches "and the hooks" "hooks by" "$(quire info foo)"
matches "and the clone URL" '"clone-url":"git@example.org:foo"' "$(quire info foo --json)"
refuse "info of nothing" "no repository 'nosuch'" quire info nosuch

# ---- config
config=$QUIRE_ROOT/repos/foo.git/quire/config.fnl
printf '; mine\n{:description "a thing" ; stays\n :pinned [:main]}\n' >"$config"
check "describe" quire describe foo "another thing"
same "keeps comments and layout" $'; mine\n{:description "another thing" ; stays\n :pinned [:main]}' "$(<"$config")"
same "get" "another thing" "$(quire config get foo description)"
refuse "a misspelt setting" "did you mean 'private'" quire config set foo privat true
refuse "a wrong type, with its place" "config.fnl:[0-9]+:[0-9]+: :private wants" quire config set foo private maybe
same "changed nothing" "another thing" "$(quire config get foo description)"
quire config set secrets.token hunter22
same "all settings hide the secrets" 0 "$(quire config get | grep -c hunter22)"
same "one can be asked for" hunter22 "$(quire config get secrets.token)"
same "the file is its owner's alone" 600 "$(stat -c %a "$QUIRE_ROOT/config.fnl")"
same "what is not set is a no" 1 "$(code quire config get foo notifications)"
printf '{:description "x" :privat true}' >"$config"
matches "a broken config is private and frozen" '"private":true.*"frozen":true.*unknown key' "$(quire info foo --json)"
refuse "and refuses pushes" "can't be read|unknown key" git push "$QUIRE_ROOT/repos/foo.git" HEAD:refs/heads/broken
printf '(let [x "computed"] {:description x})' >"$config"
matches "code is evaluated" "description +computed" "$(quire info foo)"
refuse "and not edited" "is Fennel code" quire describe foo x
printf '{}' >"$config"

# ---- freeze and thaw
check "freeze" quire freeze foo "back on monday"
refuse "a frozen repository tells the pusher" "back on monday" git push "$QUIRE_ROOT/repos/foo.git" HEAD:refs/heads/late
check "thaw" quire thaw foo
check "it takes pushes again" git push -q "$QUIRE_ROOT/repos/foo.git" HEAD:refs/heads/late

# ---- rename
mkdir -p "$QUIRE_ROOT/runs/foo.git/1" "$QUIRE_ROOT/cache/foo.git"
touch "$QUIRE_ROOT/runs/.queue/active/00000000000000000001.foo.git.1"
refuse "rename waits for active runs" "run #1 of foo is active" quire rename foo work/foo
check "and pushes go on" git push -q "$QUIRE_ROOT/repos/foo.git" HEAD:refs/heads/after
rm "$QUIRE_ROOT/runs/.queue/active/00000000000000000001.foo.git.1"
refuse "rename to a taken name" "taken" quire rename foo work/bar
check "rename into a group" quire rename foo work/foo
check "its runs came along" test -d "$QUIRE_ROOT/runs/work/foo.git/1" -a -d "$QUIRE_ROOT/cache/work/foo.git"
same "the shared settings still reach it" always "$(git -C "$QUIRE_ROOT/repos/work/foo.git" config core.logAllRefUpdates)"
check "a push still runs the hooks" git push -q "$QUIRE_ROOT/repos/work/foo.git" HEAD:refs/heads/moved
matches "and is on record" '"refs/heads/moved"' "$(tail -n 1 "$QUIRE_ROOT/repos/work/foo.git/quire/pushes.jsonl")"
mv "$QUIRE_ROOT" "$scratch/elsewhere" && export QUIRE_ROOT=$scratch/elsewhere
check "a moved root still works" git push -q "$QUIRE_ROOT/repos/work/foo.git" HEAD:refs/heads/elsewhere

# ---- rm and restore
refuse "rm does not guess" "say --yes" quire rm work/foo
check "rm --yes" quire rm work/foo --yes
refuse "then it is gone" "no repository" quire info work/foo
matches "and in the trash" "work/foo .*Z\.work%2Ffoo\.git" "$(quire restore --list)"
check "the name is free" quire new work/foo
refuse "restore replaces nothing" "taken.*--as" quire restore work/foo
check "restore under another name" quire restore work/foo --as saved
same "with all of its refs" "$(git rev-parse HEAD)" "$(git -C "$QUIRE_ROOT/repos/saved.git" rev-parse elsewhere)"
check "and its runs" test -d "$QUIRE_ROOT/runs/saved.git/1"
same "the trash is empty" "the trash is empty" "$(quire restore --list)"

# ---- doctor
check "doctor is content" quire doctor
matches "it saw the hooks fire" "hooks +both hooks fire in 3 repositories" "$output"
printf '[core]\n\tbare = true\n' >"$QUIRE_ROOT/repos/saved.git/config"
touch -d '2 hours ago' "$QUIRE_ROOT/repos/saved.git/packed-refs.lock"
touch "$QUIRE_ROOT/repos/saved.git/HEAD.lock"
mkdir "$QUIRE_ROOT/repos/.new.1" && touch -d '2 hours ago' "$QUIRE_ROOT/repos/.new.1"
rmdir "$QUIRE_ROOT/runs/.queue/cancel"
rm "$QUIRE_ROOT/git/stamp"
refuse "doctor finds what is wrong" "saved: pre-receive does not reach quire-hook" quire doctor
for word in "missing below" "does not include" "packed-refs.lock" "never finished" "for another git"; do
	matches "it names: $word" "$word" "$output"
done
check "doctor --fix mends it" quire doctor --fix
same "a young lock stays, an old one goes" HEAD.lock "$(cd "$QUIRE_ROOT/repos/saved.git" && ls -- *.lock)"
check "then it is content" quire doctor
printf '{:x 1}' >"$QUIRE_ROOT/repos/saved.git/quire/config.fnl"
refuse "a broken config is a failure" "unknown key :x" quire doctor --fix
rm "$QUIRE_ROOT/repos/saved.git/quire/config.fnl"

# ---- killed at every system call: nothing or all of it
if ! command -v strace >/dev/null || ! strace -o /dev/null true 2>/dev/null; then
	leave_out "killing new, rename and rm at every system call" "strace does not work here"
	finish
fi
calls=mkdir,mkdirat,openat,openat2,write,pwrite64,fsync,fdatasync,syncfs,rename,renameat,renameat2,unlink,unlinkat,symlinkat,close

# killed_everywhere "what" judge command...: kills the command at its 1st, 2nd … call until it survives.
killed_everywhere() {
	local what=$1 judge=$2 when=0 status
	shift 2
	while :; do
		when=$((when + 1))
		prepare
		status=0
		{ strace -o /dev/null -e "trace=$calls" -e "inject=$calls:signal=KILL:when=$when" "$@" || status=$?; } >/dev/null 2>&1
		if ! "$judge"; then
			fail "$what" "killed at call $when: $(ls -A "$QUIRE_ROOT/repos" "$QUIRE_ROOT/runs" "$QUIRE_ROOT/trash" | xargs)"
			return
		fi
		[ "$status" = 137 ] || break
	done
	[ "$when" -gt 10 ] && [ "$status" = 0 ] && pass "$what ($((when - 1)) places)" || fail "$what" "it ended with $status at call $when"
}

export QUIRE_ROOT=$scratch/crash
fresh() { rm -rf "$QUIRE_ROOT"; mkdir -m 750 "$QUIRE_ROOT"; }
whole() { # name: git and quire both take it for a repository, with its hooks
	git -C "$QUIRE_ROOT/repos/$1.git" config core.bare >/dev/null && quire info "$1" >/dev/null &&
		[ "$(git -C "$QUIRE_ROOT/repos/$1.git" config transfer.hideRefs)" = refs/quire ] &&
		[ -z "$(find "$QUIRE_ROOT/repos/$1.git" -name moving.fnl)" ]
}
prepare() { fresh; }
new_is_whole() { [ ! -e "$QUIRE_ROOT/repos/g/a.git" ] || whole g/a; }
killed_everywhere "new, killed anywhere, leaves nothing or a whole repository" new_is_whole "$bin/quire" new g/a --private

prepare() {
	fresh
	quire new a >/dev/null
	mkdir -p "$QUIRE_ROOT/runs/a.git/7" "$QUIRE_ROOT/cache/a.git/7"
}
moved_whole() { # both names: doctor brings everything to one of them, none is without hooks meanwhile
	local name
	for name in a g/b; do
		[ ! -e "$QUIRE_ROOT/repos/$name.git" ] ||
			[ "$(git -C "$QUIRE_ROOT/repos/$name.git" config transfer.hideRefs)" = refs/quire ] || return 1
	done
	quire doctor --fix >/dev/null || return 1
	if [ -e "$QUIRE_ROOT/repos/a.git" ]; then name=a; else name=g/b; fi
	whole "$name" && [ -d "$QUIRE_ROOT/runs/$name.git/7" ] && [ -d "$QUIRE_ROOT/cache/$name.git/7" ] &&
		[ "$(quire list --json | grep -o '"name"' | wc -l)" = 1 ]
}
killed_everywhere "rename, killed anywhere, is undone or completed" moved_whole "$bin/quire" rename a g/b

trashed_whole() {
	quire doctor --fix >/dev/null || return 1
	[ -e "$QUIRE_ROOT/repos/a.git" ] || quire restore a >/dev/null || return 1
	whole a && [ -d "$QUIRE_ROOT/runs/a.git/7" ] && [ -d "$QUIRE_ROOT/cache/a.git/7" ]
}
killed_everywhere "rm, killed anywhere, loses nothing" trashed_whole "$bin/quire" rm a --yes
finish
