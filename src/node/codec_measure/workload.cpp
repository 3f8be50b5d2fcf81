#include "node/codec_measure/workload.hpp"

#include <algorithm>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "core/chain/transaction.hpp"
#include "core/codec/rlp.hpp"
#include "core/derive/batch.hpp"
#include "core/derive/decompress.hpp"
#include "core/derive/frame.hpp"
#include "node/io/failure.hpp"

namespace entresol::codec_measure {
namespace {

using codec::RlpReader;

[[noreturn]] void refuse(const std::string& words) {
    throw io::Failure(
        io::FailureKind::Usage,
        words + "\na channel, a batcher transaction or a blob of transactions is wanted, binary or in hexadecimal");
}

Bytes without_hex(const Bytes& file) {
    std::string text(file.begin(), file.end());
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (!text.starts_with("0x")) text.insert(0, "0x");
    const auto bytes = text.size() > 2 ? parse_hex(text) : std::nullopt;
    return bytes ? *bytes : file;
}

void add_block(columns::Batch& batch, std::uint64_t timestamp, std::uint64_t epoch) {
    batch.blocks.push_back({timestamp, epoch, 0});
}
void add_transaction(columns::Batch& batch, Bytes transaction) {
    batch.transactions.push_back(std::move(transaction));
    ++batch.blocks.back().transaction_count;
}

void add_batch(columns::Batch& out, const derive::Batch& batch, const Chain& chain) {
    if (const auto* singular = std::get_if<derive::SingularBatch>(&batch)) {
        add_block(out, singular->timestamp, singular->epoch_number);
        for (const Bytes& tx : singular->transactions) add_transaction(out, tx);
        return;
    }
    const auto& span = std::get<derive::SpanBatch>(batch);
    if (out.blocks.empty()) {
        std::copy(span.parent_check.bytes.begin(), span.parent_check.bytes.end(), out.parent_check.bytes.begin());
        out.first_block_changes_origin = span.first_block_changes_origin;
    }
    std::copy(span.l1_origin_check.bytes.begin(), span.l1_origin_check.bytes.end(), out.l1_origin_check.bytes.begin());
    for (std::size_t i = 0; i < span.blocks.size(); ++i) {
        add_block(out, span.first_timestamp + i * chain.block_time, span.blocks[i].epoch_number);
        for (std::uint32_t n = 0; n < span.blocks[i].transaction_count; ++n)
            add_transaction(out, span.transactions[span.blocks[i].first_transaction + n]);
    }
}

Workload read_channel(const Bytes& channel, const Chain& chain) {
    Workload workload{"channel", columns::Form::Signed, {}, 0, channel.size()};
    if (channel[0] == columns::CHANNEL_VERSION) {
        auto batch = columns::decode(channel, chain.chain_id);
        if (!batch) refuse(std::string("the channel does not decode: ") + columns::to_string(batch.error()));
        workload.batch = *std::move(batch);
        if (!workload.batch.senders.empty()) workload.form = columns::Form::Unsigned;
        return workload;
    }
    const auto raw = derive::decompress_channel(channel);
    RlpReader batches(raw.data);
    while (!batches.empty()) {
        const auto encoded = batches.read_string();
        if (!encoded) refuse("the channel ends inside a batch");
        const auto batch = derive::decode_batch(*encoded, {chain.genesis_timestamp, chain.block_time, chain.chain_id});
        if (!batch) refuse(std::string("a batch of the channel does not decode: ") + derive::to_string(batch.error()));
        add_batch(workload.batch, *batch, chain);
    }
    return workload;
}

/// The data of the payload's first channel, which must be whole.
std::optional<Bytes> join_frames(ByteView payload) {
    auto frames = derive::decode_frames(payload);
    if (!frames) return std::nullopt;
    std::erase_if(*frames, [&](const auto& frame) { return frame.channel_id != frames->front().channel_id; });
    std::sort(frames->begin(), frames->end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    Bytes channel;
    for (std::size_t i = 0; i < frames->size(); ++i) {
        if ((*frames)[i].number != i) refuse("the channel's first frames are not in this transaction");
        append(channel, (*frames)[i].data);
    }
    if (!frames->back().is_last) refuse("the channel's last frame is not in this transaction");
    return channel;
}

std::size_t count_items(ByteView list) {
    RlpReader outer(list);
    auto in = outer.read_list();
    std::size_t count = 0;
    while (in && !in->empty() && in->read_raw()) ++count;
    return count;
}

/// A transaction of a blob and what it is: the number of its fields tells.
struct BlobTransaction {
    Bytes encoded;
    columns::Form form = columns::Form::Signed;
};
BlobTransaction read_blob_transaction(RlpReader& in, std::uint8_t type, const Chain& chain) {
    struct Shape {
        std::uint8_t type;
        std::size_t signed_fields;
    };
    constexpr Shape SHAPES[] = {{0, 9}, {1, 11}, {2, 12}, {4, 13}};
    const auto* shape =
        std::find_if(std::begin(SHAPES), std::end(SHAPES), [&](const Shape& s) { return s.type == type; });
    const bool is_list = shape != std::end(SHAPES) && in.next_is_list();
    const auto list = is_list ? in.read_raw() : fail(codec::RlpError::ExpectedList);
    if (!list) refuse("the blob holds something that is no transaction");
    const std::size_t fields = count_items(*list);
    BlobTransaction tx;
    if (type != 0) tx.encoded.push_back(type);
    tx.form = fields == shape->signed_fields ? columns::Form::Signed : columns::Form::Unsigned;
    if (type == 0 || fields != shape->signed_fields - 4) {
        append(tx.encoded, *list);
        return tx;
    }
    // Unsigned and without chain id, which then comes from outside.
    RlpReader outer(*list);
    const RlpReader payload = outer.read_list().value();
    Bytes with_chain;
    codec::append_uint(with_chain, chain.chain_id);
    append(with_chain, payload.rest());
    codec::append_list(tx.encoded, with_chain);
    return tx;
}

/// Eight bytes that are a time of this century cannot begin a transaction: the last four are zero.
std::optional<std::uint64_t> read_timestamp(ByteView rest) {
    if (rest.size() < 8 || load_le32(rest.data() + 4) != 0 || load_le32(rest.data()) < 1'400'000'000)
        return std::nullopt;
    return load_le32(rest.data());
}

Workload read_blob(const Bytes& blob, const Chain& chain) {
    Workload workload{"blob of transactions", columns::Form::Signed, {}, 0, 0};
    ByteView rest = blob;
    while (!rest.empty()) {
        const auto timestamp = read_timestamp(rest);
        if (timestamp) {
            add_block(workload.batch, *timestamp, 0);
            rest = rest.subspan(8);
            continue;
        }
        if (workload.batch.blocks.empty()) add_block(workload.batch, 0, 0);
        const std::uint8_t type = rest[0] < 0x80 ? rest[0] : 0;
        RlpReader in(type != 0 ? rest.subspan(1) : rest);
        if (in.empty() || rest[0] == 0)
            refuse("this is neither a channel nor a batcher transaction nor a blob of transactions");
        BlobTransaction tx = read_blob_transaction(in, type, chain);
        if (!workload.batch.transactions.empty() && tx.form != workload.form)
            refuse("the blob mixes signed and unsigned transactions");
        workload.form = tx.form;
        add_transaction(workload.batch, std::move(tx.encoded));
        rest = in.rest();
    }
    if (workload.form == columns::Form::Unsigned) workload.batch.senders.resize(workload.batch.transactions.size());
    return workload;
}

bool looks_like_channel(std::uint8_t first) {
    return (first & 0xf) == 8 || (first & 0xf) == 15 || first == derive::CHANNEL_VERSION_BROTLI ||
           first == columns::CHANNEL_VERSION;
}

Workload read_any(const Bytes& bytes, const Chain& chain) {
    if (bytes.empty()) refuse("the file is empty");
    if (const auto channel = join_frames(bytes)) {
        if (channel->empty()) refuse("the channel is empty");
        Workload workload = read_channel(*channel, chain);
        workload.source = "payload of a batcher transaction";
        return workload;
    }
    if (const auto tx = chain::decode_transaction(bytes); tx && !tx->data.empty()) {
        if (const auto channel = join_frames(tx->data); channel && !channel->empty()) {
            Workload workload = read_channel(*channel, chain);
            workload.source = "batcher transaction";
            return workload;
        }
    }
    if (looks_like_channel(bytes[0])) {
        const bool decodes = bytes[0] == columns::CHANNEL_VERSION || !derive::decompress_channel(bytes).data.empty();
        if (decodes) return read_channel(bytes, chain);
    }
    return read_blob(bytes, chain);
}

}  // namespace

Workload read_workload(const Bytes& file, const Chain& chain) {
    Workload workload = read_any(without_hex(file), chain);
    workload.file_bytes = file.size();
    if (workload.batch.transactions.empty()) refuse("the file holds no transactions");
    return workload;
}

Workload remove_signatures(const Workload& workload, const Chain& chain) {
    Workload out = workload;
    out.form = columns::Form::Unsigned;
    out.batch.senders.resize(out.batch.transactions.size());
    for (std::size_t i = 0; i < out.batch.transactions.size(); ++i) {
        Bytes& bytes = out.batch.transactions[i];
        const auto tx = chain::decode_transaction(bytes);
        if (tx) out.batch.senders[i] = chain::recover_sender(*tx).value_or(Address{});
        bytes = columns::remove_signature(bytes, chain.chain_id);
    }
    return out;
}

}  // namespace entresol::codec_measure
