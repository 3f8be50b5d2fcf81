#include "node/parallel/memory_reader.hpp"

namespace entresol::parallel {

std::optional<state::Account> MemoryReader::find_account(const Address& address) {
    const auto found = state_.accounts.find(address);
    if (found == state_.accounts.end()) return std::nullopt;
    return found->second.account;
}

U256 MemoryReader::load_storage(const Address& address, const U256& key) {
    const auto found = state_.accounts.find(address);
    if (found == state_.accounts.end()) return {};
    const auto slot = found->second.storage.find(key);
    return slot == found->second.storage.end() ? U256{} : slot->second;
}

bool MemoryReader::has_storage(const Address& address) {
    const auto found = state_.accounts.find(address);
    return found != state_.accounts.end() && !found->second.storage.empty();
}

state::CodePtr MemoryReader::load_code(const Hash32& code_hash) {
    const auto found = state_.codes.find(code_hash);
    if (found != state_.codes.end()) return found->second;
    failed_ = true;
    return nullptr;
}

Hash32 MemoryReader::load_block_hash(std::uint64_t number) {
    const auto found = state_.block_hashes.find(number);
    return found == state_.block_hashes.end() ? Hash32{} : found->second;
}

}  // namespace entresol::parallel
