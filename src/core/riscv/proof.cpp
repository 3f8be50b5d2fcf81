#include "core/riscv/proof.hpp"

#include "core/base/check.hpp"
#include "core/base/endian.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/step.hpp"

namespace entresol::riscv {
namespace {

void append_path(Bytes& out, const LeafPath& path) {
    std::uint64_t mask = 0;
    for (unsigned height = 0; height < TREE_DEPTH; ++height)
        if (path.siblings[height] != zero_node(height)) mask |= std::uint64_t{1} << height;
    append(out, path.leaf.view());
    out.resize(out.size() + MASK_BYTES);
    store_be64(&out[out.size() - MASK_BYTES], mask);
    for (unsigned height = 0; height < TREE_DEPTH; ++height)
        if ((mask >> height & 1) != 0) append(out, path.siblings[height].view());
}

// Answers from the machine's memory and writes down each leaf it was asked for; stores go nowhere, they end the step.
class RecordingMemory {
public:
    RecordingMemory(const Machine& machine, const MemoryTree& tree, Bytes& proof)
        : memory_(machine.memory), tree_(tree), proof_(proof) {}

    std::uint64_t load(std::uint64_t address, unsigned bytes) {
        append_path(proof_, tree_.prove(memory_, address));
        return memory_.load(address, bytes);
    }
    void store(std::uint64_t address, unsigned /*bytes*/, std::uint64_t /*value*/) {
        append_path(proof_, tree_.prove(memory_, address));
    }

private:
    const Memory& memory_;
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

// Answers with the proof's leaves in the order in which they stand, each under the root as it is then. After a fault it answers
// zero: the step ends, and its result is not looked at.
class ProvenMemory {
public:
    ProvenMemory(const Hash32& root, Reader& reader) : root_(root), reader_(reader) {}

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

    Hash32 root_;
    Reader& reader_;
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
        case ProofError::TrailingBytes: return "bytes follow that the step does not read";
    }
    return "unknown";
}

Bytes prove_step(const Machine& machine, const MemoryTree& tree) {
    CHECK(!machine.memory.is_exhausted());
    const auto state = encode_state({tree.root(), machine.hart});
    Bytes proof(state.begin(), state.end());
    Hart hart = machine.hart;
    RecordingMemory memory(machine, tree, proof);
    step(hart, memory);
    return proof;
}

Result<ReplayedStep, ProofError> replay_step(ByteView proof) {
    Reader reader(proof);
    const auto head = reader.take(STATE_BYTES);
    if (!head) return fail(ProofError::TooShort);
    const auto before = decode_state(*head);
    if (!before) return fail(ProofError::BadState);
    State after = *before;
    ProvenMemory memory(before->memory_root, reader);
    step(after.hart, memory);
    if (const auto error = memory.error()) return fail(*error);
    if (!reader.is_at_end()) return fail(ProofError::TrailingBytes);
    after.memory_root = memory.root();
    return ReplayedStep{*before, after, memory.fetched()};
}

Result<Hash32, ProofError> verify_step(const Hash32& pre_root, ByteView proof) {
    if (proof.size() < STATE_BYTES) return fail(ProofError::TooShort);
    if (crypto::keccak256(proof.first(STATE_BYTES)) != pre_root) return fail(ProofError::WrongStateRoot);
    TRY(const ReplayedStep replayed, replay_step(proof));
    return compute_state_root(replayed.after);
}

}  // namespace entresol::riscv
