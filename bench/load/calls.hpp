// One question asked again and again over some connections.
#pragma once

#include <cstdint>
#include <string>

namespace entresol::load {

struct CallOptions {
    std::uint16_t port = 0;
    int server = 0;  // process id
    std::string method;
    std::string params;  // JSON, without its brackets
    std::size_t connections = 8;
    std::size_t batch = 1;
    double seconds = 5;
};
struct Called {
    std::size_t calls = 0;
    double seconds = 0, server_cpu_s = 0, generator_cpu_s = 0;
};
/// Throws when an answer holds an error.
[[nodiscard]] Called call_repeatedly(const CallOptions& options);

}  // namespace entresol::load
