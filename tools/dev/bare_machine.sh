#!/usr/bin/env bash
# Tries ./dev where nothing is installed: a minimal Debian 12 in a folder, with the last commit of this checkout inside and nothing else of this machine.
# Usage, as root:  tools/dev/bare_machine.sh FOLDER [ARGUMENTS of ./dev; "build" when there are none]
# Needs the Debian package debootstrap and some 4 GB. FOLDER is kept, so that a second call goes on where the first one ended; rm -r removes it.
# Networks that put their own certificate authority in front of the registries: its certificates are taken along from this machine.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=${1:?usage: tools/dev/bare_machine.sh FOLDER [ARGUMENTS of ./dev]}
shift
[ $# -gt 0 ] || set -- build
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
security=${DEBIAN_SECURITY_MIRROR:-http://deb.debian.org/debian-security}
certificates=/etc/ssl/certs/ca-certificates.crt

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 1
}
[ "$(id -u)" -eq 0 ] || fail "this needs root: debootstrap and chroot do"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"

if [ ! -x "$folder/bin/bash" ]; then
    echo "-- a minimal Debian 12 into $folder"
    debootstrap --variant=minbase bookworm "$folder" "$mirror" >"$folder.log" 2>&1 || fail "debootstrap failed, see $folder.log"
    printf 'deb %s bookworm main\ndeb %s bookworm-updates main\ndeb %s bookworm-security main\n' "$mirror" "$mirror" "$security" \
        >"$folder/etc/apt/sources.list"
fi
cp /etc/resolv.conf "$folder/etc/resolv.conf"
[ ! -f "$certificates" ] || cp "$certificates" "$folder/etc/machine-certificates.crt"

echo "-- the last commit of this checkout into $folder/srv/entresol"
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
if [ -d "$folder/srv/entresol" ]; then
    git -C "$folder/srv/entresol" fetch -q "$root" HEAD
    git -C "$folder/srv/entresol" reset -q --hard FETCH_HEAD
else
    git clone -q --no-hardlinks "file://$root" "$folder/srv/entresol"
fi

# Processes and /proc of its own: nothing stays mounted or running when it ends. The environment is that of a fresh login.
echo "-- ./dev $*"
# shellcheck disable=SC2016 # the inner shell expands
exec unshare --mount --pid --fork --mount-proc="$folder/proc" chroot "$folder" \
    env -i HOME=/srv PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_EXTRA_CA_CERTS=/etc/machine-certificates.crt \
    bash -c 'cd /srv/entresol && exec ./dev "$@"' dev "$@"
