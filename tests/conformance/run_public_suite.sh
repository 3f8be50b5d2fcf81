#!/usr/bin/env bash
# run_public_suite.sh SUITE PROGRAM SOURCE_DIR SCRATCH_DIR: runs `PROGRAM conformance SUITE` over the compressed vectors beside a checkout, unpacked into
# SCRATCH_DIR for as long as it runs (up to 600 MB). Exit status 77 (skipped) where they are absent.
set -euo pipefail
suite=$1 program=$2 source=$3 scratch=$4
shared=${ENTRESOL_SHARED_DATA:-$source/../shared/data}
case $suite in
    state-tests) pattern='eest-*-state_tests' inside=. ;;
    blockchain-tests) pattern='eest-*-blockchain_tests' inside=. ;;
    trie-tests) pattern='ethereum-tests-*' inside=tests/TrieTests ;;
    rlp-tests) pattern='ethereum-tests-*' inside=tests/RLPTests ;;
    transaction-tests) pattern='ethereum-tests-*' inside=tests/TransactionTests ;;
    precompiles) pattern='precompiles-*' inside=. ;;
    *) echo "no suite $suite" >&2; exit 2 ;;
esac
archive=
for candidate in "$shared"/consensus/$pattern.tar.xz; do
    [ -f "$candidate" ] && archive=$candidate
done
if [ -z "$archive" ]; then
    echo "skipped: no public $suite beside this checkout"
    exit 77
fi
ulimit -s 131072 2>/dev/null || true # sanitizers make the stack of 1024 nested calls large
folder=$(mktemp -d "$scratch/vectors.XXXXXX")
trap 'rm -rf "$folder"' EXIT
tar -xJf "$archive" -C "$folder"
"$program" conformance "$suite" --skipped "$folder/$inside"
