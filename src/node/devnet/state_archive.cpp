#include "node/devnet/state_archive.hpp"

#include <array>
#include <string_view>

#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"
#include "core/derive/compress.hpp"
#include "core/derive/decompress.hpp"

namespace entresol::devnet {
namespace {

using codec::RlpError;
using codec::RlpReader;
template <typename T>
using Read = Result<T, RlpError>;

constexpr std::string_view MAGIC = "entresol devnet state\n";
constexpr std::uint64_t VERSION = 3;
constexpr int QUALITY = 4;  // brotli: most of an archive is hashes, which no effort makes shorter

ByteView magic() { return {reinterpret_cast<const std::uint8_t*>(MAGIC.data()), MAGIC.size()}; }

// In the order of the file.
std::vector<std::uint64_t> genesis_options(const Options& o) {
    return {
        o.l1_chain_id,        o.l2_chain_id,      o.l2_block_time_ms, o.l2_gas_limit,        o.da_footprint_gas_scalar,
        o.challenge_period_s, o.proof_maturity_s, o.finality_delay_s, o.proposal_interval_s, o.sequencing_window_blocks,
        o.exit_window_s,      o.game_type};
}

// Bounds as the command line has them: an archive's numbers are no more trusted than a user's.
bool set_genesis_options(const std::vector<std::uint64_t>& values, Options& o) {
    if (values.size() != genesis_options(o).size()) return false;
    constexpr std::uint64_t CENTURY_S = 100ULL * 365 * 24 * 3600;
    const auto in = [](std::uint64_t value, std::uint64_t low, std::uint64_t high) {
        return value >= low && value <= high;
    };
    if (values[0] == 0 || values[1] == 0 || !in(values[2], 1000, 60'000) || !in(values[3], 30'000'000, 500'000'000) ||
        !in(values[4], 1, 65'535) || values[5] > CENTURY_S || values[6] > CENTURY_S || values[7] > CENTURY_S ||
        !in(values[8], 1, CENTURY_S) || !in(values[9], 1, 1'000'000) || values[10] > CENTURY_S ||
        !in(values[11], 0xE001, 0xE002))
        return false;
    o.l1_chain_id = values[0];
    o.l2_chain_id = values[1];
    o.l2_block_time_ms = values[2];
    o.l2_gas_limit = values[3];
    o.da_footprint_gas_scalar = static_cast<std::uint16_t>(values[4]);
    o.challenge_period_s = values[5];
    o.proof_maturity_s = values[6];
    o.finality_delay_s = values[7];
    o.proposal_interval_s = values[8];
    o.sequencing_window_blocks = values[9];
    o.exit_window_s = values[10];
    o.game_type = static_cast<std::uint32_t>(values[11]);
    return true;
}

template <typename Body>
void append_nested(Bytes& out, const Body& body) {
    const auto start = out.size();
    body();
    codec::close_list(out, start);
}

void append_records(Bytes& out, const StateArchive::Records& records) {
    append_nested(out, [&] {
        for (const auto& [key, value] : records) {
            codec::append_string(out, key);
            codec::append_string(out, value);
        }
    });
}
void append_strings(Bytes& out, const std::vector<Bytes>& strings) {
    append_nested(out, [&] {
        for (const auto& string : strings) codec::append_string(out, string);
    });
}

void append_layer(Bytes& out, const StateArchive::Layer& layer) {
    append_nested(out, [&] {
        append_nested(out, [&] {
            for (const auto& block : layer.chain.blocks) {
                codec::append_string(out, block.body);
                codec::append_string(out, block.receipts);
                codec::append_string(out, block.base_root ? block.base_root->view() : ByteView());
            }
        });
        append_strings(out, layer.chain.nodes);
        append_strings(out, layer.chain.codes);
        codec::append_uint(out, layer.chain.safe);
        codec::append_uint(out, layer.chain.finalized);
        append_records(out, layer.facts);
        append_records(out, layer.outbox);
    });
}

Read<std::vector<Bytes>> read_strings(RlpReader& reader) {
    TRY(auto list, reader.read_list());
    std::vector<Bytes> strings;
    while (!list.empty()) {
        TRY(const auto string, list.read_string());
        strings.push_back(to_bytes(string));
    }
    return strings;
}

Read<StateArchive::Records> read_records(RlpReader& reader) {
    TRY(auto list, reader.read_list());
    StateArchive::Records records;
    while (!list.empty()) {
        TRY(const auto key, list.read_string());
        TRY(const auto value, list.read_string());
        records.emplace_back(to_bytes(key), to_bytes(value));
    }
    return records;
}

Read<StateArchive::Layer> read_layer(RlpReader& reader) {
    TRY(auto list, reader.read_list());
    StateArchive::Layer layer;
    TRY(auto blocks, list.read_list());
    while (!blocks.empty()) {
        TRY(const auto body, blocks.read_string());
        TRY(const auto receipts, blocks.read_string());
        TRY(const auto base_root, blocks.read_string());
        if (!base_root.empty() && base_root.size() != Hash32::SIZE) return fail(codec::RlpError::WrongLength);
        layer.chain.blocks.push_back(
            {.body = to_bytes(body),
             .receipts = to_bytes(receipts),
             .base_root = base_root.empty() ? std::nullopt : std::optional(from_bytes<Hash32>(base_root))});
    }
    TRY(layer.chain.nodes, read_strings(list));
    TRY(layer.chain.codes, read_strings(list));
    TRY(layer.chain.safe, list.read_u64());
    TRY(layer.chain.finalized, list.read_u64());
    TRY(layer.facts, read_records(list));
    TRY(layer.outbox, read_records(list));
    TRY_VOID(list.expect_end());
    return layer;
}

std::pair<ByteView, Hash32> split_digest(ByteView data) {
    const auto size = data.size() - Hash32::SIZE;
    return {data.first(size), from_bytes<Hash32>(data.subspan(size))};
}

Read<StateArchive> read_archive(ByteView payload, const Options& running) {
    RlpReader outer(payload);
    TRY(auto list, outer.read_list());
    TRY_VOID(outer.expect_end());
    StateArchive archive{.options = running, .genesis_time = 0, .now_ms = 0, .l1 = {}, .l2 = {}, .blobs = {}};
    TRY(archive.genesis_time, list.read_u64());
    TRY(archive.now_ms, list.read_u64());
    TRY(auto options, list.read_list());
    std::vector<std::uint64_t> values;
    while (!options.empty()) {
        TRY(const auto value, options.read_u64());
        values.push_back(value);
    }
    if (!set_genesis_options(values, archive.options)) return fail(RlpError::IntegerOverflow);
    TRY(archive.l1, read_layer(list));
    TRY(archive.l2, read_layer(list));
    TRY(auto blobs, list.read_list());
    while (!blobs.empty()) {
        TRY(const auto hash, blobs.read_fixed<Hash32>());
        TRY(const auto record, blobs.read_string());
        archive.blobs.emplace_back(hash, to_bytes(record));
    }
    TRY_VOID(list.expect_end());
    return archive;
}

}  // namespace

Bytes encode(const StateArchive& archive) {
    Bytes payload;
    append_nested(payload, [&] {
        codec::append_uint(payload, archive.genesis_time);
        codec::append_uint(payload, archive.now_ms);
        append_nested(payload, [&] {
            for (const auto value : genesis_options(archive.options)) codec::append_uint(payload, value);
        });
        append_layer(payload, archive.l1);
        append_layer(payload, archive.l2);
        append_nested(payload, [&] {
            for (const auto& [hash, record] : archive.blobs) {
                codec::append_fixed(payload, hash);
                codec::append_string(payload, record);
            }
        });
    });
    append(payload, crypto::keccak256(payload).view());
    Bytes file = to_bytes(magic());
    file.push_back(VERSION);
    append(file, derive::compress_channel(payload, {.kind = derive::CompressionKind::Brotli, .quality = QUALITY}));
    return file;
}

Result<StateArchive, std::string> decode_state_archive(ByteView file, const Options& running) {
    const auto refuse = [](std::string why) { return fail(std::move(why)); };
    if (file.size() <= MAGIC.size() || to_bytes(file.first(MAGIC.size())) != to_bytes(magic()))
        return refuse("this is no state that an Entresol devnet has dumped");
    const auto version = file[MAGIC.size()];
    if (version != VERSION)
        return refuse("it is of version " + std::to_string(version) + "; this program reads version " +
                      std::to_string(VERSION));
    const auto unpacked = derive::decompress_channel(file.subspan(MAGIC.size() + 1), MAX_ARCHIVE_BYTES);
    if (unpacked.data.size() >= MAX_ARCHIVE_BYTES)
        return refuse("it is larger than " + std::to_string(MAX_ARCHIVE_BYTES >> 20) + " MiB");
    if (unpacked.data.size() < Hash32::SIZE) return refuse("it is cut short");
    const auto [payload, digest] = split_digest(unpacked.data);
    if (crypto::keccak256(payload) != digest) return refuse("it is damaged: its digest is not that of its content");
    auto archive = read_archive(payload, running);
    if (!archive) return refuse(std::string("its content cannot be read: ") + codec::to_string(archive.error()));
    return std::move(*archive);
}

}  // namespace entresol::devnet
