# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by ./dev, which sources this file
# Everything that can be found wrong without running the program.

cpp_files() { git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp' '*.h' ':!third_party/*'; }

shell_files() {
    git ls-files --cached --others --exclude-standard -- '*.sh' dev .ci/run
}

# C++ files that differ from the main branch, or on the main branch itself from the commit before.
changed_cpp_files() {
    local base
    base=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null || true)
    if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then base=$(git rev-parse -q --verify HEAD~1 || git rev-parse HEAD); fi
    { git diff --name-only --diff-filter=d "$base" -- '*.cpp'; git ls-files --others --exclude-standard -- '*.cpp'; } | sort -u
}

# One line a file; the details are what ./dev format changes.
check_format() {
    local status=0
    cpp_files | xargs -r clang-format-19 --dry-run -Werror 2>&1 | sed -n 's/^\([^:]*\):[0-9:]* error: .*/\1/p' | sort | uniq -c |
        awk '{ print $2 ": " $1 " places; ./dev format mends them"; found = 1 } END { exit found }' || status=$?
    return "$status"
}
check_shell() { shell_files | xargs -r shellcheck -x -P "$root"; }
check_tools() { python3 -m unittest discover -s tools -p '*_test.py'; }

# Only files that the build knows: a fuzz target or another platform's file has no compile command.
tidy() {
    local file known=()
    for file in "$@"; do
        grep -q "\"file\": \"$root/$file\"" build/release/compile_commands.json && known+=("$file")
    done
    [ "${#known[@]}" -eq 0 ] && return
    printf '%s\0' "${known[@]}" | xargs -0 -P "$(jobs)" -n 1 \
        clang-tidy-19 -p build/release --quiet --extra-arg=-Wno-unknown-warning-option --warnings-as-errors='*'
}

# No figure of the README is written by hand: each table is what its script makes of the results.
check_tables() {
    local script wrong=0
    for script in bench/*/table.mjs; do
        ! grep -q "^<!-- $script: begin" README.md || node "$script" --check README.md || wrong=1
    done
    return "$wrong"
}

# lint fast|changed|all: clang-tidy on nothing, on what changed, on everything. Each check is a suite of its own in the counts.
lint() {
    local files=()
    suite tools "unit tests of the tools" check_tools
    suite includes "modules and includes" python3 tools/check_includes.py
    suite docs "documents and words" python3 tools/check_docs.py
    suite tables "tables of the README" check_tables
    suite shell "shell scripts" check_shell
    suite format "C++ format" check_format
    case $1 in
        changed) mapfile -t files < <(changed_cpp_files) ;;
        all) mapfile -t files < <(cpp_files | grep '\.cpp$') ;;
    esac
    if [ "${#files[@]}" -gt 0 ]; then
        configure release
        suite tidy "clang-tidy on ${#files[@]} files" tidy "${files[@]}"
    fi
}

format_files() { cpp_files | xargs -r clang-format-19 -i; }
format() { step format "formatting C++" format_files; }
