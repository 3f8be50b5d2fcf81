// entresol_blockchain_tests [--filter TEXT] PATH…: runs public blockchain tests. Vectors are not part of the project.
#include "state_test.hpp"

int main(int argc, char** argv) {
    return entresol::conformance::run_files(argc, argv, entresol::conformance::run_blockchain_test_file);
}
