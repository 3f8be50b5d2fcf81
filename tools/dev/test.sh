# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by ./dev, which sources this file
# Runs suites one after the other, goes on after a failure, and ends with one line that counts all of them.

counts_file=build/test/counts
notes_file=build/test/notes

begin_counting() {
    rm -rf build/test
    mkdir -p build/test/gtest
    : >"$counts_file"
    : >"$notes_file"
    trap finish_early EXIT
}

# A build that fails ends the script: it still counts, as one failure, and the closing line is still the last.
finish_early() {
    record stopped "0 1 0" >/dev/null
    printf 'F stopped before every suite had run (see above)\n' >>"$notes_file"
    finish_counting
    exit 1
}

# record SUITE COUNTS_AND_NOTES: the output of tools/count_tests.py.
record() {
    local first
    first=$(head -n 1 <<<"$2")
    printf '%s %s\n' "$1" "$first" >>"$counts_file"
    tail -n +2 <<<"$2" | sed "s|^\(.\) |\1 $1: |" >>"$notes_file"
    awk '{ printf "   %d passed, %d failed, %d skipped\n", $1, $2, $3 }' <<<"$first"
}

# suite NAME "what it is" COMMAND…: counts by what its runner prints, or as one.
suite() {
    local name=$1 title=$2 status=0
    shift 2
    step "$name" "$title" "$@" || status=$?
    record "$name" "$(python3 tools/count_tests.py runner "build/log/$name.log" "$status")"
    [ "$status" -eq 0 ] || printf 'F %s (build/log/%s.log)\n' "$name" "$name" >>"$notes_file"
}

# ctest_suite NAME PRESET CTEST_OPTIONS…
ctest_suite() {
    local name=$1 preset=$2 reports="$root/build/test/gtest/$1" junit="$root/build/test/$1.xml" status=0
    shift 2
    mkdir -p "$reports"
    GTEST_OUTPUT="xml:$reports/" GTEST_BRIEF=1 STEP_TAIL=150 step "$name" "C++ tests ($preset)" \
        ctest --test-dir "build/$preset" -j "$(jobs)" --output-on-failure --no-tests=error --output-junit "$junit" "$@" || status=$?
    if [ -f "$junit" ]; then
        record "$name" "$(python3 tools/count_tests.py ctest "$junit" "$reports" "$status")"
    else
        record "$name" "0 1 0"
        printf 'F %s: ctest wrote no report (build/log/%s.log)\n' "$name" "$name" >>"$notes_file"
    fi
}

has_test_script() { [ -f "$1/package.json" ] && node -e 'process.exit(require(process.argv[1]).scripts?.test ? 0 : 1)' "$root/$1/package.json"; }

npm_suites() {
    local folder
    export ENTRESOL_BINARY="$root/build/release/entresol"
    for folder in contracts explorer tests/*/; do
        folder=${folder%/}
        if has_test_script "$folder"; then suite "${folder//\//-}" "tests of $folder" npm --prefix "$folder" test; fi
    done
}

# The proof machine's view of core/: it compiles, and holds no instruction the machine lacks.
guest_suite() {
    build_preset guest
    suite guest "core/ for RV64IM" python3 tools/check_guest.py build/guest
}

# core/ under the address and undefined-behaviour sanitizers.
sanitizer_suite() {
    build_preset asan entresol_core_tests
    ctest_suite core-sanitized asan -L '^core$'
}

# The servers', loops' and block execution's threads under the thread sanitizer.
thread_suite() {
    build_preset tsan node_io_test node_http_test node_parallel_test
    TSAN_OPTIONS="second_deadlock_stack=1" ENTRESOL_PARALLEL_BLOCKS=200 ctest_suite threads tsan \
        -R '^node_(io|http|parallel)$' -j 1
}

# Prints what was skipped and what failed, then the closing line; its status is that of the whole run.
finish_counting() {
    local passed failed skipped
    trap - EXIT
    read -r passed failed skipped < <(awk '{ p += $2; f += $3; s += $4 } END { print p + 0, f + 0, s + 0 }' "$counts_file")
    if grep -q '^S ' "$notes_file"; then
        say "skipped:"
        sed -n 's/^S /   /p' "$notes_file" | head -n 60
    fi
    if grep -q '^F ' "$notes_file"; then
        say "failed:"
        sed -n 's/^F /   /p' "$notes_file" | head -n 60
    fi
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [ "$failed" -eq 0 ]
}

# test_everything [ci]
test_everything() {
    local started
    started=$(date +%s)
    begin_counting
    lint "$([ "${1:-}" = ci ] && printf changed || printf fast)"
    build_everything release
    ctest_suite cpp release
    npm_suites
    if [ "${1:-}" = ci ]; then
        guest_suite
        sanitizer_suite
    fi
    say "all suites took $(seconds_since "$started") s"
    finish_counting
}
