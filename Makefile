# The targets a person would guess; `make help` lists them. CMake does the building (CMakePresets.json).

BUILD := build
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

# ninja does the parallel work; the targets below have an order.
.NOTPARALLEL:

.PHONY: all programs deps up down test soak check bench install deb clean help asan tsan debug

all:
	@test -f $(BUILD)/build.ninja || cmake --preset release >/dev/null
	@cmake --build $(BUILD)

# What a forge runs: a third less to build than with the tests.
programs:
	@test -f $(BUILD)/build.ninja || cmake --preset release >/dev/null
	@cmake --build $(BUILD) --target programs

help:
	@echo "make            build the release programs into build/bin"
	@echo "make deps       install the Debian packages that building, running and testing need"
	@echo "make up         build, and bring up a forge of your own on loopback (ROOT= SSH_PORT= HTTP_PORT=)"
	@echo "make down       stop that forge; its data stays"
	@echo "make test       run every test; ends with a count (SUITES= chooses: check unit asan tsan cases e2e fuzz)"
	@echo "make check      clang-format and clang-tidy on what you changed"
	@echo "make soak       run the tests that take too long for every day; ends with a count"
	@echo "make bench      measure quire beside its peers (BENCH= chooses)"
	@echo "make install    install into PREFIX (/usr/local), below DESTDIR"
	@echo "make deb        make the Debian packages quire and quire-ci, in build/deb"
	@echo "make debug asan tsan   build that preset below build/"
	@echo "make clean      remove what was built"

deps:
	@host-configs/debian/deps

# Quick when everything is there; to bring up a forge must not ask for what only tests need.
.PHONY: deps-run
deps-run:
	@host-configs/debian/deps build run

debug asan tsan:
	@cmake --preset $@ >/dev/null && cmake --build --preset $@

up: deps-run programs
	@host-configs/local/up

down:
	@host-configs/local/down

test: deps all
	@tests/run $(SUITES)

check: all
	@tests/check

# What takes too long for every day: the whole image, built in itself; millions of damaged inputs. Without what a virtual
# machine needs, tests/soak/cgroups and tests/soak/systemd are left out and say so.
soak: deps all
	-@host-configs/debian/deps vm
	@tests/run soak

bench: deps all
	@host-configs/debian/deps bench
	@tests/bench/run $(BENCH)

PREFIX ?= /usr/local
install: all
	@DESTDIR=$(DESTDIR) cmake --install $(BUILD) --prefix $(PREFIX)

deb: deps-run programs
	@host-configs/debian/deps package
	@cmake --build $(BUILD) --target completions
	@host-configs/debian/package

clean:
	@rm -rf $(BUILD)
