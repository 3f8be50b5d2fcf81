#include "node/sim/trace.hpp"

#include <cstring>

#include "core/base/hex.hpp"

namespace entresol::sim {

// Eight bytes at a time: blobs pass through here.
void Trace::mix(std::string_view bytes) {
    const auto add = [this](std::uint64_t word) {
        digest_ = (digest_ ^ word) * 0x9fb21c651e98df25ULL;
        digest_ ^= digest_ >> 32;
    };
    add(bytes.size());
    while (bytes.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), 8);
        add(word);
        bytes.remove_prefix(8);
    }
    std::uint64_t rest = 0;
    if (!bytes.empty()) std::memcpy(&rest, bytes.data(), bytes.size());
    add(rest);
}

void Trace::note(std::string_view who, std::string_view what) {
    const auto passed_ms = schedule_.now_ms() - start_ms_;
    std::string line = std::to_string(passed_ms / 1000) + "." + std::to_string(1000 + passed_ms % 1000).substr(1) +
                       "  " + std::string(who) + ": " + std::string(what);
    mix(line);
    lines_.push_back(std::move(line));
    if (lines_.size() > KEPT_LINES) lines_.pop_front();
}

void Trace::note(std::string_view who, std::string_view what, std::uint64_t number, const Hash32& hash) {
    note(who, std::string(what) + " " + std::to_string(number) + " " + to_hex(hash));
}

}  // namespace entresol::sim
