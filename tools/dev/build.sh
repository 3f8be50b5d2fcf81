# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by ./dev, which sources this file
# Contracts, explorer and C++ presets, each only when its inputs changed.

jobs() {
    local by_cpu by_memory
    by_cpu=$(nproc)
    by_memory=$(($(awk '/^MemAvailable/ { print $2 }' /proc/meminfo) / 1500000)) # the heaviest translation units take about 1.5 GB
    if [ "$by_memory" -lt 1 ]; then by_memory=1; fi
    printf '%s' "$((by_cpu < by_memory ? by_cpu : by_memory))"
}

# hash_of FOLDER…: one hash of all files in them, without what was installed or generated there.
hash_of() {
    find "$@" \( -name node_modules -o -name dist -o -name out -o -name cache \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}

# unless_unchanged STAMP HASH STEP_ARGUMENTS…: the step, when the hash is not the one it last succeeded with.
unless_unchanged() {
    local stamp="$root/build/stamps/$1" hash=$2
    shift 2
    [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] && return
    step "$@" || return
    mkdir -p "$root/build/stamps"
    printf '%s\n' "$hash" >"$stamp"
}

build_contracts() {
    [ -f contracts/build.mjs ] || return 0
    [ -d build/contracts ] || rm -f build/stamps/contracts
    unless_unchanged contracts "$(hash_of contracts)" build-contracts "compiling the contracts" \
        node contracts/build.mjs --out build/contracts || fail "the contracts do not compile" "Log: build/log/build-contracts.log"
}

build_explorer() {
    [ -f explorer/package.json ] || return 0
    [ -d explorer/dist ] || rm -f build/stamps/explorer
    unless_unchanged explorer "$(hash_of explorer)" build-explorer "building the explorer" \
        npm --prefix explorer run build || fail "the explorer does not build" "Log: build/log/build-explorer.log"
}

configure() {
    local hash
    hash=$(cat CMakePresets.json "cmake/guest.cmake" | sha256sum)
    [ -f "build/$1/build.ninja" ] || rm -f "build/stamps/configure-$1"
    unless_unchanged "configure-$1" "$hash" "configure-$1" "configuring $1" cmake --preset "$1" ||
        fail "CMake could not configure the preset $1" "Log: build/log/configure-$1.log"
}

# build_preset PRESET [NINJA_TARGET…]
build_preset() {
    local preset=$1
    shift
    require_preset "$preset"
    configure "$preset"
    NINJA_STATUS='[%f/%t] ' step "build-$preset" "building $preset" ninja -C "build/$preset" -j "$(jobs)" -k 20 "$@" ||
        fail "the preset $preset does not build" "Log: build/log/build-$preset.log"
}

require_preset() {
    [ -n "$(preset_title "$1")" ] || fail_usage "no preset '$1'" "Presets: debug release asan tsan fuzz guest"
}

preset_title() { sed -n 's/.*"name": "'"$1"'".*"displayName": "\([^"]*\)".*/\1/p' CMakePresets.json; }

# build_everything [PRESET [NINJA_TARGET…]]
build_everything() {
    build_contracts
    build_preset guest entresol_guest # which the program carries
    build_explorer
    build_preset "${1:-release}" "${@:2}"
}
