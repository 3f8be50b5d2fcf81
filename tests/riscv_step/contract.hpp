// MachineStep and PublishedPreimages as they are deployed, on our own EVM.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/chain/forks.hpp"
#include "core/riscv/preimages.hpp"

namespace entresol::riscv::onchain {

/// The runtime code of a contract of the artifacts, each immutable (there is one at most) being that address.
[[nodiscard]] Bytes load_runtime(const std::string& artifacts, std::string_view name, const Address& immutable);

class StepContract {
public:
    StepContract();
    ~StepContract();
    StepContract(const StepContract&) = delete;
    StepContract& operator=(const StepContract&) = delete;

    struct Answer {
        std::optional<Hash32> next;  // nothing: it reverted, or ran out of gas
        std::uint64_t gas_used = 0;
        Bytes revert_data;
    };
    [[nodiscard]] Answer step(const Hash32& state_root, ByteView proof, std::uint64_t gas = 100'000'000);
    /// With any bytes as the arguments, after the selector.
    [[nodiscard]] Answer step_with(ByteView arguments, std::uint64_t gas = 100'000'000);
    /// By the contract's own transactions.
    void publish(PreimageType type, ByteView preimage);
    void publish_computation(const Address& precompile, ByteView input);
    /// The L1's; Osaka unless set.
    void set_fork(chain::Fork fork);
    /// One instruction of the code is made another: additions become subtractions.
    void make_a_mistake();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::riscv::onchain
