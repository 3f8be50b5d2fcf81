// For tests: random batches, with everything that a row can and cannot hold.
#pragma once

#include <algorithm>

#include "core/chain/random_testing.hpp"
#include "core/columns/columns.hpp"
#include "core/columns/row.hpp"

namespace entresol::columns {

class RandomBatches {
public:
    static constexpr std::uint64_t CHAIN_ID = 901;
    explicit RandomBatches(std::uint64_t seed) : random_(seed) {}

    Batch make(std::size_t blocks, Form form) {
        Batch batch;
        batch.parent_check = random_.fixed<FixedBytes<20>>();
        batch.l1_origin_check = random_.fixed<FixedBytes<20>>();
        batch.first_block_changes_origin = random_.below(2) == 0;
        for (std::size_t i = 0; i < blocks; ++i) {
            const auto count = static_cast<std::uint32_t>(random_.below(5));
            timestamp_ += random_.below(10) == 0 ? random_.u64() : 2;
            epoch_ += random_.below(3);
            batch.blocks.push_back({timestamp_, epoch_, count});
            for (std::uint32_t n = 0; n < count; ++n) batch.transactions.push_back(make_transaction(form));
        }
        if (form == Form::Unsigned)
            for (std::size_t i = 0; i < batch.transactions.size(); ++i)
                batch.senders.push_back(random_.below(2) == 0 ? random_.fixed<Address>() : Address{{7}});
        return batch;
    }
    chain::RandomData& random() { return random_; }

private:
    Bytes make_transaction(Form form) {
        if (random_.below(10) == 0) return random_.bytes(random_.below(100));  // no transaction at all
        constexpr chain::TxType TYPES[] = {chain::TxType::Legacy, chain::TxType::AccessList, chain::TxType::DynamicFee,
                                           chain::TxType::Blob, chain::TxType::SetCode};
        chain::Transaction tx = random_.transaction(TYPES[random_.below(std::size(TYPES))]);
        if (random_.below(8) != 0 && tx.chain_id) tx.chain_id = CHAIN_ID;
        if (random_.below(2) == 0) tx.data = make_call_data();
        if (random_.below(3) != 0) tx.to = known_address();
        Bytes encoded = chain::encode(tx);
        return form == Form::Signed ? encoded : remove_signature(encoded, CHAIN_ID);
    }
    /// A call as the ABI lays it out, with a call inside, cut off anywhere.
    Bytes make_call_data() {
        Bytes data{0xa9, 0x05, 0x9c, static_cast<std::uint8_t>(random_.below(3))};
        const std::size_t words = random_.below(8);
        for (std::size_t i = 0; i < words; ++i) append_word(data);
        append(data, to_hash32(U256(36)).view());
        append(data, Bytes{1, 2, 3, 4});
        append_word(data);
        data.resize(data.size() + 28);
        append_word(data);
        if (random_.below(3) == 0) data.resize(random_.below(data.size() + 1));
        return data;
    }
    void append_word(Bytes& data) {
        Hash32 word;
        switch (random_.below(5)) {
            case 0: word = to_hash32(random_.u256()); break;
            case 1: word = random_.fixed<Hash32>(); break;
            case 2: std::copy_n(known_address().bytes.begin(), Address::SIZE, word.bytes.begin() + 12); break;
            case 3: std::copy_n(known_address().bytes.begin(), Address::SIZE, word.bytes.begin()); break;
            default: word = to_hash32(U256(random_.below(300)));
        }
        append(data, word.view());
    }
    Address known_address() {
        Address address{{0xab, 0xcd}};
        address.bytes[19] = static_cast<std::uint8_t>(random_.below(6));
        return address;
    }

    chain::RandomData random_;
    std::uint64_t timestamp_ = 1'700'000'000, epoch_ = 100;
};

}  // namespace entresol::columns
