#include "core/derive/l1_traversal.hpp"

namespace entresol::derive {

const char* to_string(Stall stall) {
    switch (stall) {
        case Stall::Exhausted: return "L1 block exhausted";
        case Stall::Again: return "call again";
        case Stall::NeedsL1: return "waiting for the next L1 block";
        case Stall::Temporary: return "a provider could not answer";
        case Stall::Reset: return "L1 was reorganised";
        case Stall::Broken: return "L1 or L2 data that no genuine chain holds";
    }
    return "?";
}

void L1Traversal::reset(const L1BlockRef& base, const SystemConfig& system_config) {
    origin_ = base;
    system_config_ = system_config;
    taken_ = false;
}

std::optional<L1BlockRef> L1Traversal::take_block() {
    if (taken_) return std::nullopt;
    taken_ = true;
    return origin_;
}

/// At the head. Is it still the head, or has a reorganisation made the chain shorter?
Stall L1Traversal::why_no_next_block() {
    const auto current = l1_.header_by_number(origin_.number);
    if (!current) return current.error() == FetchError::Temporary ? Stall::Temporary : Stall::Reset;
    return chain::header_hash(*current) == origin_.hash ? Stall::NeedsL1 : Stall::Reset;
}

Result<void, Stall> L1Traversal::advance() {
    const auto header = l1_.header_by_number(origin_.number + 1);
    if (!header && header.error() == FetchError::NotFound) return fail(why_no_next_block());
    if (!header) return fail(Stall::Temporary);
    if (header->parent_hash != origin_.hash) return fail(Stall::Reset);
    const L1BlockRef next = make_l1_block_ref(*header);
    const auto receipts = l1_.receipts(next.hash);
    if (!receipts) return fail(to_stall(receipts.error()));
    apply_config_updates(system_config_, *receipts, config_.system_config_contract);
    origin_ = next;
    taken_ = false;
    return {};
}

}  // namespace entresol::derive
