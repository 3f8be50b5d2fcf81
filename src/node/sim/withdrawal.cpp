#include "node/sim/withdrawal.hpp"

#include "core/base/check.hpp"
#include "core/codec/abi.hpp"
#include "node/ledger/ledger.hpp"

namespace entresol::sim {

// event MessagePassed(uint256 indexed nonce, address indexed sender, address indexed target, uint256 value, uint256 gasLimit, bytes data, bytes32 hash)
std::vector<Withdrawal> withdrawals_of(const ledger::StoredBlock& block) {
    static const Hash32 topic =
        codec::abi_event_topic("MessagePassed(uint256,address,address,uint256,uint256,bytes,bytes32)");
    std::vector<Withdrawal> out;
    for (const auto& outcome : block.outcomes) {
        if (!outcome.receipt.succeeded) continue;
        for (const auto& log : outcome.receipt.logs) {
            if (log.address != MESSAGE_PASSER || log.topics.size() != 4 || log.topics[0] != topic) continue;
            codec::AbiReader reader(log.data);
            Withdrawal w{.nonce = load_be256(log.topics[1].view().data()),
                         .sender = to_address(log.topics[2]),
                         .target = to_address(log.topics[3]),
                         .value = reader.read_uint().value(),
                         .gas_limit = reader.read_uint().value(),
                         .data = to_bytes(reader.read_bytes().value()),
                         .hash = reader.read_word().value()};
            out.push_back(std::move(w));
        }
    }
    return out;
}

}  // namespace entresol::sim
