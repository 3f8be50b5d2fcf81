#include "program.hpp"

#include "assembler.hpp"
#include "core/base/hex.hpp"

namespace entresol::fuzz {
namespace {

using chain::Fork;

constexpr std::size_t MAX_STACK = 12;      // what a program keeps at once, else it drops some
constexpr std::uint64_t FAR_OFFSET = 200;  // one in so many offsets is far out

/// Writes instructions and knows how deep the stack is.
class Writer : private Assembler {
public:
    Writer(Random& random, const ProgramContext& context, int depth)
        : Assembler(random, context.fork >= Fork::Shanghai), context_(context), depth_(depth) {}
    using Assembler::finish;

    void statement() {
        switch (random_.below(22)) {
            case 0:
            case 1:
            case 2:
            case 3:
            case 4: arithmetic(); break;
            case 5:
            case 6: memory(); break;
            case 7:
            case 8:
            case 9: storage(); break;
            case 10: transient(); break;
            case 11:
            case 12: environment(); break;
            case 13: log(); break;
            case 14:
            case 15: call(); break;
            case 16: precompile(); break;
            case 17: create(); break;
            case 18: loop(); break;
            case 19: branch(); break;
            case 20: shuffle(); break;
            default: any_instruction(); break;
        }
        while (stack_ > MAX_STACK) {
            random_.one_in(3) ? store_result() : op(POP, 1, 0);
        }
    }

    // Its own frame survives what the others do, and keeps what became of them.
    void careful_calls() {
        const auto calls = 1 + random_.below(4);
        for (std::uint64_t i = 0; i < calls; ++i) {
            for (int j = 0; j < 4; ++j) push(random_.of<std::uint64_t>({0, 32, 64}));
            const auto kind = random_.one_in(3) ? call_kind() : std::uint8_t{CALL};
            if (kind == CALL || kind == CALLCODE) push(random_.one_in(4) ? random_.below(100) : 0);
            push(load_be(random_.of(context_.addresses).view()));
            if (random_.one_in(4) && at_least_tangerine())
                op(GAS, 0, 1);
            else
                push(3'000 + random_.below(40'000));
            op(kind, kind == CALL || kind == CALLCODE ? 7 : 6, 1);
            push(i);
            op(SSTORE, 2, 0);
        }
        op(STOP, 0, 0);
    }

    void ending() {
        switch (random_.below(14)) {
            case 0: op(STOP, 0, 0); break;
            case 1:
            case 2:
            case 3:
            case 4:
                range();
                op(RETURN, 2, 0);
                break;
            case 5:
            case 6:
                range();
                op(has(Fork::Byzantium) ? REVERT : RETURN, 2, 0);
                break;
            case 7:
                address();
                op(SELFDESTRUCT, 1, 0);
                break;
            case 8: op(INVALID, 0, 0); break;
            case 9:
                push(random_.word());
                op(JUMP, 1, 0);
                break;
            case 10: op(ADD, 2, 1); break;  // maybe more than there is
            default: break;                 // runs into what follows
        }
    }

private:
    [[nodiscard]] bool at_least_tangerine() const { return context_.fork >= Fork::TangerineWhistle; }
    [[nodiscard]] bool has(Fork fork) const { return context_.fork >= fork || random_.one_in(400); }

    // A value: new, or one that is there.
    void value() {
        if (stack_ > 0 && random_.one_in(3)) {
            const auto n = random_.below(std::min<std::size_t>(stack_, 16));
            op(static_cast<std::uint8_t>(DUP1 + n), 0, 1);
        } else {
            push(random_.word());
        }
    }
    void offset() {
        if (random_.one_in(FAR_OFFSET))
            push(random_.word());
        else
            push(random_.of<std::uint64_t>({0, 0, 1, 4, 31, 32, 33, 64, 96, 100, 256, 1000, 4096}));
    }
    void size() {
        if (random_.one_in(FAR_OFFSET))
            push(random_.word());
        else
            push(random_.of<std::uint64_t>({0, 1, 31, 32, 33, 64, 96, 128, 200, 256, 640}));
    }
    void range() {  // offset on top
        size();
        offset();
    }
    void address() {
        const auto chosen = random_.of(context_.addresses);
        if (random_.one_in(30))
            op(random_.of<std::uint8_t>({ADDRESS, CALLER, ORIGIN, COINBASE}), 0, 1);
        else if (random_.one_in(60))
            push(random_.full_word());  // only its last 20 bytes count
        else
            push(load_be(chosen.view()));
    }
    void key() { push(random_.one_in(20) ? random_.full_word() : U256{random_.below(4)}); }
    void store_result() {
        key();
        op(SSTORE, 2, 0);
    }

    void arithmetic() {
        for (;;) {
            const auto& row = OPS[random_.below(std::size(OPS))];
            if (row.byte > CLZ || row.byte == STOP || !has(row.since)) continue;
            for (int i = 0; i < row.takes; ++i) value();
            op(row.byte, row.takes, row.gives);
            return;
        }
    }
    void memory() {
        switch (random_.below(8)) {
            case 0:
                offset();
                op(MLOAD, 1, 1);
                break;
            case 1:
                value();
                offset();
                op(MSTORE, 2, 0);
                break;
            case 2:
                value();
                offset();
                op(MSTORE8, 2, 0);
                break;
            case 3:
                range();
                op(KECCAK256, 2, 1);
                break;
            case 4: copy(CALLDATACOPY); break;
            case 5: copy(CODECOPY); break;
            case 6: has(Fork::Cancun) ? copy(MCOPY) : op(MSIZE, 0, 1); break;
            default: has(Fork::Byzantium) ? return_data() : op(MSIZE, 0, 1); break;
        }
    }
    void copy(std::uint8_t instruction) {
        size();
        offset();
        offset();
        op(instruction, 3, 0);
    }
    // Beyond its end the frame fails: mostly what is there.
    void return_data() {
        if (random_.one_in(4)) {
            op(RETURNDATASIZE, 0, 1);
            return;
        }
        if (random_.one_in(6))
            size();
        else
            op(RETURNDATASIZE, 0, 1);
        random_.one_in(10) ? offset() : push(std::uint64_t{0});
        offset();
        op(RETURNDATACOPY, 3, 0);
    }
    void storage() {
        if (random_.one_in(2)) {
            value();
            key();
            op(SSTORE, 2, 0);
        } else {
            key();
            op(SLOAD, 1, 1);
        }
    }
    void transient() {
        if (!has(Fork::Cancun)) return storage();
        if (random_.one_in(2)) {
            value();
            key();
            op(TSTORE, 2, 0);
        } else {
            key();
            op(TLOAD, 1, 1);
        }
    }
    void environment() {
        switch (random_.below(4)) {
            case 0: {
                const OpRow* row = nullptr;
                while (row == nullptr || row->takes != 0 || row->gives != 1 || row->byte >= PUSH0 || !has(row->since))
                    row = &OPS[random_.below(std::size(OPS))];
                op(row->byte, 0, 1);
                break;
            }
            case 1:
                address();
                op(has(Fork::Constantinople) ? random_.of<std::uint8_t>({BALANCE, EXTCODESIZE, EXTCODEHASH})
                                             : random_.of<std::uint8_t>({BALANCE, EXTCODESIZE}),
                   1, 1);
                break;
            case 2:
                size();
                offset();
                offset();
                address();
                op(EXTCODECOPY, 4, 0);
                break;
            default:
                if (has(Fork::Cancun) && random_.one_in(3)) {
                    push(random_.below(8));
                    op(BLOBHASH, 1, 1);
                } else if (random_.one_in(2)) {
                    push(random_.one_in(4) ? random_.word() : U256{random_.below(600)});
                    op(BLOCKHASH, 1, 1);
                } else {
                    offset();
                    op(CALLDATALOAD, 1, 1);
                }
        }
    }
    void log() {
        const auto topics = random_.below(5);
        for (std::uint64_t i = 0; i < topics; ++i) value();
        range();
        op(static_cast<std::uint8_t>(LOG0 + topics), topics + 2, 0);
    }
    void gas() {
        switch (random_.below(6)) {
            case 0: push(random_.of<std::uint64_t>({0, 1, 700, 2300, 2301, 5000, 21000, 50000})); break;
            case 1: push(random_.word()); break;
            default: op(GAS, 0, 1); break;
        }
    }
    std::uint8_t call_kind() {
        for (;;) {
            const auto kind =
                random_.of<std::uint8_t>({CALL, CALL, CALL, CALLCODE, DELEGATECALL, STATICCALL, STATICCALL});
            if (kind == DELEGATECALL && !has(Fork::Homestead)) continue;
            if (kind == STATICCALL && !has(Fork::Byzantium)) continue;
            return kind;
        }
    }
    template <typename Target>
    void call_with(std::uint8_t kind, const Target& target) {
        range();
        range();
        call_tail(kind, target);
    }
    template <typename Target>
    void call_tail(std::uint8_t kind, const Target& target) {
        const bool has_value = kind == CALL || kind == CALLCODE;
        if (has_value) push(random_.one_in(3) ? random_.of<std::uint64_t>({1, 7, 1000, ~0ULL}) : 0);
        target();
        gas();
        op(kind, has_value ? 7 : 6, 1);
    }
    void call() {
        call_with(call_kind(), [this] { address(); });
    }
    void precompile() {
        const auto which = random_.one_in(12) ? 0x100 : 1 + random_.below(18);
        const Bytes input = make_precompile_input(random_, which);
        const auto index = add_tail(input);
        push(std::uint64_t{input.size()});
        push_tail(index);
        push(std::uint64_t{0});
        op(CODECOPY, 3, 0);
        size();
        offset();
        push(std::uint64_t{random_.one_in(8) ? random_.below(input.size() + 40) : input.size()});
        push(std::uint64_t{0});
        call_tail(call_kind(), [&] { push(U256{which}); });
        if (random_.one_in(2)) {
            op(POP, 1, 0);
            push(std::uint64_t{32});
            offset();
            op(KECCAK256, 2, 1);
            store_result();
        }
    }
    void create() {
        if (depth_ > 2) return arithmetic();
        const Bytes initcode = make_initcode(random_, context_, depth_ + 1);
        const auto index = add_tail(initcode);
        push(std::uint64_t{initcode.size()});
        push_tail(index);
        push(std::uint64_t{0});
        op(CODECOPY, 3, 0);
        const bool salted = has(Fork::Constantinople) && random_.one_in(2);
        if (salted) push(random_.below(3));
        if (random_.one_in(40))
            push(random_.of<std::uint64_t>({24576, 49152, 49153, 100000}));
        else
            push(std::uint64_t{initcode.size()});
        push(std::uint64_t{0});
        push(random_.one_in(4) ? random_.below(1000) : 0);
        op(salted ? CREATE2 : CREATE, salted ? 4 : 3, 1);
        if (random_.one_in(2) && stack_ > 0) {  // call what is new
            for (int i = 0; i < 5; ++i) push(std::uint64_t{0});
            op(DUP6, 0, 1);
            gas();
            op(CALL, 7, 1);
        }
    }
    void loop() {
        push(random_.one_in(30) ? random_.below(3000) + 1 : random_.below(12) + 1);
        const auto start = code_.size();
        op(JUMPDEST, 0, 0);
        const auto before = stack_;
        const auto statements = random_.below(3);
        for (std::uint64_t i = 0; i < statements; ++i) simple_statement();
        while (stack_ > before) op(POP, 1, 0);
        if (stack_ < before) return;  // what it took was the counter: never mind
        push(std::uint64_t{1});
        op(SWAP1, 0, 0);
        op(SUB, 2, 1);
        op(DUP1, 0, 1);
        push(std::uint64_t{start});
        op(JUMPI, 2, 0);
        op(POP, 1, 0);
    }
    void simple_statement() {
        switch (random_.below(4)) {
            case 0: arithmetic(); break;
            case 1: memory(); break;
            case 2: storage(); break;
            default: environment(); break;
        }
    }
    void branch() {
        random_.one_in(2) ? value() : push(random_.below(2));
        const auto at = code_.size() + 1;
        code_.push_back(PUSH2);
        code_.insert(code_.end(), 2, 0);
        ++stack_;
        op(JUMPI, 2, 0);
        const auto before = stack_;
        if (random_.one_in(6))
            ending();
        else
            simple_statement();
        while (stack_ > before) op(POP, 1, 0);
        auto target = code_.size();
        if (random_.one_in(50)) target += random_.below(3);  // beside the mark
        code_[at] = static_cast<std::uint8_t>(target >> 8);
        code_[at + 1] = static_cast<std::uint8_t>(target);
        op(JUMPDEST, 0, 0);
        stack_ = std::min(stack_, before);
    }
    void shuffle() {
        const auto n = random_.below(16);
        if (random_.one_in(2))
            op(static_cast<std::uint8_t>(SWAP1 + (stack_ > 1 ? n % (stack_ - 1) % 16 : n)), 0, 0);
        else
            op(static_cast<std::uint8_t>(DUP1 + (stack_ > 0 ? n % stack_ % 16 : n)), 0, 1);
    }
    void any_instruction() {
        if (!random_.one_in(8)) {
            const auto& row = OPS[random_.below(std::size(OPS))];
            for (int i = 0; i < row.takes && i < 7; ++i) random_.one_in(2) ? offset() : value();
            op(row.byte, row.takes, row.gives);
        } else {
            op(static_cast<std::uint8_t>(random_.next()), 0, 0);
        }
    }

    const ProgramContext& context_;
    int depth_;
};

}  // namespace

Bytes make_program(Random& random, const ProgramContext& context, int depth) {
    if (random.one_in(60)) return random.bytes(random.below(80));
    Writer writer(random, context, depth);
    const auto statements = 1 + random.below(depth == 0 ? 24 : 8);
    for (std::uint64_t i = 0; i < statements; ++i) writer.statement();
    writer.ending();
    return writer.finish();
}

Bytes make_caller(Random& random, const ProgramContext& context) {
    Writer writer(random, context, 0);
    writer.careful_calls();
    return writer.finish();
}

Bytes make_initcode(Random& random, const ProgramContext& context, int depth) {
    if (random.one_in(8)) return make_program(random, context, depth);
    Bytes runtime = random.one_in(12) ? Bytes{} : make_program(random, context, depth + 1);
    if (random.one_in(20)) runtime.insert(runtime.begin(), 0xef);                   // EIP-3541
    if (random.one_in(40)) runtime.resize(random.of<std::size_t>({24576, 24577}));  // EIP-170
    Bytes out;
    if (random.one_in(3)) {  // does something first
        out = make_program(random, context, depth + 1);
        if (out.size() > 200) out.clear();
        if (!out.empty() && out.back() == 0) out.pop_back();
        out.push_back(JUMPDEST);
    }
    const std::size_t size = runtime.size(), head = out.size() + 15;
    const auto put2 = [&](std::size_t value) {
        out.push_back(PUSH2);
        out.push_back(static_cast<std::uint8_t>(value >> 8));
        out.push_back(static_cast<std::uint8_t>(value));
    };
    put2(size);
    put2(head);
    out.insert(out.end(), {PUSH1, 0, CODECOPY});
    put2(size);
    out.insert(out.end(), {PUSH1, 0});
    out.push_back(RETURN);
    append(out, runtime);
    return out;
}

}  // namespace entresol::fuzz
