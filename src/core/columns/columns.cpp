#include "core/columns/columns.hpp"

#include "core/columns/model.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::columns {
namespace {

// Flags, the second byte.
constexpr std::uint8_t UNSIGNED = 1, CONTINUED = 2, CHANGES_ORIGIN = 4, ALL_FLAGS = 7;
constexpr std::size_t LINK_BYTES = 4;
// What a block and a transaction take beside their bytes.
constexpr std::size_t BLOCK_COST = 32, TRANSACTION_COST = 64;

struct Header {
    std::uint8_t flags = 0;
    ByteView link;
    FixedBytes<20> parent_check, l1_origin_check;
    std::size_t block_count = 0, coded_size = 0;
    ByteView rest;
};

void append_varint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80U));
    out.push_back(static_cast<std::uint8_t>(value));
}
bool take_varint(ByteView& in, std::size_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 35 && !in.empty(); shift += 7) {
        const std::uint8_t byte = in[0];
        in = in.subspan(1);
        value |= std::size_t{byte & 0x7fU} << shift;
        if (byte < 0x80) return true;
    }
    return false;
}
bool take(ByteView& in, std::size_t count, ByteView& out) {
    if (in.size() < count) return false;
    out = in.first(count);
    in = in.subspan(count);
    return true;
}

Result<Header, Error> read_header(ByteView in) {
    if (in.empty() || in[0] != CHANNEL_VERSION) return fail(Error::UnknownVersion);
    if (in.size() < 2) return fail(Error::Truncated);
    Header header;
    header.flags = in[1];
    if ((header.flags & ~ALL_FLAGS) != 0) return fail(Error::UnknownVersion);
    in = in.subspan(2);
    if ((header.flags & CONTINUED) != 0 && !take(in, LINK_BYTES, header.link)) return fail(Error::Truncated);
    ByteView parent, origin;
    if (!take(in, 20, parent) || !take(in, 20, origin)) return fail(Error::Truncated);
    header.parent_check = from_bytes<FixedBytes<20>>(parent);
    header.l1_origin_check = from_bytes<FixedBytes<20>>(origin);
    if (!take_varint(in, header.block_count) || !take_varint(in, header.coded_size)) return fail(Error::Truncated);
    if (in.size() < header.coded_size) return fail(Error::Truncated);
    header.rest = in;
    return header;
}

/// What the next channel's link names: every channel since the last fresh one.
Hash32 chain_hash(const Hash32& last, ByteView channel, bool fresh) {
    Bytes both = fresh ? Bytes{} : to_bytes(last.view());
    append(both, channel);
    return crypto::keccak256(both);
}

std::size_t decoded_size(const Batch& batch) {
    std::size_t size = batch.blocks.size() * BLOCK_COST + batch.transactions.size() * TRANSACTION_COST;
    for (const Bytes& tx : batch.transactions) size += tx.size();
    return size;
}
std::size_t max_decoded_size(std::size_t channel_size) { return EXPANSION_BASE + channel_size * EXPANSION; }

void write_blocks(Model<RangeEncoder>& model, const Batch& batch, std::uint64_t chain_id, Form form) {
    std::size_t next = 0;
    for (Block block : batch.blocks) {
        std::uint64_t count = block.transaction_count;
        model.code_block(block.timestamp, block.epoch_number, count);
        for (; count > 0; --count, ++next) {
            Row row = split(batch.transactions[next], chain_id, form);
            Address sender = form == Form::Unsigned ? batch.senders[next] : Address{};
            model.code_row(row, form, sender);
        }
    }
}

Error error_of(const Budget& budget) {
    return budget.exceeded ? Error::TooLarge : budget.malformed ? Error::Malformed : Error::Truncated;
}

class Reader {
public:
    Reader(Memory& memory, const Header& header, std::size_t max_bytes, std::uint64_t chain_id)
        : form_((header.flags & UNSIGNED) != 0 ? Form::Unsigned : Form::Signed),
          chain_id_(chain_id),
          range_(header.rest.first(header.coded_size)),
          raw_{{}, header.rest.subspan(header.coded_size)},
          budget_{max_bytes},
          model_(memory, range_, raw_, budget_) {}

    Result<void, Error> read(Batch& batch, std::size_t block_count) {
        while (batch.blocks.size() < block_count) TRY_VOID(read_block(batch));
        if (!raw_.in.empty()) return fail(Error::TrailingBytes);
        return {};
    }

private:
    Result<void, Error> read_block(Batch& batch) {
        Block block;
        std::uint64_t count = 0;
        model_.code_block(block.timestamp, block.epoch_number, count);
        if (!model_.spend(BLOCK_COST)) return fail(error_of(budget_));
        if (count > budget_.bytes / TRANSACTION_COST) return fail(Error::TooLarge);
        block.transaction_count = static_cast<std::uint32_t>(count);
        batch.blocks.push_back(block);
        for (; count > 0; --count) TRY_VOID(read_transaction(batch));
        return {};
    }
    Result<void, Error> read_transaction(Batch& batch) {
        Row row;
        Address sender;
        model_.code_row(row, form_, sender);
        if (!model_.spend(TRANSACTION_COST)) return fail(error_of(budget_));
        Bytes transaction;
        append_transaction(transaction, row, chain_id_, form_);
        batch.transactions.push_back(std::move(transaction));
        if (form_ == Form::Unsigned) batch.senders.push_back(sender);
        return {};
    }

    Form form_;
    std::uint64_t chain_id_;
    RangeDecoder range_;
    RawBytes raw_;
    Budget budget_;
    Model<RangeDecoder> model_;
};

}  // namespace

const char* to_string(Error error) {
    switch (error) {
        case Error::UnknownVersion: return "not a channel of this version";
        case Error::Truncated: return "channel is cut short";
        case Error::Malformed: return "malformed channel";
        case Error::TooLarge: return "channel that decodes to more than is allowed";
        case Error::TrailingBytes: return "bytes after the channel's last transaction";
        case Error::NotContinuous: return "channel that continues one that was not read";
    }
    return "?";
}

Encoder::Encoder(std::uint64_t chain_id) : chain_id_(chain_id) {}
Encoder::~Encoder() = default;
Encoder::Encoder(Encoder&&) noexcept = default;
Encoder& Encoder::operator=(Encoder&&) noexcept = default;

Result<Bytes, Error> Encoder::encode(const Batch& batch, Form form, Start start) {
    CHECK(batch.senders.size() == (form == Form::Unsigned ? batch.transactions.size() : 0));
    const bool fresh = start == Start::Fresh;
    CHECK(fresh || memory_ != nullptr);
    if (fresh) memory_ = std::make_unique<Memory>();
    RangeEncoder range;
    RawBytes raw;
    Budget budget;
    Model<RangeEncoder> model(*memory_, range, raw, budget);
    write_blocks(model, batch, chain_id_, form);
    const Bytes coded = range.finish();

    Bytes out{CHANNEL_VERSION,
              static_cast<std::uint8_t>((form == Form::Unsigned ? UNSIGNED : 0) | (fresh ? 0 : CONTINUED) |
                                        (batch.first_block_changes_origin ? CHANGES_ORIGIN : 0))};
    if (!fresh) append(out, last_channel_.view().first(LINK_BYTES));
    append(out, batch.parent_check.view());
    append(out, batch.l1_origin_check.view());
    append_varint(out, batch.blocks.size());
    append_varint(out, coded.size());
    append(out, coded);
    append(out, raw.out);
    last_channel_ = chain_hash(last_channel_, out, fresh);
    if (decoded_size(batch) > max_decoded_size(out.size())) {
        memory_.reset();
        return fail(Error::TooLarge);
    }
    return out;
}

Decoder::Decoder(std::uint64_t chain_id) : chain_id_(chain_id) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

Result<Batch, Error> Decoder::decode(ByteView channel, const Limits& limits) {
    auto memory = std::move(memory_);  // comes back when all went well
    TRY(const Header header, read_header(channel));
    const bool fresh = (header.flags & CONTINUED) == 0;
    if (!fresh && (memory == nullptr || std::memcmp(header.link.data(), last_channel_.data(), LINK_BYTES) != 0))
        return fail(Error::NotContinuous);
    if (header.block_count > limits.max_blocks) return fail(Error::TooLarge);
    if (fresh) memory = std::make_unique<Memory>();
    Batch batch;
    batch.parent_check = header.parent_check;
    batch.l1_origin_check = header.l1_origin_check;
    batch.first_block_changes_origin = (header.flags & CHANGES_ORIGIN) != 0;
    Reader reader(*memory, header, std::min(limits.max_bytes, max_decoded_size(channel.size())), chain_id_);
    TRY_VOID(reader.read(batch, header.block_count));
    last_channel_ = chain_hash(last_channel_, channel, fresh);
    memory_ = std::move(memory);
    return batch;
}

Bytes remove_signature(ByteView transaction, std::uint64_t chain_id) {
    Row row = split(transaction, chain_id, Form::Signed);
    if (row.kind == Kind::UnprotectedLegacy) row.kind = Kind::ProtectedLegacy;
    Bytes out;
    append_transaction(out, row, chain_id, Form::Unsigned);
    return out;
}

bool is_unsigned(ByteView channel) {
    return channel.size() > 1 && channel[0] == CHANNEL_VERSION && (channel[1] & UNSIGNED) != 0;
}

Result<Bytes, Error> encode(const Batch& batch, std::uint64_t chain_id, Form form) {
    return Encoder(chain_id).encode(batch, form);
}
Result<Batch, Error> decode(ByteView channel, std::uint64_t chain_id, const Limits& limits) {
    return Decoder(chain_id).decode(channel, limits);
}

}  // namespace entresol::columns
