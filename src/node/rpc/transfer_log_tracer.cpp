#include "node/rpc/transfer_log_tracer.hpp"

#include "core/crypto/keccak.hpp"

namespace entresol::rpc {

void TransferLogTracer::add_transfer(const Address& from, const Address& to, const U256& value) {
    if (!with_transfers_ || value.is_zero()) return;
    constexpr std::string_view EVENT = "Transfer(address,address,uint256)";
    chain::Log log;
    log.address.bytes.fill(0xee);
    log.topics = {crypto::keccak256({reinterpret_cast<const std::uint8_t*>(EVENT.data()), EVENT.size()}),
                  to_hash32(to_u256(from)), to_hash32(to_u256(to))};
    log.data = to_bytes(to_hash32(value).view());
    on_log(log);
}

}  // namespace entresol::rpc
