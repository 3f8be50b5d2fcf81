// Logs of a simulated call in the order in which they came about, with value transfers among them as ERC-20's Transfer events of 0xeeee….
#pragma once

#include "core/evm/vm.hpp"

namespace entresol::rpc {

class TransferLogTracer final : public evm::Tracer {
public:
    explicit TransferLogTracer(bool with_transfers) : with_transfers_(with_transfers) {}

    struct Entry {
        chain::Log log;
        std::size_t index;  // in the block
    };
    /// The finished call's; indexes go on counting.
    [[nodiscard]] std::vector<Entry> take() {
        auto out = std::move(entries_);
        entries_.clear();
        return out;
    }

    void on_enter(const evm::Message& message, ByteView) override {
        marks_.push_back(entries_.size());
        if (message.kind != evm::CallKind::DelegateCall && message.kind != evm::CallKind::StaticCall)
            add_transfer(message.caller, message.recipient, message.value);
    }
    void on_exit(const evm::CallResult& result, std::uint64_t) override {
        const std::size_t mark = marks_.back();
        marks_.pop_back();
        if (result.status != evm::Status::Success) entries_.resize(mark);
    }
    void on_log(const chain::Log& log) override { entries_.push_back({log, count_++}); }
    void on_self_destruct(const Address& from, const Address& to, const U256& balance) override {
        add_transfer(from, to, balance);
    }

private:
    void add_transfer(const Address& from, const Address& to, const U256& value);

    bool with_transfers_;
    std::size_t count_ = 0;
    std::vector<std::size_t> marks_;
    std::vector<Entry> entries_;
};

}  // namespace entresol::rpc
