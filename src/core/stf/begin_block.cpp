#include "core/stf/system_call.hpp"

namespace entresol::stf {

namespace {

using chain::Fork;

constexpr std::uint64_t SYSTEM_CALL_GAS = 30'000'000;
// EIP-4788
constexpr Address SYSTEM_ADDRESS{{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe}}};
constexpr Address BEACON_ROOTS_ADDRESS{{{0x00, 0x0F, 0x3d, 0xf6, 0xD7, 0x32, 0x80, 0x7E, 0xf1, 0x31,
                                         0x9f, 0xB7, 0xB8, 0xbB, 0x85, 0x22, 0xd0, 0xBe, 0xac, 0x02}}};
// EIP-2935
constexpr Address HISTORY_STORAGE_ADDRESS{{{0x00, 0x00, 0xF9, 0x08, 0x27, 0xF1, 0xC5, 0x3a, 0x10, 0xcb,
                                            0x7A, 0x02, 0x33, 0x5B, 0x17, 0x53, 0x20, 0x00, 0x29, 0x35}}};

}  // namespace

std::optional<evm::CallResult> system_call(state::Journal& journal, evm::Vm& vm, const chain::Rules& rules,
                                           const Address& contract, ByteView input) {
    if (journal.code(contract)->size == 0) return std::nullopt;
    journal.begin_transaction();
    evm::Message message;
    message.gas = SYSTEM_CALL_GAS;
    message.recipient = message.code_address = contract;
    message.caller = SYSTEM_ADDRESS;
    message.input = input;
    vm.set_transaction({SYSTEM_ADDRESS, {}, {}});
    evm::CallResult result = vm.execute(message);
    journal.finish_transaction(rules);
    return result;
}

void begin_block(state::Journal& journal, evm::Vm& vm, const chain::Header& header, const chain::Rules& rules) {
    if (header.number == 0) return;
    if (rules.at_least(Fork::Cancun) && header.parent_beacon_block_root)
        (void)system_call(journal, vm, rules, BEACON_ROOTS_ADDRESS, header.parent_beacon_block_root->view());
    if (rules.at_least(Fork::Prague))
        (void)system_call(journal, vm, rules, HISTORY_STORAGE_ADDRESS, header.parent_hash.view());
}

}  // namespace entresol::stf
