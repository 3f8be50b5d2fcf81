#include "core/riscv/proof.hpp"

#include "core/base/check.hpp"
#include "core/base/endian.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/step.hpp"

namespace entresol::riscv {
namespace {

void append_number(Bytes& out, std::uint64_t number) {
    out.resize(out.size() + 8);
    store_be64(&out[out.size() - 8], number);
}
constexpr bool is_set(std::uint64_t mask, unsigned height) { return (mask >> height & 1) != 0; }
constexpr std::uint64_t bit(unsigned height) { return std::uint64_t{1} << height; }

void append_path(Bytes& out, const LeafPath& path) {
    std::uint64_t mask = 0;
    for (unsigned height = 0; height < TREE_DEPTH; ++height)
        if (path.siblings[height] != zero_node(height)) mask |= bit(height);
    append(out, path.leaf.view());
    append_number(out, mask);
    for (unsigned height = 0; height < TREE_DEPTH; ++height)
        if (is_set(mask, height)) append(out, path.siblings[height].view());
}

void append_range(Bytes& out, const LeafRange& range) {
    std::uint64_t left = 0, right = 0;
    for (unsigned height = 0; height < TREE_DEPTH; ++height) {
        if (needs_left(range.first, height) && range.left[height] != zero_node(height)) left |= bit(height);
        if (needs_right(range.last(), height) && range.right[height] != zero_node(height)) right |= bit(height);
    }
    append(out, range.leaves);
    append_number(out, left);
    append_number(out, right);
    for (unsigned height = 0; height < TREE_DEPTH; ++height) {
        if (is_set(left, height)) append(out, range.left[height].view());
        if (is_set(right, height)) append(out, range.right[height].view());
    }
}

// Answers from the machine's memory and writes down each leaf it was asked for; stores go nowhere, they end the step.
class RecordingMemory final : public CallMemory {
public:
    RecordingMemory(const Machine& machine, const MemoryTree& tree, Bytes& proof)
        : memory_(machine.memory), preimages_(machine.preimages), tree_(tree), proof_(proof) {}

    std::uint64_t load(std::uint64_t address, unsigned bytes) {
        append_path(proof_, tree_.prove(memory_, address));
        return memory_.load(address, bytes);
    }
    void store(std::uint64_t address, unsigned /*bytes*/, std::uint64_t /*value*/) {
        append_path(proof_, tree_.prove(memory_, address));
    }
    void read(std::uint64_t address, std::span<std::uint8_t> to) override {
        append_range(proof_, tree_.prove_range(memory_, address, to.size()));
        memory_.read(address, to);
    }
    void write(std::uint64_t address, ByteView bytes) override {
        append_range(proof_, tree_.prove_range(memory_, address, bytes.size()));
    }
    std::optional<PreimagePart> read_preimage(const PreimageRequest& request) override {
        const auto preimage = preimages_ == nullptr ? std::nullopt : preimages_->find(request.type, request.key);
        if (!preimage || (request.type == PreimageType::Blob && !append_element(request, *preimage)))
            return std::nullopt;
        if (request.type == PreimageType::Keccak256 || request.type == PreimageType::Sha256) {
            append_number(proof_, preimage->size());
            if (preimage->size() <= MAX_INLINE_BYTES) append(proof_, *preimage);
        }
        return part_of(*preimage, request);
    }

private:
    bool append_element(const PreimageRequest& request, ByteView blob) {
        const Bytes element = to_bytes(part_of(blob, request).bytes);
        const auto proof =
            preimages_->prove_element(request.key, static_cast<unsigned>(request.offset / ELEMENT_BYTES));
        if (!proof) return false;
        append(proof_, proof->commitment.view());
        append(proof_, proof->proof.view());
        append(proof_, element);
        return true;
    }

    const Memory& memory_;
    PreimageSource* const preimages_;
    const MemoryTree& tree_;
    Bytes& proof_;
};

// The next `size` bytes; nothing: there are not as many.
class Reader {
public:
    explicit Reader(ByteView rest) : rest_(rest) {}
    [[nodiscard]] std::optional<ByteView> take(std::size_t size) {
        if (rest_.size() < size) return std::nullopt;
        const ByteView taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }
    [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

private:
    ByteView rest_;
};

Result<LeafPath, ProofError> read_path(Reader& reader) {
    const auto head = reader.take(LEAF_BYTES + MASK_BYTES);
    if (!head) return fail(ProofError::TooShort);
    const std::uint64_t mask = load_be64(&(*head)[LEAF_BYTES]);
    if (mask >> TREE_DEPTH != 0) return fail(ProofError::BadMask);
    LeafPath path{from_bytes<Hash32>(*head), {}};
    for (unsigned height = 0; height < TREE_DEPTH; ++height) {
        path.siblings[height] = zero_node(height);
        if ((mask >> height & 1) == 0) continue;
        const auto sibling = reader.take(Hash32::SIZE);
        if (!sibling) return fail(ProofError::TooShort);
        if (from_bytes<Hash32>(*sibling) == zero_node(height)) return fail(ProofError::ZeroSibling);
        path.siblings[height] = from_bytes<Hash32>(*sibling);
    }
    return path;
}

// The sibling of that height as a mask's bit says, which may be set only where one is needed.
Result<Hash32, ProofError> read_sibling(Reader& reader, bool follows, bool is_needed, unsigned height) {
    if (!follows) return zero_node(height);
    if (!is_needed) return fail(ProofError::BadMask);
    const auto sibling = reader.take(Hash32::SIZE);
    if (!sibling) return fail(ProofError::TooShort);
    if (from_bytes<Hash32>(*sibling) == zero_node(height)) return fail(ProofError::ZeroSibling);
    return from_bytes<Hash32>(*sibling);
}

Result<LeafRange, ProofError> read_range(Reader& reader, std::uint64_t address, std::size_t length) {
    const std::uint64_t first = address / LEAF_BYTES, last = (address + (length - 1)) / LEAF_BYTES;
    const auto leaves = reader.take(static_cast<std::size_t>(last - first + 1) * LEAF_BYTES);
    if (!leaves) return fail(ProofError::TooShort);
    const auto masks = reader.take(2 * MASK_BYTES);
    if (!masks) return fail(ProofError::TooShort);
    const std::uint64_t left = load_be64(masks->data()), right = load_be64(&(*masks)[MASK_BYTES]);
    if ((left | right) >> TREE_DEPTH != 0) return fail(ProofError::BadMask);
    LeafRange range{first, to_bytes(*leaves), {}, {}};
    for (unsigned height = 0; height < TREE_DEPTH; ++height) {
        TRY(range.left[height], read_sibling(reader, is_set(left, height), needs_left(first, height), height));
        TRY(range.right[height], read_sibling(reader, is_set(right, height), needs_right(last, height), height));
    }
    return range;
}

// A preimage or an element that the proof itself shows to belong to the key.
Result<PreimagePart, ProofError> read_hashed(Reader& reader, const PreimageRequest& request,
                                             PreimageSource* published) {
    const auto size = reader.take(8);
    if (!size) return fail(ProofError::TooShort);
    const std::uint64_t total = load_be64(size->data());
    if (total > MAX_INLINE_BYTES) {
        const auto preimage = published == nullptr ? std::nullopt : published->find(request.type, request.key);
        if (!preimage || preimage->size() != total) return fail(ProofError::UnknownPreimage);
        return part_of(*preimage, request);
    }
    const auto preimage = reader.take(static_cast<std::size_t>(total));
    if (!preimage) return fail(ProofError::TooShort);
    const bool is_keccak = request.type == PreimageType::Keccak256;
    if ((is_keccak ? crypto::keccak256(*preimage) : crypto::sha256(*preimage)) != request.key)
        return fail(ProofError::WrongPreimage);
    return part_of(*preimage, request);
}

Result<PreimagePart, ProofError> read_element(Reader& reader, const PreimageRequest& request) {
    const auto points = reader.take(2 * crypto::KzgCommitment::SIZE);
    const auto element = reader.take(ELEMENT_BYTES);
    if (!points || !element) return fail(ProofError::TooShort);
    const auto commitment = from_bytes<crypto::KzgCommitment>(*points);
    const Hash32 point = element_point(static_cast<unsigned>(request.offset / ELEMENT_BYTES));
    if (crypto::kzg_to_versioned_hash(commitment) != request.key ||
        !crypto::verify_kzg_proof(commitment, point, from_bytes<Hash32>(*element),
                                  from_bytes<crypto::KzgProof>(points->subspan(crypto::KzgCommitment::SIZE))))
        return fail(ProofError::WrongPreimage);
    return PreimagePart{*element, crypto::BYTES_PER_BLOB};
}

Result<PreimagePart, ProofError> read_proven_preimage(Reader& reader, const PreimageRequest& request,
                                                      PreimageSource* published) {
    if (request.type == PreimageType::Blob) return read_element(reader, request);
    if (request.type != PreimageType::Computation) return read_hashed(reader, request, published);
    const auto answer = published == nullptr ? std::nullopt : published->find(request.type, request.key);
    if (!answer) return fail(ProofError::UnknownPreimage);
    return part_of(*answer, request);
}

// Answers with the proof's leaves in the order in which they stand, each under the root as it is then. After a fault it answers
// zero: the step ends, and its result is not looked at.
class ProvenMemory final : public CallMemory {
public:
    ProvenMemory(const Hash32& root, Reader& reader, PreimageSource* published)
        : root_(root), reader_(reader), published_(published) {}

    std::uint64_t load(std::uint64_t address, unsigned bytes) {
        std::uint64_t value = 0;
        if (const auto path = take_path(address)) std::memcpy(&value, path->leaf.data() + address % LEAF_BYTES, bytes);
        if (!fetched_) fetched_ = static_cast<std::uint32_t>(value);  // a step loads its instruction first
        return value;
    }
    void store(std::uint64_t address, unsigned bytes, std::uint64_t value) {
        auto path = take_path(address);
        if (!path) return;
        std::memcpy(path->leaf.data() + address % LEAF_BYTES, &value, bytes);
        root_ = compute_root(address / LEAF_BYTES, *path);
    }
    void read(std::uint64_t address, std::span<std::uint8_t> to) override {
        const auto range = take_range(address, to.size());
        if (range)
            std::memcpy(to.data(), range->leaves.data() + address % LEAF_BYTES, to.size());
        else
            std::fill(to.begin(), to.end(), std::uint8_t{0});
    }
    void write(std::uint64_t address, ByteView bytes) override {
        auto range = take_range(address, bytes.size());
        if (!range) return;
        std::memcpy(range->leaves.data() + address % LEAF_BYTES, bytes.data(), bytes.size());
        root_ = compute_root(*range);
    }
    std::optional<PreimagePart> read_preimage(const PreimageRequest& request) override {
        if (error_) return std::nullopt;
        const auto part = read_proven_preimage(reader_, request, published_);
        if (part) return *part;
        error_ = part.error();
        return std::nullopt;
    }
    [[nodiscard]] const Hash32& root() const { return root_; }
    [[nodiscard]] std::optional<std::uint32_t> fetched() const { return fetched_; }
    [[nodiscard]] std::optional<ProofError> error() const { return error_; }

private:
    std::optional<LeafPath> take_path(std::uint64_t address) {
        if (error_) return std::nullopt;
        const auto path = read_path(reader_);
        if (!path)
            error_ = path.error();
        else if (compute_root(address / LEAF_BYTES, *path) != root_)
            error_ = ProofError::WrongMemoryRoot;
        return error_ ? std::nullopt : std::optional(*path);
    }
    std::optional<LeafRange> take_range(std::uint64_t address, std::size_t length) {
        if (error_) return std::nullopt;
        auto range = read_range(reader_, address, length);
        if (!range)
            error_ = range.error();
        else if (compute_root(*range) != root_)
            error_ = ProofError::WrongMemoryRoot;
        return error_ ? std::nullopt : std::optional(std::move(*range));
    }

    Hash32 root_;
    Reader& reader_;
    PreimageSource* const published_;
    std::optional<std::uint32_t> fetched_;
    std::optional<ProofError> error_;
};

}  // namespace

const char* to_string(ProofError error) {
    switch (error) {
        case ProofError::TooShort: return "it ends too early";
        case ProofError::BadState: return "its words are of no machine";
        case ProofError::WrongStateRoot: return "it starts from another state root";
        case ProofError::BadMask: return "a mask has bits above the tree's height";
        case ProofError::ZeroSibling: return "a sibling is written out that the mask must leave out";
        case ProofError::WrongMemoryRoot: return "a leaf is not under the memory root";
        case ProofError::WrongPreimage: return "what is given as a preimage is not the key's";
        case ProofError::UnknownPreimage: return "it reads a preimage that must be published and is not known here";
        case ProofError::TrailingBytes: return "bytes follow that the step does not read";
    }
    return "unknown";
}

std::optional<Bytes> prove_step(const Machine& machine, const MemoryTree& tree) {
    CHECK(!machine.memory.is_exhausted());
    const auto state = encode_state({tree.root(), machine.hart});
    Bytes proof(state.begin(), state.end());
    Hart hart = machine.hart;
    RecordingMemory memory(machine, tree, proof);
    if (!step(hart, memory)) return std::nullopt;
    return proof;
}

Result<ReplayedStep, ProofError> replay_step(ByteView proof, PreimageSource* published) {
    Reader reader(proof);
    const auto head = reader.take(STATE_BYTES);
    if (!head) return fail(ProofError::TooShort);
    const auto before = decode_state(*head);
    if (!before) return fail(ProofError::BadState);
    State after = *before;
    ProvenMemory memory(before->memory_root, reader, published);
    (void)step(after.hart, memory);  // false comes with an error
    if (const auto error = memory.error()) return fail(*error);
    if (!reader.is_at_end()) return fail(ProofError::TrailingBytes);
    after.memory_root = memory.root();
    return ReplayedStep{*before, after, memory.fetched()};
}

Result<Hash32, ProofError> verify_step(const Hash32& pre_root, ByteView proof, PreimageSource* published) {
    if (proof.size() < STATE_BYTES) return fail(ProofError::TooShort);
    if (crypto::keccak256(proof.first(STATE_BYTES)) != pre_root) return fail(ProofError::WrongStateRoot);
    TRY(const ReplayedStep replayed, replay_step(proof, published));
    return compute_state_root(replayed.after);
}

}  // namespace entresol::riscv
