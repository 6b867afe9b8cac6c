# quire without an sshd: the host's lets people in (host-configs/sshd/), its proxy
# logs them in (host-configs/caddy/). host-configs/docker/compose.yaml runs it.
# With `--target standalone` it has an sshd of its own: host-configs/docker/standalone.yaml.
#
# BASE is a Debian 13 (or newer) that apt can reach a mirror from.
ARG BASE=debian:trixie-slim

FROM ${BASE} AS build
COPY host-configs/debian/deps /src/host-configs/debian/deps
RUN /src/host-configs/debian/deps build
COPY . /src
WORKDIR /src
RUN --mount=type=cache,target=/root/.cache/ccache cmake --preset release -DQUIRE_TESTS=OFF \
    && cmake --build build \
    && DESTDIR=/out cmake --install build --prefix /usr/local --strip
# The packages that the programs' shared libraries are in, whatever this release calls them.
RUN find /out -type f -perm -u+x -exec ldd {} + 2>/dev/null | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u \
    | xargs -r realpath | xargs -r dpkg-query -S | sed 's/:.*//' | sort -u >/out/packages

FROM ${BASE} AS base
COPY host-configs/debian/deps /tmp/deps
COPY --from=build /out/packages /tmp/packages
RUN apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        $(/tmp/deps --list container) $(cat /tmp/packages) >/dev/null \
    && rm -rf /tmp/deps /tmp/packages /var/lib/apt/lists/* /var/cache/apt/*
# The shell is for (sh …) and git's own scripts; nobody logs in here.
RUN useradd --uid 1000 --user-group --home-dir /var/quire --shell /bin/sh quire \
    && install -d -o quire -g quire -m 0750 /var/quire
WORKDIR /var/quire
ENV QUIRE_ROOT=/var/quire QUIRE_LISTEN=0.0.0.0:8080 LANG=C.UTF-8
VOLUME /var/quire
EXPOSE 8080
# What s6 keeps there is of no use to the next container.
CMD ["/usr/local/libexec/quire/s6/start", "/tmp/s6"]

# git is a second name of the same user, for git@host: this sshd runs as quire too, and no process here is root.
FROM base AS with-sshd
RUN apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends openssh-server >/dev/null \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /etc/ssh/ssh_host_* \
    && useradd --uid 1000 --non-unique --gid quire --no-create-home --home-dir /var/quire --shell /bin/sh git \
    && install -d -m 0755 /run/sshd

FROM with-sshd AS standalone
COPY --from=build /out/usr/local /usr/local
COPY host-configs/s6 /usr/local/libexec/quire/s6
COPY host-configs/docker/quire-sshd /usr/local/libexec/quire/s6/quire-sshd
COPY host-configs/sshd/quire.conf /usr/local/libexec/quire/sshd.conf
USER quire
EXPOSE 2222

# What is built when no target is named.
FROM base
COPY --from=build /out/usr/local /usr/local
COPY host-configs/s6 /usr/local/libexec/quire/s6
USER quire
