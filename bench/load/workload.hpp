// Signed transactions in a file, made before anything is measured: one line of hexadecimal each. Line n·S + s is the n-th of sender s of S.
// The senders, receivers and keys are those of bench/rollup/workload.mjs, which gives them their ether and tokens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"

namespace entresol::load {

inline constexpr std::size_t SENDERS = 200;

struct SigningOrder {
    std::string kind;  // transfer, erc20, or probe: transfers of one sender
    std::size_t count = 0;
    std::uint64_t chain_id = 0;
    Address token;  // erc20
    std::string file;
};
void sign_to_file(const SigningOrder& order);

/// The file in memory, read when it is needed.
class Workload {
public:
    explicit Workload(const std::string& file);
    ~Workload();
    Workload(const Workload&) = delete;
    Workload& operator=(const Workload&) = delete;

    [[nodiscard]] std::size_t size() const { return starts_.size(); }
    /// "0x…".
    [[nodiscard]] std::string_view line(std::size_t i) const;
    [[nodiscard]] Bytes raw(std::size_t i) const;

private:
    int descriptor_ = -1;
    std::string_view text_;
    std::vector<std::size_t> starts_;
};

/// Microseconds of CPU that recovering one sender from decoded transactions takes on one core.
[[nodiscard]] double measure_recovery_us(const Workload& workload, std::size_t count);

}  // namespace entresol::load
