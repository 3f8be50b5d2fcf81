// The programs of bench/evm on our interpreter; geth/ and revm/ hold the same for the peers.
//   driver FILE   reads programs, then answers each line "NAME RUNS" of its input with "NAME GAS OK OUTPUT. NANOSECONDS" of CPU time a run.
// FILE has lines "program NAME GAS", and after each of these "call ADDRESS INPUT", "account ADDRESS CODE" and "slot ADDRESS KEY VALUE". Every run
// starts from that state. Hexadecimal has no prefix.
#include <ctime>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

#include "core/base/check.hpp"
#include "core/base/hex.hpp"
#include "core/evm/vm.hpp"
#include "core/state/memory_state.hpp"

namespace entresol::evm {
namespace {

struct Program {
    std::uint64_t gas = 0;
    Address to;
    Bytes input;
    state::MemoryState state;
};

Bytes bytes_of(const std::string& hex) {
    auto bytes = parse_hex("0x" + hex);
    CHECK(bytes.has_value());
    return *bytes;
}
Address address_of(const std::string& hex) { return from_bytes<Address>(bytes_of(hex)); }
U256 word_of(const std::string& hex) { return load_be(bytes_of(hex)); }

std::map<std::string, Program> load(const char* file) {
    std::ifstream in(file);
    CHECK(in.good());
    std::map<std::string, Program> programs;
    Program* p = nullptr;
    std::string line;
    while (std::getline(in, line)) {
        std::istringstream words(line);
        std::string kind, a, b, c;
        words >> kind >> a >> b >> c;
        if (kind == "program") {
            p = &programs[a];
            p->gas = std::stoull(b);
        } else if (kind == "call") {
            p->to = address_of(a);
            p->input = bytes_of(b);
        } else if (kind == "account") {
            p->state.set_code(address_of(a), bytes_of(b));
            p->state.accounts[address_of(a)].account.nonce = 1;
        } else {
            CHECK(kind == "slot");
            p->state.accounts[address_of(a)].storage[word_of(b)] = word_of(c);
        }
    }
    return programs;
}

std::uint64_t cpu_nanoseconds() {
    timespec now{};
    CHECK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

/// A machine over a program's state, as an executor has for a block: each run is a transaction that is rolled back.
class Executor {
public:
    explicit Executor(Program& p) : program_(p), journal_(p.state), vm_(journal_, make_block()) {
        vm_.set_transaction({CALLER, {}, {}});
    }
    CallResult run() {
        journal_.begin_transaction();
        const auto start = journal_.checkpoint();
        warm_start();
        const auto result = vm_.execute({.gas = program_.gas,
                                         .recipient = program_.to,
                                         .code_address = program_.to,
                                         .caller = CALLER,
                                         .input = program_.input});
        journal_.revert_to(start);
        return result;
    }

private:
    static BlockContext make_block() {
        BlockContext block;
        block.number = block.timestamp = 1;
        block.gas_limit = ~0ULL;
        block.rules = chain::ChainConfig::all_active(1, chain::Fork::Osaka).rules_at(1, 1);
        return block;
    }
    void warm_start() {  // EIP-2929, EIP-3651
        (void)journal_.warm_account(CALLER);
        (void)journal_.warm_account(program_.to);
        (void)journal_.warm_account(Address{});
        for_each_precompile(
            make_block().rules,
            [](void* to, const Address& at) { (void)static_cast<state::Journal*>(to)->warm_account(at); }, &journal_);
    }

    inline static const Address CALLER = address_of("ca11e500000000000000000000000000000000ff");
    Program& program_;
    state::Journal journal_;
    Vm vm_;
};

}  // namespace
}  // namespace entresol::evm

int main(int argc, char** argv) {
    using namespace entresol;  // NOLINT
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " FILE\n";
        return 2;
    }
    auto programs = evm::load(argv[1]);
    std::string name;
    std::uint64_t runs = 0;
    while (std::cin >> name >> runs) {
        const auto found = programs.find(name);
        if (found == programs.end() || runs == 0) {
            std::cerr << "no program '" << name << "', or no run of it\n";
            return 2;
        }
        evm::CallResult result;
        evm::Executor executor(found->second);
        const std::uint64_t start = evm::cpu_nanoseconds();
        for (std::uint64_t i = 0; i < runs; ++i) result = executor.run();
        const std::uint64_t spent = evm::cpu_nanoseconds() - start;
        std::cout << name << ' ' << found->second.gas - result.gas_left << ' '
                  << (result.status == evm::Status::Success ? "true" : "false") << ' '
                  << to_hex(result.output).substr(2) << ". " << spent / runs << std::endl;
    }
}
