#include "node/snapshot/format.hpp"

#include "core/crypto/keccak.hpp"

namespace entresol::snapshot {
namespace {

using codec::RlpError;
using codec::RlpReader;

constexpr std::string_view MANIFEST_NAME = "entresol snapshot", CHUNK_NAME = "entresol snapshot chunk";
enum Kind : std::uint8_t { BLOCKS, ACCOUNTS, STORAGE, CODES };

ByteView text(std::string_view words) { return {reinterpret_cast<const std::uint8_t*>(words.data()), words.size()}; }

Result<void, std::string> read_name(RlpReader& in, std::string_view name) {
    const auto found = in.read_string();
    if (!found || std::string_view(reinterpret_cast<const char*>(found->data()), found->size()) != name)
        return fail("this is no " + std::string(name));
    const auto version = in.read_u64();
    if (!version) return fail(std::string("its version cannot be read"));
    if (*version != FORMAT_VERSION)
        return fail("it has version " + std::to_string(*version) + ", this program reads version " +
                    std::to_string(FORMAT_VERSION));
    return {};
}

// --- encoding

void append_stretch(Bytes& out, const Stretch& stretch) {
    codec::append_fixed(out, stretch.range.first);
    codec::append_fixed(out, stretch.range.last);
    const auto leaves = out.size();
    for (const auto& leaf : stretch.leaves) {
        const auto one = out.size();
        codec::append_fixed(out, leaf.key);
        codec::append_string(out, leaf.value);
        codec::close_list(out, one);
    }
    codec::close_list(out, leaves);
    const auto proof = out.size();
    for (const auto& node : stretch.proof) codec::append_string(out, node);
    codec::close_list(out, proof);
}

void append_content(Bytes& out, const BlocksChunk& chunk) {
    for (const auto& record : chunk.blocks) {
        const auto one = out.size();
        codec::append_string(out, record.block);
        const auto receipts = out.size();
        for (const auto& receipt : record.receipts) codec::append_string(out, receipt);
        codec::close_list(out, receipts);
        codec::close_list(out, one);
    }
}
void append_content(Bytes& out, const AccountsChunk& chunk) { append_stretch(out, chunk.accounts); }
void append_content(Bytes& out, const StorageChunk& chunk) {
    for (const auto& part : chunk.parts) {
        const auto one = out.size();
        codec::append_fixed(out, part.account);
        append_stretch(out, part.slots);
        codec::close_list(out, one);
    }
}
void append_content(Bytes& out, const CodesChunk& chunk) {
    for (const auto& code : chunk.codes) codec::append_string(out, code);
}

// --- decoding: every vector grows with the input that was read for it

Result<std::vector<ByteView>, RlpError> read_strings(RlpReader& in) {
    TRY(auto list, in.read_list());
    std::vector<ByteView> strings;
    while (!list.empty()) {
        TRY(const auto one, list.read_string());
        strings.push_back(one);
    }
    return strings;
}

Result<Stretch, RlpError> read_stretch(RlpReader& in) {
    Stretch stretch;
    TRY(stretch.range.first, in.read_fixed<Hash32>());
    TRY(stretch.range.last, in.read_fixed<Hash32>());
    TRY(auto leaves, in.read_list());
    while (!leaves.empty()) {
        TRY(auto one, leaves.read_list());
        TRY(const Hash32 key, one.read_fixed<Hash32>());
        TRY(const ByteView value, one.read_string());
        TRY_VOID(one.expect_end());
        stretch.leaves.push_back({key, value});
    }
    TRY(stretch.proof, read_strings(in));
    TRY_VOID(in.expect_end());
    return stretch;
}

Result<BlocksChunk, RlpError> read_blocks(RlpReader in) {
    BlocksChunk chunk;
    while (!in.empty()) {
        TRY(auto one, in.read_list());
        BlockRecord record;
        TRY(record.block, one.read_string());
        TRY(record.receipts, read_strings(one));
        TRY_VOID(one.expect_end());
        chunk.blocks.push_back(std::move(record));
    }
    return chunk;
}

Result<StorageChunk, RlpError> read_storage(RlpReader in) {
    StorageChunk chunk;
    while (!in.empty()) {
        TRY(auto one, in.read_list());
        StorageChunk::Part part;
        TRY(part.account, one.read_fixed<Hash32>());
        TRY(part.slots, read_stretch(one));
        chunk.parts.push_back(std::move(part));
    }
    return chunk;
}

Result<CodesChunk, RlpError> read_codes(RlpReader in) {
    CodesChunk chunk;
    while (!in.empty()) {
        TRY(const ByteView code, in.read_string());
        chunk.codes.push_back(code);
    }
    return chunk;
}

Result<void, RlpError> read_content(std::uint64_t kind, RlpReader in, Chunk& chunk) {
    switch (kind) {
        case BLOCKS: {
            TRY(chunk.content, read_blocks(in));
            return {};
        }
        case ACCOUNTS: {
            TRY(auto accounts, read_stretch(in));
            chunk.content = AccountsChunk{std::move(accounts)};
            return {};
        }
        case STORAGE: {
            TRY(chunk.content, read_storage(in));
            return {};
        }
        case CODES: {
            TRY(chunk.content, read_codes(in));
            return {};
        }
        default: return fail(RlpError::IntegerOverflow);
    }
}

Result<Chunk, RlpError> read_chunk(RlpReader& in) {
    Chunk chunk;
    TRY(chunk.output_root, in.read_fixed<Hash32>());
    TRY(chunk.index, in.read_u64());
    TRY(const auto kind, in.read_u64());
    TRY(const auto content, in.read_list());
    TRY_VOID(in.expect_end());
    TRY_VOID(read_content(kind, content, chunk));
    return chunk;
}

Result<Manifest, RlpError> read_manifest(RlpReader& in) {
    Manifest m;
    TRY(m.chain_id, in.read_u64());
    TRY(m.genesis_hash, in.read_fixed<Hash32>());
    TRY(m.block_number, in.read_u64());
    TRY(m.state_root, in.read_fixed<Hash32>());
    TRY(m.message_passer_root, in.read_fixed<Hash32>());
    TRY(m.block_hash, in.read_fixed<Hash32>());
    TRY(m.chunks, in.read_u64());
    TRY_VOID(in.expect_end());
    return m;
}

Result<RlpReader, std::string> open_file(ByteView file, std::string_view name) {
    RlpReader whole(file);
    auto list = whole.read_list();
    if (!list || !whole.empty()) return fail("this is no " + std::string(name) + ", or it was cut off");
    TRY_VOID(read_name(*list, name));
    return *list;
}

}  // namespace

Hash32 Manifest::output_root() const {
    Bytes preimage(Hash32::SIZE);  // version 0
    append(preimage, state_root.view());
    append(preimage, message_passer_root.view());
    append(preimage, block_hash.view());
    return crypto::keccak256(preimage);
}

Bytes encode(const Manifest& manifest) {
    Bytes out;
    codec::append_string(out, text(MANIFEST_NAME));
    codec::append_uint(out, FORMAT_VERSION);
    codec::append_uint(out, manifest.chain_id);
    codec::append_fixed(out, manifest.genesis_hash);
    codec::append_uint(out, manifest.block_number);
    codec::append_fixed(out, manifest.state_root);
    codec::append_fixed(out, manifest.message_passer_root);
    codec::append_fixed(out, manifest.block_hash);
    codec::append_uint(out, manifest.chunks);
    codec::close_list(out, 0);
    return out;
}

Result<Manifest, std::string> decode_manifest(ByteView file) {
    if (file.size() > MAX_MANIFEST_BYTES) return fail(std::string("a manifest is never so large"));
    TRY(auto list, open_file(file, MANIFEST_NAME));
    const auto manifest = read_manifest(list);
    if (!manifest) return fail(std::string("it is damaged: ") + codec::to_string(manifest.error()));
    return *manifest;
}

Bytes encode(const Chunk& chunk) {
    Bytes out;
    codec::append_string(out, text(CHUNK_NAME));
    codec::append_uint(out, FORMAT_VERSION);
    codec::append_fixed(out, chunk.output_root);
    codec::append_uint(out, chunk.index);
    codec::append_uint(out, static_cast<std::uint64_t>(chunk.content.index()));
    const auto start = out.size();
    std::visit([&](const auto& content) { append_content(out, content); }, chunk.content);
    codec::close_list(out, start);
    codec::close_list(out, 0);
    return out;
}

Result<Chunk, std::string> decode_chunk(ByteView file) {
    if (file.size() > MAX_BLOCK_CHUNK_BYTES) return fail(std::string("a chunk is never so large"));
    TRY(auto list, open_file(file, CHUNK_NAME));
    auto chunk = read_chunk(list);
    if (!chunk) return fail(std::string("it is damaged: ") + codec::to_string(chunk.error()));
    if (file.size() > MAX_CHUNK_BYTES) {
        const auto* blocks = std::get_if<BlocksChunk>(&chunk->content);
        if (blocks == nullptr || blocks->blocks.size() != 1) return fail(std::string("a chunk is never so large"));
    }
    return std::move(*chunk);
}

}  // namespace entresol::snapshot
