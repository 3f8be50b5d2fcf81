#include "core/program/answer.hpp"

#include "core/base/endian.hpp"
#include "core/crypto/keccak.hpp"
#include "core/program/oracle_l1.hpp"
#include "core/program/oracle_l2.hpp"

namespace entresol::program {
namespace {

using derive::Stall;

constexpr std::size_t OUTPUT_BYTES = 128;

AnswerError to_error(derive::FetchError error) {
    return error == derive::FetchError::Temporary ? AnswerError::Unknown : AnswerError::Underivable;
}

AnswerError to_error(Stall stall) {
    switch (stall) {
        case Stall::NeedsL1: return AnswerError::NotReached;
        case Stall::Temporary: return AnswerError::Unknown;
        default: return AnswerError::Underivable;
    }
}

struct Agreed {
    Hash32 hash;
    chain::Header header;
};

Result<Agreed, AnswerError> find_agreed(Oracle& oracle, const Hash32& output_root) {
    oracle.hint(Hint::L2Output, output_root);
    const auto output = oracle.find(output_root);
    if (!output) return fail(AnswerError::Unknown);
    const ByteView view(*output);
    if (view.size() != OUTPUT_BYTES || !from_bytes<Hash32>(view.first(32)).is_zero()) return fail(AnswerError::NoStart);
    const auto hash = from_bytes<Hash32>(view.subspan(96));
    oracle.hint(Hint::L2Header, hash);
    const auto encoded = oracle.find(hash);
    if (!encoded) return fail(AnswerError::Unknown);
    auto header = chain::decode_header(*encoded);
    if (!header) return fail(AnswerError::NoStart);
    return Agreed{hash, *std::move(header)};
}

/// As find_sync_start finds it for a block that is final: the L1 block from which on all data of the next block can be read.
Result<derive::SyncStart, AnswerError> find_start(const derive::RollupConfig& config, OracleL1& l1, OracleL2& l2) {
    const auto load = [&](std::uint64_t number) -> Result<std::pair<chain::Block, derive::L2BlockRef>, AnswerError> {
        auto block = l2.with_first_transaction(number);
        if (!block) return fail(to_error(block.error()));
        const auto ref = make_l2_block_ref(config, *block);
        if (!ref) return fail(AnswerError::NoStart);
        return std::pair(*std::move(block), *ref);
    };
    TRY(auto base, load(l2.head().number));
    const derive::L2BlockRef safe_head = base.second;
    while (base.second.number > config.l2_genesis.number && base.second.l1_origin.number > config.l1_genesis.number &&
           base.second.l1_origin.number + config.channel_timeout > safe_head.l1_origin.number) {
        TRY(base, load(base.second.number - 1));
    }
    const auto header = l1.header_by_hash(base.second.l1_origin.hash);
    if (!header) return fail(to_error(header.error()));
    const auto system = read_system_config(config, base.first);
    if (!system) return fail(AnswerError::NoStart);
    return derive::SyncStart{safe_head, derive::make_l1_block_ref(*header), *system, 0};
}

Result<void, AnswerError> extend(const derive::RollupConfig& config, derive::Pipeline& pipeline, OracleL2& l2,
                                 Oracle& oracle, const derive::PayloadAttributes& attributes) {
    const chain::Header parent = l2.head();
    oracle.hint(Hint::L2Execution, l2.head_hash());
    state::TrieStateView view(l2, l2, parent.state_root, [&](std::uint64_t number) { return l2.hash_of(number); });
    auto block = derive_block(config, pipeline, attributes, {parent, view, l2, l2});
    if (!block)
        return fail(block.error() == derive::ExecutionError::MissingState ? AnswerError::Unknown
                                                                          : AnswerError::Underivable);
    l2.append(std::move(block->sealed));
    return {};
}

}  // namespace

Bytes encode(const Question& question) {
    Bytes out;
    append(out, question.start_output_root.view());
    append(out, question.l1_head.view());
    append(out, to_hash32(U256(question.block_number)).view());
    return out;
}

std::optional<Question> decode_question(ByteView bytes) {
    if (bytes.size() != QUESTION_BYTES) return std::nullopt;
    const U256 number = load_be(bytes.subspan(64));
    if (number > U256(~std::uint64_t{0})) return std::nullopt;
    return Question{from_bytes<Hash32>(bytes), from_bytes<Hash32>(bytes.subspan(32)), number.limb[0]};
}

const char* to_string(AnswerError error) {
    switch (error) {
        case AnswerError::Unknown: return "something that the run reads is not known here";
        case AnswerError::NoStart: return "the agreed output root is none of this rollup's, or not before the block";
        case AnswerError::NotReached: return "L1 does not hold what makes that block";
        case AnswerError::Underivable: return "derivation cannot go on";
    }
    return "?";
}

Bytes encode_output(const chain::Header& header, const Hash32& block_hash) {
    Bytes preimage(32);  // version 0
    append(preimage, header.state_root.view());
    append(preimage, header.withdrawals_root.value_or(crypto::EMPTY_TRIE_ROOT).view());
    append(preimage, block_hash.view());
    return preimage;
}

Hash32 compute_output_root(const chain::Header& header, const Hash32& block_hash) {
    return crypto::keccak256(encode_output(header, block_hash));
}

Result<Hash32, AnswerError> answer(derive::RollupConfig config, const Question& question, Oracle& oracle) {
    TRY(auto agreed, find_agreed(oracle, question.start_output_root));
    if (question.block_number <= agreed.header.number) return fail(AnswerError::NoStart);
    OracleL1 l1(oracle, question.l1_head);
    if (agreed.header.number == config.l2_genesis.number) {
        // The configuration has only the number: its hash follows from H.
        const auto genesis = l1.header_by_number(config.l1_genesis.number);
        if (!genesis) return fail(to_error(genesis.error()));
        config.l1_genesis.hash = chain::header_hash(*genesis);
    }
    OracleL2 l2(oracle, agreed.hash, std::move(agreed.header));
    TRY(const auto start, find_start(config, l1, l2));
    derive::Pipeline pipeline(config, l1, l1, l2);
    pipeline.reset(start);
    derive::L2BlockRef safe_head = start.safe_head;
    while (safe_head.number < question.block_number) {
        const auto attributes = pipeline.next(safe_head);
        if (attributes) {
            TRY_VOID(extend(config, pipeline, l2, oracle, *attributes));
            safe_head = {l2.head_hash(),      l2.head().number,      l2.head().parent_hash,
                         l2.head().timestamp, attributes->l1_origin, attributes->sequence_number};
        } else if (attributes.error() != Stall::Again) {
            return fail(to_error(attributes.error()));
        }
    }
    return compute_output_root(l2.head(), l2.head_hash());
}

}  // namespace entresol::program
