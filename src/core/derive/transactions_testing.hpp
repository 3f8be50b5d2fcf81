// For tests: encoded transactions of every type that batches carry, from a seed.
#pragma once

#include <random>

#include "core/codec/rlp.hpp"

namespace entresol::derive::testing {

class RandomTransactions {
public:
    RandomTransactions(std::uint32_t seed, std::uint64_t chain_id) : random_(seed), chain_id_(chain_id) {}

    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    Bytes bytes(std::size_t count) {
        Bytes out(count);
        for (auto& b : out) b = static_cast<std::uint8_t>(random_());
        return out;
    }
    template <typename T>
    T fixed() {
        return from_bytes<T>(bytes(T::SIZE));
    }
    /// Any magnitude from 0 to 256 bits.
    U256 number() { return load_be(bytes(below(33))); }

    Bytes next() {
        constexpr int TYPES[] = {0, 1, 2, 4};
        return make(TYPES[below(4)]);
    }

    Bytes make(int type) {
        Bytes p;
        if (type != 0) codec::append_uint(p, chain_id_);
        codec::append_uint(p, below(1000));
        codec::append_uint(p, number());
        if (type >= 2) codec::append_uint(p, number());
        codec::append_uint(p, random_());
        codec::append_string(p, type != 4 && below(4) == 0 ? Bytes{} : bytes(20));
        codec::append_uint(p, number());
        codec::append_string(p, bytes(below(80)));
        if (type >= 1) codec::append_list(p, access_list());
        if (type == 4) codec::append_list(p, authorizations());
        codec::append_uint(p, v(type));
        codec::append_uint(p, load_be(bytes(32)));
        codec::append_uint(p, load_be(bytes(31)));  // a leading zero
        Bytes tx;
        if (type != 0) tx.push_back(static_cast<std::uint8_t>(type));
        codec::append_list(tx, p);
        return tx;
    }

private:
    std::uint64_t v(int type) {
        const std::uint64_t parity = below(2);
        if (type != 0) return parity;
        return below(3) == 0 ? 27 + parity : 35 + 2 * chain_id_ + parity;
    }
    Bytes access_list() {
        Bytes entries;
        for (std::uint64_t i = below(3); i > 0; --i) {
            Bytes keys, entry;
            for (std::uint64_t k = below(3); k > 0; --k) codec::append_string(keys, bytes(32));
            codec::append_string(entry, bytes(20));
            codec::append_list(entry, keys);
            codec::append_list(entries, entry);
        }
        return entries;
    }
    Bytes authorizations() {
        Bytes tuples;
        for (std::uint64_t i = 1 + below(2); i > 0; --i) {
            Bytes tuple;
            codec::append_uint(tuple, number());
            codec::append_string(tuple, bytes(20));
            codec::append_uint(tuple, below(9));
            codec::append_uint(tuple, below(2));
            codec::append_uint(tuple, number());
            codec::append_uint(tuple, number());
            codec::append_list(tuples, tuple);
        }
        return tuples;
    }

    std::mt19937 random_;
    std::uint64_t chain_id_;
};

}  // namespace entresol::derive::testing
