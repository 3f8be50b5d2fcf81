#include "node/parallel/signatures.hpp"

#include <algorithm>

namespace entresol::parallel {

Signatures::Signatures(std::span<const chain::Transaction> transactions, std::span<Address> senders, std::size_t first)
    : transactions_(transactions),
      senders_(senders),
      first_(first),
      count_((transactions.size() - first + GROUP - 1) / GROUP),
      groups_(std::make_unique<Group[]>(count_)) {}

std::optional<std::size_t> Signatures::recover(std::size_t begin, std::size_t end) {
    for (std::size_t group = (begin - first_) / GROUP; group * GROUP + first_ < end; ++group) {
        wait_for(group);
        if (const auto bad = groups_[group].bad; bad && *bad < end) return std::max(*bad, begin);
    }
    return std::nullopt;
}

void Signatures::wait_for(std::size_t group) {
    auto& state = groups_[group].state;
    if (take(group)) return;
    for (std::size_t later = group + 1; later < count_ && state.load(std::memory_order_acquire) != State::Done; ++later)
        (void)take(later);
    state.wait(State::Taken, std::memory_order_acquire);
}

bool Signatures::take(std::size_t group) {
    auto& [state, bad] = groups_[group];
    State untaken = State::Untaken;
    if (!state.compare_exchange_strong(untaken, State::Taken)) return false;
    const std::size_t begin = first_ + group * GROUP, size = std::min(GROUP, transactions_.size() - begin);
    std::vector<std::optional<Address>> found(size);
    chain::recover_senders(transactions_.subspan(begin, size), found);
    for (std::size_t i = 0; i < size && !bad; ++i) {
        if (found[i])
            senders_[begin + i] = *found[i];
        else
            bad = begin + i;
    }
    state.store(State::Done, std::memory_order_release);
    state.notify_all();
    return true;
}

}  // namespace entresol::parallel
