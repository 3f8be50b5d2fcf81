#include "contract.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "core/base/hex.hpp"
#include "core/base/uint256.hpp"
#include "core/crypto/keccak.hpp"
#include "core/evm/vm.hpp"
#include "core/state/journal.hpp"
#include "core/state/memory_state.hpp"
#include "testing/json_fields.hpp"

namespace entresol::riscv::onchain {
namespace {

constexpr std::size_t PIECE_BYTES = 24544;  // PublishedPreimages.PIECE_BYTES

Address address_of(std::uint8_t number) {
    Address address;
    address.bytes.fill(number);
    return address;
}
const Address STEP = address_of(0x51), PUBLISHED = address_of(0x52), CALLER = address_of(0x53);

Bytes selector(std::string_view signature) {
    const auto hash = crypto::keccak256({reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()});
    return {hash.bytes.begin(), hash.bytes.begin() + 4};
}
void append_word(Bytes& out, std::uint64_t value) { append(out, to_hash32(U256{value}).view()); }
void append_address(Bytes& out, const Address& address) {
    out.resize(out.size() + 12);
    append(out, address.view());
}
// A dynamic byte string, padded to whole words.
void append_bytes(Bytes& out, ByteView bytes) {
    append_word(out, bytes.size());
    append(out, bytes);
    out.resize(out.size() + (32 - bytes.size() % 32) % 32);
}

[[noreturn]] void stop(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

}  // namespace

Bytes load_runtime(const std::string& artifacts, std::string_view name, const Address& immutable) {
    const auto all = entresol::testing::parse_json_file(artifacts);
    const auto& contract = all.at(name).as_object();
    Bytes code = *parse_hex(entresol::testing::text(contract, "runtime"));
    for (const auto& reference : contract.at("immutableReferences").as_object())
        for (const auto& place : reference.value().as_array()) {
            const auto start = static_cast<std::size_t>(place.at("start").as_int64());
            std::copy(immutable.bytes.begin(), immutable.bytes.end(),
                      code.begin() + static_cast<std::ptrdiff_t>(start + 12));
        }
    return code;
}

struct StepContract::Impl {
    state::MemoryState state;
    evm::BlockContext block;
    std::optional<state::Journal> journal;

    Impl() {
        block.number = 1;
        block.timestamp = 1;
        block.gas_limit = 60'000'000;
        state.set_code(STEP, load_runtime(ENTRESOL_ARTIFACTS, "MachineStep", PUBLISHED));
        state.set_code(PUBLISHED, load_runtime(ENTRESOL_ARTIFACTS, "PublishedPreimages", {}));
        journal.emplace(state);
    }
    evm::CallResult call(const Address& to, ByteView input, std::uint64_t gas, bool is_static) {
        journal->begin_transaction();
        evm::Vm vm(*journal, block);
        vm.set_transaction({CALLER, U256{}, {}});
        (void)journal->warm_account(to);
        auto result = vm.execute({.kind = is_static ? evm::CallKind::StaticCall : evm::CallKind::Call,
                                  .is_static = is_static,
                                  .gas = gas,
                                  .recipient = to,
                                  .code_address = to,
                                  .caller = CALLER,
                                  .input = input});
        journal->finish_transaction(block.rules);
        return result;
    }
    Bytes send(const Bytes& input) {
        auto result = call(PUBLISHED, input, 1'000'000'000, false);
        if (result.status != evm::Status::Success) stop("a preimage could not be published");
        return result.output;
    }
    // As the argument of a publishing function.
    void append_pieces(Bytes& out, ByteView bytes) {
        std::vector<Address> pieces;
        do {
            const ByteView piece = bytes.first(std::min(bytes.size(), PIECE_BYTES));
            Bytes input = selector("store(bytes)");
            append_word(input, 32);
            append_bytes(input, piece);
            pieces.push_back(to_address(from_bytes<Hash32>(send(input))));
            bytes = bytes.subspan(piece.size());
        } while (!bytes.empty());
        append_word(out, pieces.size());
        for (const auto& piece : pieces) append_address(out, piece);
    }
};

StepContract::StepContract() : impl_(std::make_unique<Impl>()) {}
StepContract::~StepContract() = default;

StepContract::Answer StepContract::step(const Hash32& state_root, ByteView proof, std::uint64_t gas) {
    Bytes arguments = to_bytes(state_root.view());
    append_word(arguments, 64);
    append_bytes(arguments, proof);
    return step_with(arguments, gas);
}

StepContract::Answer StepContract::step_with(ByteView arguments, std::uint64_t gas) {
    static const Bytes STEP_SELECTOR = selector("step(bytes32,bytes)");
    Bytes input = STEP_SELECTOR;
    append(input, arguments);
    auto result = impl_->call(STEP, input, gas, true);
    Answer answer{std::nullopt, gas - result.gas_left, {}};
    if (result.status == evm::Status::Success && result.output.size() == 32)
        answer.next = from_bytes<Hash32>(result.output);
    else
        answer.revert_data = std::move(result.output);
    return answer;
}

void StepContract::publish(PreimageType type, ByteView preimage) {
    const bool is_keccak = type == PreimageType::Keccak256;
    Bytes input = selector(is_keccak ? "publishKeccak256(address[])" : "publishSha256(address[])");
    append_word(input, 32);
    impl_->append_pieces(input, preimage);
    (void)impl_->send(input);
}

void StepContract::publish_computation(const Address& precompile, ByteView input) {
    Bytes calldata = selector("publishComputation(address,address[])");
    append_address(calldata, precompile);
    append_word(calldata, 64);
    impl_->append_pieces(calldata, input);
    (void)impl_->send(calldata);
}

void StepContract::set_fork(chain::Fork fork) { impl_->block.rules.fork = fork; }

void StepContract::make_a_mistake() {
    Bytes code = load_runtime(ENTRESOL_ARTIFACTS, "MachineStep", PUBLISHED);
    // Which instruction is whose is not known here: one that tests meet is changed, SLT for SGT somewhere in the middle.
    const auto slt =
        std::find(code.begin() + static_cast<std::ptrdiff_t>(code.size() / 4), code.end(), std::uint8_t{0x12});
    if (slt == code.end()) stop("no SLT in the code");
    *slt = 0x13;
    impl_->state.set_code(STEP, code);
    impl_->journal.emplace(impl_->state);
}

}  // namespace entresol::riscv::onchain
