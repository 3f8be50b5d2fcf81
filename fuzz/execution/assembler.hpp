// Instructions one after another, how deep the stack is, and data behind the code.
#pragma once

#include <vector>

#include "append.hpp"
#include "core/evm/opcodes.hpp"
#include "random.hpp"

namespace entresol::fuzz {

enum Op : std::uint8_t {
#define X(byte, name, takes, gives, since, gas) name = byte,
    ENTRESOL_OPCODES(X)
#undef X
};

struct OpRow {
    std::uint8_t byte, takes, gives;
    chain::Fork since;
};
constexpr OpRow OPS[] = {
#define X(byte, name, takes, gives, since, gas) {byte, takes, gives, chain::Fork::since},
    ENTRESOL_OPCODES(X)
#undef X
};

class Assembler {
public:
    Assembler(Random& random, bool has_push0) : random_(random), has_push0_(has_push0) {}

    Bytes finish() {
        Bytes out = std::move(code_);
        const std::size_t base = out.size() + 1;
        out.push_back(STOP);
        for (const auto& [at, index] : tail_references_) {
            const std::size_t offset = base + tail_offsets_[index];
            out[at] = static_cast<std::uint8_t>(offset >> 8);
            out[at + 1] = static_cast<std::uint8_t>(offset);
        }
        append(out, tail_);
        return out;
    }

protected:
    void op(std::uint8_t byte, std::size_t takes, std::size_t gives) {
        code_.push_back(byte);
        stack_ = (stack_ > takes ? stack_ - takes : 0) + gives;
    }
    void push(const U256& value) {
        const Hash32 word = to_hash32(value);
        std::size_t size = 32;
        while (size > 0 && word.bytes[32 - size] == 0) --size;
        if (size == 0 && (!(has_push0_ || random_.one_in(400)) || random_.one_in(3))) size = 1;
        if (size > 0 && size < 32 && random_.one_in(10)) ++size;  // a leading zero
        code_.push_back(static_cast<std::uint8_t>(PUSH0 + size));
        for (std::size_t i = 32 - size; i < 32; ++i) code_.push_back(word.bytes[i]);
        ++stack_;
    }
    void push(std::uint64_t value) { push(U256{value}); }
    void push_tail(std::size_t index) {
        code_.push_back(PUSH2);
        tail_references_.emplace_back(code_.size(), index);
        code_.insert(code_.end(), 2, 0);
        ++stack_;
    }
    std::size_t add_tail(const Bytes& data) {
        tail_offsets_.push_back(tail_.size());
        append(tail_, data);
        return tail_offsets_.size() - 1;
    }

    Random& random_;
    bool has_push0_;
    Bytes code_, tail_;
    std::vector<std::size_t> tail_offsets_;
    std::vector<std::pair<std::size_t, std::size_t>> tail_references_;  // where in the code, which of the tail
    std::size_t stack_ = 0;
};

}  // namespace entresol::fuzz
