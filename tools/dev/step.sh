# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by ./dev, which sources this file
# Telling what happens: numbered nothing, one line a step, its time at the end, the log's tail when it fails.

say() { printf '%s\n' "$*"; }
tell_error() {
    printf '\nerror: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
}
fail() {
    tell_error "$@"
    exit 1
}
fail_usage() {
    tell_error "$@"
    exit 2
}

seconds_since() { printf '%s' "$(( $(date +%s) - $1 ))"; }

# step LOG_NAME "what it does" COMMAND…: runs the command with its output in build/log/LOG_NAME.log; on a terminal the
# log's last line is shown each second, elsewhere every 20 s. Returns the command's status; prints the log's end when it failed.
step() {
    local log="$root/build/log/$1.log" title=$2 started status=0 shown=0 pid elapsed
    shift 2
    mkdir -p "$root/build/log"
    started=$(date +%s)
    if [ -t 1 ]; then printf -- '-- %s' "$title"; else say "-- $title"; fi
    set -m # a process group of its own, so that an interrupt ends all of it
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    set +m
    # shellcheck disable=SC2064 # the number is known now
    trap "kill -TERM -- -$pid 2>/dev/null; exit 130" INT TERM
    while sleep_while_running "$pid"; do
        elapsed=$(seconds_since "$started")
        if [ -t 1 ]; then
            printf '\r\033[K-- %s  %s s  %.80s' "$title" "$elapsed" "$(last_line "$log")"
        elif [ $((elapsed - shown)) -ge 20 ]; then
            shown=$elapsed
            printf '   … %s s  %.100s\n' "$elapsed" "$(last_line "$log")"
        fi
    done
    wait "$pid" || status=$?
    trap - INT TERM
    elapsed=$(seconds_since "$started")
    [ -t 1 ] && printf '\r\033[K-- %s' "$title"
    if [ "$status" -eq 0 ]; then
        if [ -t 1 ]; then printf '  (%s s)\n' "$elapsed"; elif [ "$elapsed" -ge 2 ]; then say "   done in $elapsed s"; fi
    else
        printf '\n   FAILED with status %s after %s s; the end of %s:\n' "$status" "$elapsed" "${log#"$root"/}"
        tail -n "${STEP_TAIL:-60}" "$log" | sed 's/^/   | /'
    fi
    return "$status"
}

last_line() { tail -c 400 "$1" | tr '\r' '\n' | grep -v '^ *$' | tail -n 1; }

# Waits up to a second, less when the process ends; false once it has ended.
sleep_while_running() {
    local tick
    for tick in 1 2 3 4 5 6 7 8 9 10; do
        kill -0 "$1" 2>/dev/null || return 1
        if [ "$tick" -le 2 ]; then sleep 0.03; else sleep 0.11; fi
    done
}
