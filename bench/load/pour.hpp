// Sends a workload over keep-alive connections, each with one request in flight, watches blocks until all is sealed, and times probes beside it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "workload.hpp"

namespace entresol::load {

struct PourOptions {
    std::uint16_t port = 0;
    int server = 0;  // process id
    std::size_t connections = 8;
    std::size_t batch = 100;             // transactions a request
    double rate = 0;                     // transactions a second at most; 0: as fast as answers come
    std::size_t most_waiting = 0;        // holds back while so many are sent and not sealed; 0: never
    double seconds = 0;                  // stops sending then; 0: when the workload is sent
    std::uint64_t forced_per_block = 0;  // transactions that no user sent, in each block
    double progress_s = 0;               // a line to standard error that often; 0: never
};

struct Poured {
    std::size_t sent = 0, refused = 0, probes_sent = 0;
    std::string refusal;  // the first
    std::uint64_t first_block = 0, last_block = 0;
    double seconds = 0;       // from the first byte sent until the last of them was in a block that could be read
    double sending_s = 0;     // until the last answer
    double server_cpu_s = 0;  // meanwhile
    double generator_cpu_s = 0;
    std::vector<double> probe_ms;  // eth_sendRawTransactionSync until its receipt
    bool stalled = false;          // nothing more was sealed for 20 s
};

/// A sender's transactions stay on one connection, in order. `probes`: of one more sender, each when its predecessor was answered and a pause is over.
[[nodiscard]] Poured pour(const Workload& workload, const Workload* probes, const PourOptions& options);

}  // namespace entresol::load
