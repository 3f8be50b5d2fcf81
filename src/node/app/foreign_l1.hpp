// `entresol devnet --l1 URL`: the devnet's L2 on an L1 that somebody else runs.
#pragma once

#include <string>

#include "node/devnet/devnet.hpp"
#include "node/io/key_file.hpp"

namespace entresol::app {

struct ForeignL1 {
    std::string url;  // empty: the devnet brings its own
    std::string beacon_url;
    io::KeyLocation deployer;  // not given: the first account of the test mnemonic
};

/// Deploys the contracts, unless the data directory knows of a deployment, and serves until a signal comes.
int run_devnet_on_foreign_l1(const ForeignL1& foreign, const devnet::Options& options, bool print_json);

}  // namespace entresol::app
