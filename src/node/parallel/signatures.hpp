// The senders of a block's transactions, recovered in groups by whoever needs one first.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/chain/transaction.hpp"

namespace entresol::parallel {

/// Groups are larger than chunks may be: signatures are recovered several at a time (core/crypto), whatever is executed with them.
class Signatures {
public:
    /// Of transactions [first, …); both must outlive this. `senders` has a place for each transaction and is filled.
    Signatures(std::span<const chain::Transaction> transactions, std::span<Address> senders, std::size_t first);

    /// Returns when the senders in [begin, end) are there; the first one whose signature names nobody, if one does: from there on nothing is.
    /// Any thread; who finds a group in other hands recovers the next one meanwhile.
    [[nodiscard]] std::optional<std::size_t> recover(std::size_t begin, std::size_t end);

private:
    static constexpr std::size_t GROUP = 32;
    enum class State : std::uint8_t { Untaken, Taken, Done };
    struct Group {
        std::atomic<State> state{State::Untaken};
        std::optional<std::size_t> bad;  // written before Done, read after
    };
    [[nodiscard]] bool take(std::size_t group);
    void wait_for(std::size_t group);

    std::span<const chain::Transaction> transactions_;
    std::span<Address> senders_;
    std::size_t first_;
    std::size_t count_;
    std::unique_ptr<Group[]> groups_;
};

}  // namespace entresol::parallel
