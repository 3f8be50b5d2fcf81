// A node that trusts nobody: it knows an L1 endpoint and the chain's file, derives every block, and answers the same RPC.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "node/genesis/chain_file.hpp"

namespace entresol::replica {

struct Options {
    std::string l1_url;
    std::optional<std::string> beacon_url;     // else blobs are asked of the L1 URL itself, as our devnet serves them
    std::optional<std::string> sequencer_url;  // where transactions sent here go
    std::string host = "127.0.0.1";
    std::uint16_t port = 9545;
    std::optional<std::string> datadir;
    std::uint64_t poll_ms = 500;
};

class Replica {
public:
    Replica(Options options, genesis::ChainFile chain);
    ~Replica();
    Replica(const Replica&) = delete;
    Replica& operator=(const Replica&) = delete;

    /// Throws io::Failure in words for the user: another chain behind the URL, a taken port, another datadir.
    void start();
    void stop();
    [[nodiscard]] std::uint16_t port() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::replica
