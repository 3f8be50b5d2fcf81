// One description of what a batch looks like, for both directions: every function codes a value that the encoder has and the decoder gets.
#pragma once

#include "core/columns/call_data.hpp"

namespace entresol::columns {

template <typename Range>
class Model {
public:
    static constexpr bool DECODES = Range::DECODES;

    Model(Memory& memory, Range& range, RawBytes& raw, Budget& budget)
        : m_(memory), c_(memory, range, raw, budget), call_data_(memory, c_) {}

    /// False as soon as the input has run out, lies, or asks for more than the budget.
    [[nodiscard]] bool ok() const { return c_.ok(); }
    bool spend(std::size_t bytes) { return c_.spend(bytes); }

    void code_block(std::uint64_t& timestamp, std::uint64_t& epoch, std::uint64_t& count) {
        std::uint64_t step = timestamp - m_.timestamp;
        c_.code_u64(step, BLOCK_STEP, static_cast<std::uint32_t>(m_.time_step));
        std::uint64_t epochs = epoch - m_.epoch;
        c_.code_u64(epochs, BLOCK_EPOCH, static_cast<std::uint32_t>(m_.time_step));
        c_.code_u64(count, BLOCK_COUNT, static_cast<std::uint32_t>(m_.transaction_count));
        timestamp = m_.timestamp += step;
        epoch = m_.epoch += epochs;
        m_.time_step = step;
        m_.transaction_count = count;
    }

    void code_row(Row& row, Form form, Address& sender) {
        code_kind(row.kind);
        if (row.kind == Kind::Raw) {
            if (form == Form::Unsigned) c_.code_address(sender, 0);
            to_ = 2;
            return call_data_.code(row.data, to_);
        }
        std::uint32_t from = 0;
        if (form == Form::Unsigned) {
            c_.code_address(sender, 1);
            from = hash(to_word(sender));
        } else {
            for (std::uint8_t& byte : row.signature) c_.code_raw(byte);
        }
        code_recipient(row, from);
        call_data_.code(row.data, to_);
        code_payment(row);
        code_nonce(row, form == Form::Unsigned ? from : function());
        if (has_access_list(row.kind)) code_access_list(row.access_list);
        if (row.kind == Kind::SetCode) code_authorizations(row.authorizations);
        m_.last_to = to_;
    }

private:
    std::uint32_t code_size(std::size_t size, std::uint32_t a, std::uint32_t b) {
        Number n = make_number(size);
        c_.code_number(n, LIST_SIZE, a, b, 4);
        return static_cast<std::uint32_t>(to_u64(n));
    }

    void code_kind(Kind& kind) {
        const auto last = static_cast<unsigned>(m_.kind);
        const unsigned coded =
            c_.template code_bits<3>(static_cast<unsigned>(kind), 3, KIND,
                                     {context(KIND, 1), context(KIND, 2, last), context(KIND, 3, last, m_.last_to)});
        if (DECODES && coded >= KIND_COUNT) c_.refuse();
        kind = coded < KIND_COUNT ? static_cast<Kind>(coded) : Kind::Raw;
        m_.kind = kind;
    }
    void code_recipient(Row& row, std::uint32_t from) {
        const auto kind = static_cast<unsigned>(row.kind);
        row.creates = c_.template code_flag<2>(row.creates, CREATES,
                                               {context(CREATES, 1, kind), context(CREATES, 2, m_.last_to)});
        to_ = 1;
        if (row.creates) return;
        c_.code_address(row.to, from == 0 ? 2 : from);
        to_ = hash(to_word(row.to));
    }
    void code_payment(Row& row) {
        c_.code_number(row.value, VALUE, function(), hash(m_.value));
        c_.code_number(row.gas, GAS, function(), hash(m_.gas), 8);
        if (has_tip(row.kind)) c_.code_number(row.tip, TIP, function(), hash(m_.tip));
        c_.code_number(row.max_fee, MAX_FEE, hash(row.tip), hash(m_.max_fee));
        m_.value = row.value;
        m_.gas = row.gas;
        m_.tip = row.tip;
        m_.max_fee = row.max_fee;
    }
    /// The step from the last nonce of the same sender; where the sender is not known, of the same function.
    void code_nonce(Row& row, std::uint32_t key) {
        constexpr unsigned FAR = 255;
        std::uint64_t& last = m_.nonces[Memory::guess_slot(context(NONCE_STEP, key))];
        const std::uint64_t distance = to_u64(row.nonce) - last;
        const unsigned step = c_.template code_byte<3>(
            distance < FAR ? static_cast<unsigned>(distance) : FAR, NONCE_STEP,
            {context(NONCE_STEP, 1), context(NONCE_STEP, 2, key), context(NONCE_STEP, 3, to_)});
        if (step < FAR)
            row.nonce = make_number(last + step);
        else
            c_.code_number(row.nonce, NONCE, function(), to_, 8);
        last = to_u64(row.nonce);
    }

    // ---- lists
    void code_access_list(std::vector<AccessEntry>& list) {
        const std::uint32_t function_called = function();
        const std::uint32_t entries = code_size(list.size(), 1, function_called);
        for (std::uint32_t i = 0; i < entries; ++i) {
            if (DECODES) {
                if (!c_.spend(Address::SIZE)) return;
                list.emplace_back();
            }
            c_.code_address(list[i].address, context(LIST_SIZE, function_called, i));
            const std::uint32_t address = hash(to_word(list[i].address));
            call_data_.code_keys(list[i].keys, code_size(list[i].keys.size(), 2, address), address);
            if (!c_.ok()) return;
        }
    }
    // EIP-7702.
    void code_authorizations(std::vector<AuthorizationRow>& list) {
        constexpr std::size_t AUTHORIZATION_BYTES = 120;
        const std::uint32_t count = code_size(list.size(), 3, function());
        for (std::uint32_t i = 0; i < count; ++i) {
            if (DECODES) {
                if (!c_.spend(AUTHORIZATION_BYTES)) return;
                list.emplace_back();
            }
            AuthorizationRow& item = list[i];
            c_.code_number(item.chain_id, LIST_NUMBER, 1, 0);
            c_.code_address(item.address, 3);
            c_.code_number(item.nonce, LIST_NUMBER, 2, 0);
            c_.code_number(item.y_parity, LIST_NUMBER, 3, 0);
            for (Number* half : {&item.r, &item.s}) code_random_number(*half);
            if (!c_.ok()) return;
        }
    }
    void code_random_number(Number& n) {
        n.size = static_cast<std::uint8_t>(c_.template code_byte<1>(n.size, LIST_NUMBER, {context(LIST_NUMBER, 14)}));
        if (DECODES && n.size > 32) {
            c_.refuse();
            n.size = 0;
        }
        for (unsigned i = 0; i < n.size; ++i) c_.code_raw(n.bytes[i]);
        if (DECODES && n.size != 0 && n.bytes[0] == 0) c_.refuse();
    }

    [[nodiscard]] std::uint32_t function() const { return call_data_.function(); }

    Memory& m_;
    Coder<Range> c_;
    CallDataModel<Range> call_data_;
    std::uint32_t to_ = 0;  // hash of the recipient
};

}  // namespace entresol::columns
