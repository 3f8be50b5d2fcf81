// One thread's reader of a state in memory that nobody changes meanwhile.
#pragma once

#include "core/state/memory_state.hpp"

namespace entresol::parallel {

class MemoryReader final : public state::StateView {
public:
    explicit MemoryReader(const state::MemoryState& state) : state_(state) {}

    std::optional<state::Account> find_account(const Address& address) override;
    U256 load_storage(const Address& address, const U256& key) override;
    bool has_storage(const Address& address) override;
    state::CodePtr load_code(const Hash32& code_hash) override;
    Hash32 load_block_hash(std::uint64_t number) override;
    bool has_failed() const override { return failed_; }

private:
    const state::MemoryState& state_;
    bool failed_ = false;
};

}  // namespace entresol::parallel
