#!/usr/bin/env bash
# run_public_suite.sh KIND PROGRAM SOURCE_DIR SCRATCH_DIR: runs PROGRAM over the public suite's KIND (state, blockchain) from the compressed vectors beside
# a checkout, unpacked into SCRATCH_DIR for as long as it runs (up to 600 MB). Exit status 77 (skipped) where they are absent.
set -euo pipefail
kind=$1 program=$2 source=$3 scratch=$4
shared=${ENTRESOL_SHARED_DATA:-$source/../shared/data}
archive=
for candidate in "$shared"/consensus/eest-*-"${kind}"_tests.tar.xz; do
    [ -f "$candidate" ] && archive=$candidate
done
if [ -z "$archive" ]; then
    echo "skipped: no public $kind tests beside this checkout"
    exit 77
fi
ulimit -s 131072 2>/dev/null || true # sanitizers make the stack of 1024 nested calls large
folder=$(mktemp -d "$scratch/vectors.XXXXXX")
trap 'rm -rf "$folder"' EXIT
tar -xJf "$archive" -C "$folder"
"$program" "$folder"
