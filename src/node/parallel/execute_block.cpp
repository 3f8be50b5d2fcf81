#include "node/parallel/execute_block.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>

#include "node/parallel/confidence.hpp"
#include "node/parallel/signatures.hpp"
#include "node/parallel/speculate.hpp"
#include "node/parallel/worker_pool.hpp"

namespace entresol::parallel {

namespace {

constexpr std::size_t MIN_TRANSACTIONS = 8;  // below, waking a thread costs more than it brings
constexpr std::size_t MIN_CHUNK = 4, MAX_CHUNK = 32;
constexpr std::size_t CHUNKS_PER_THREAD = 16;
constexpr std::uint64_t HEAVY_GAS =
    150'000;  // by gas limits: what takes long stands alone, no neighbour's conflict undoes it

enum class ChunkState : std::uint8_t { Pending, Ready };

struct Chunk {
    std::size_t begin = 0, end = 0;  // transactions
    bool is_heavy = false;
    std::atomic<ChunkState> state{ChunkState::Pending};
    std::optional<Speculation> speculation;  // written before Ready, read after
    std::optional<std::size_t> bad_signature;
};

/// The state before the block for the journal in which the block comes together: what other threads have read of it is there already.
class OrderedView final : public state::StateView {
public:
    OrderedView(VersionedState& state, state::StateView& below) : state_(state), below_(below) {}
    /// Nobody else reads: no need to share.
    void be_alone() { is_alone_ = true; }
    std::optional<state::Account> find_account(const Address& a) override {
        return is_alone_ ? below_.find_account(a) : state_.find_account(a, 0, below_);
    }
    U256 load_storage(const Address& a, const U256& key) override {
        return is_alone_ ? below_.load_storage(a, key) : state_.load_storage(a, key, 0, below_);
    }
    bool has_storage(const Address& a) override {
        return is_alone_ ? below_.has_storage(a) : state_.has_storage(a, 0, below_);
    }
    state::CodePtr load_code(const Hash32& hash) override {
        return is_alone_ ? below_.load_code(hash) : state_.load_code(hash, below_);
    }
    Hash32 load_block_hash(std::uint64_t number) override { return below_.load_block_hash(number); }
    bool has_failed() const override { return below_.has_failed(); }
    HashSeed hash_seed() const override { return below_.hash_seed(); }

private:
    VersionedState& state_;
    state::StateView& below_;
    bool is_alone_ = false;
};

/// Nanoseconds of the calling thread, for comparison alone: nothing that a block holds depends on them.
class Stopwatch {
public:
    [[nodiscard]] double nanoseconds() const {
        return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - began_).count();
    }

private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Before Byzantium a receipt holds the root of the state after its transaction: there is no way but one by one.
bool is_worth_it(const Options& options, unsigned threads, std::size_t transactions, const chain::Rules& rules) {
    return threads > 1 && (transactions >= MIN_TRANSACTIONS || options.chunk_transactions != 0) &&
           rules.at_least(chain::Fork::Byzantium);
}

/// Shorter than the transactions where a signature names nobody.
std::vector<Address> find_senders(std::span<const chain::Transaction> transactions, std::span<const Address> known,
                                  const chain::Rules& rules) {
    std::vector<Address> senders(known.begin(), known.end());
    for (std::size_t i = senders.size(); i < transactions.size(); ++i) {
        const auto sender = stf::find_sender(transactions[i], rules);
        if (!sender) break;
        senders.push_back(*sender);
    }
    return senders;
}

}  // namespace

struct Executor::Impl {
    explicit Impl(const Options& o)
        : options(o),
          threads(o.threads != 0 ? o.threads : std::max(1U, std::thread::hardware_concurrency())),
          pool(threads - 1) {
        if (!o.adapts) light.keep_on(), heavy.keep_on();
    }
    Confidence& confidence(const Chunk& chunk) { return chunk.is_heavy ? heavy : light; }

    Options options;
    unsigned threads;
    // A light transaction's guess costs its thread about twice the ordered run, a heavy one's hardly more than that.
    Confidence light{0.3}, heavy{0.6};
    Statistics statistics;
    WorkerPool pool;
};

struct Executor::BlockRun::Impl {
    Impl(Executor::Impl& e, state::StateView& below, OpenView o, std::span<const Address> known)
        : executor(e), open(std::move(o)), known_senders(known), state(below.hash_seed()), view(state, below) {}

    /// The journal in which everything comes together in order, and what goes with it.
    struct Ordered {
        state::Journal& journal;
        evm::Vm& vm;
        const evm::BlockContext& context;
        stf::BlockProgress& progress;
        std::vector<stf::TxOutcome> outcomes;
    };
    /// What a thread that works ahead has of its own.
    struct Worker {
        std::unique_ptr<state::StateView> below;
    };

    /// The other threads, as long as it lives. At the end, however that came, there is nothing left to take.
    struct Helpers {
        explicit Helpers(Impl& run) : run_(run) {
            run_.executor.pool.start([&run] { run.work_ahead(); });
        }
        ~Helpers() {
            run_.next = run_.chunk_count;
            run_.executor.pool.finish();
        }
        Helpers(const Helpers&) = delete;
        Helpers& operator=(const Helpers&) = delete;
        Impl& run_;
    };

    using Outcomes = Result<std::vector<stf::TxOutcome>, stf::BlockFailure>;
    Outcomes run(Ordered ordered);
    bool is_for_one(std::size_t first) const;
    Outcomes run_alone(std::size_t first, Ordered ordered);
    void cut(std::size_t first);
    void work_ahead();
    void prepare(std::size_t number, Worker& worker);
    void guess(std::size_t number, Worker& worker);
    void recover(Chunk& chunk);
    void prefetch(const Chunk& chunk, state::StateView& below);
    bool wait_or_take(std::size_t number, Worker& mine);
    Result<void, stf::BlockFailure> finish_chunk(std::size_t number, Ordered& ordered);
    Result<void, stf::BlockFailure> run_in_order(const Chunk& chunk, Ordered& ordered);
    Run run_of(const Chunk& chunk, std::size_t number) const {
        return {transactions.subspan(chunk.begin, chunk.end - chunk.begin),
                std::span(senders).subspan(chunk.begin, chunk.end - chunk.begin), version_of(number)};
    }
    static Version version_of(std::size_t number) { return static_cast<Version>(number + 1); }

    Executor::Impl& executor;
    OpenView open;
    std::span<const Address> known_senders;
    VersionedState state;
    OrderedView view;
    const evm::BlockContext* context = nullptr;
    stf::L1FeeParams l1_fees;
    std::span<const chain::Transaction> transactions;
    std::vector<Address> senders;
    std::optional<Signatures> signatures;  // unless all senders are known
    std::size_t chunk_count = 0;
    std::unique_ptr<Chunk[]> chunks;
    std::atomic<std::size_t> next{0};  // the first chunk that nobody has taken
};

// ---------------------------------------------------------------- ahead, on any thread

void Executor::BlockRun::Impl::work_ahead() {
    Worker worker;
    for (std::size_t number = next++; number < chunk_count; number = next++) prepare(number, worker);
}

void Executor::BlockRun::Impl::prepare(std::size_t number, Worker& worker) {
    Chunk& chunk = chunks[number];
    recover(chunk);
    try {
        guess(number, worker);
    } catch (
        const std::exception&) {  // a store that cannot be read: the thread that runs in order will meet it, and say so
        worker.below = nullptr;
        chunk.speculation.reset();
    }
    chunk.state.store(ChunkState::Ready, std::memory_order_release);
    chunk.state.notify_one();
}

void Executor::BlockRun::Impl::guess(std::size_t number, Worker& worker) {
    Chunk& chunk = chunks[number];
    if (worker.below == nullptr || worker.below->has_failed()) worker.below = open();
    if (chunk.bad_signature || !executor.confidence(chunk).is_on()) return prefetch(chunk, *worker.below);
    chunk.speculation = speculate(state, *worker.below, *context, l1_fees, run_of(chunk, number));
    if (chunk.speculation) state.publish(version_of(number), chunk.speculation->diff);
}

void Executor::BlockRun::Impl::recover(Chunk& chunk) {
    if (signatures) chunk.bad_signature = signatures->recover(chunk.begin, chunk.end);
}

void Executor::BlockRun::Impl::prefetch(const Chunk& chunk, state::StateView& below) {
    const std::size_t end = chunk.bad_signature.value_or(chunk.end);
    for (std::size_t i = chunk.begin; i < end; ++i) {
        (void)state.find_account(senders[i], 0, below);
        if (transactions[i].to) {
            const auto account = state.find_account(*transactions[i].to, 0, below);
            if (account && account->code_hash != crypto::EMPTY_CODE_HASH)
                (void)state.load_code(account->code_hash, below);
        }
        for (const auto& entry : transactions[i].access_list)
            for (const auto& key : entry.storage_keys) (void)state.load_storage(entry.address, to_u256(key), 0, below);
    }
}

// ---------------------------------------------------------------- in order, on the calling thread

auto Executor::BlockRun::Impl::run(Ordered ordered) -> Outcomes {
    context = &ordered.context;
    senders.assign(known_senders.begin(), known_senders.end());
    senders.resize(transactions.size());
    ordered.outcomes.reserve(transactions.size());
    // Deposits come first and may set the fee parameters.
    std::size_t first = 0;
    while (first < transactions.size() && transactions[first].type == chain::TxType::Deposit) {
        senders[first] = transactions[first].from;
        ++first;
    }
    if (known_senders.empty()) signatures.emplace(transactions, senders, first);
    if (is_for_one(first)) return run_alone(first, std::move(ordered));
    Chunk deposits;
    deposits.end = first;
    TRY_VOID(run_in_order(deposits, ordered));

    l1_fees = ordered.progress.l1_fees = stf::load_l1_fee_params(ordered.journal, ordered.context.rules);
    state.publish(0, ordered.journal.diff_since_mark());
    cut(first);
    ++executor.statistics.blocks;
    executor.statistics.chunks += chunk_count;
    const Helpers helpers(*this);
    Worker mine;
    for (std::size_t number = 0; number < chunk_count; ++number) {
        if (wait_or_take(number, mine)) recover(chunks[number]);
        TRY_VOID(finish_chunk(number, ordered));
    }
    return std::move(ordered.outcomes);
}

// Few transactions, or none that another thread could do anything for.
bool Executor::BlockRun::Impl::is_for_one(std::size_t first) const {
    if (first == transactions.size()) return true;
    if (executor.options.chunk_transactions != 0) return false;
    if (executor.threads == 1 || transactions.size() - first < MIN_TRANSACTIONS) return true;
    return !signatures && !executor.light.is_on() &&
           std::ranges::none_of(transactions.subspan(first), [](const auto& tx) { return tx.gas_limit >= HEAVY_GAS; });
}

auto Executor::BlockRun::Impl::run_alone(std::size_t first, Ordered ordered) -> Outcomes {
    view.be_alone();
    Chunk deposits, rest;
    deposits.end = rest.begin = first;
    rest.end = transactions.size();
    TRY_VOID(run_in_order(deposits, ordered));
    recover(rest);
    const Stopwatch watch;
    const std::uint64_t before = ordered.progress.gas_used;
    TRY_VOID(run_in_order(rest, ordered));
    executor.light.on_ordered(ordered.progress.gas_used - before, watch.nanoseconds());
    return std::move(ordered.outcomes);
}

// What is heavy stands alone; what is light goes together, so that a guess costs less than it saves.
void Executor::BlockRun::Impl::cut(std::size_t first) {
    std::size_t most = executor.options.chunk_transactions;
    if (most == 0)
        most = std::clamp((transactions.size() - first) / (executor.threads * CHUNKS_PER_THREAD), MIN_CHUNK, MAX_CHUNK);
    const auto is_heavy = [&](std::size_t i) {
        return executor.options.chunk_transactions == 0 && transactions[i].gas_limit >= HEAVY_GAS;
    };
    std::vector<std::size_t> ends;
    for (std::size_t i = first, begin = first; i < transactions.size(); ++i) {
        const bool is_last = i + 1 == transactions.size();
        if (is_last || is_heavy(i) || is_heavy(i + 1) || i + 1 - begin >= most) ends.push_back(begin = i + 1);
    }
    chunk_count = ends.size();
    chunks = std::make_unique<Chunk[]>(chunk_count);
    for (std::size_t i = 0; i < chunk_count; ++i) {
        chunks[i].begin = i == 0 ? first : ends[i - 1];
        chunks[i].end = ends[i];
        chunks[i].is_heavy = is_heavy(chunks[i].begin);
    }
}

// Until the chunk is ready, works ahead too. True: nobody had it, and it is the caller's, who runs it in its place in the order.
bool Executor::BlockRun::Impl::wait_or_take(std::size_t number, Worker& mine) {
    Chunk& chunk = chunks[number];
    while (chunk.state.load(std::memory_order_acquire) != ChunkState::Ready) {
        std::size_t untaken = number;
        if (next.compare_exchange_strong(untaken, number + 1)) return true;
        const std::size_t ahead = next++;
        if (ahead < chunk_count)
            prepare(ahead, mine);
        else
            chunk.state.wait(ChunkState::Pending, std::memory_order_acquire);
    }
    return false;
}

Result<void, stf::BlockFailure> Executor::BlockRun::Impl::finish_chunk(std::size_t number, Ordered& ordered) {
    Chunk& chunk = chunks[number];
    Confidence& confidence = executor.confidence(chunk);
    const std::uint64_t before = ordered.progress.gas_used;
    if (chunk.speculation) {
        const Stopwatch watch;
        if (is_valid(ordered.journal, chunk.speculation->reads) &&
            has_room(ordered.context, ordered.progress, run_of(chunk, number).transactions,
                     chunk.speculation->outcomes)) {
            commit(ordered.journal, ordered.context.rules, ordered.progress, std::move(*chunk.speculation),
                   ordered.outcomes);
            chunk.speculation.reset();
            ++executor.statistics.committed;
            confidence.on_committed(ordered.progress.gas_used - before, watch.nanoseconds());
            return {};
        }
        state.withdraw(version_of(number), chunk.speculation->diff);
        ++executor.statistics.aborted;
        confidence.on_aborted();
    }
    ordered.journal.mark();
    const Stopwatch watch;
    TRY_VOID(run_in_order(chunk, ordered));
    confidence.on_ordered(ordered.progress.gas_used - before, watch.nanoseconds());
    if (executor.light.is_on() || executor.heavy.is_on())
        state.publish(version_of(number), ordered.journal.diff_since_mark());
    return {};
}

Result<void, stf::BlockFailure> Executor::BlockRun::Impl::run_in_order(const Chunk& chunk, Ordered& ordered) {
    for (std::size_t i = chunk.begin; i < chunk.bad_signature.value_or(chunk.end); ++i) {
        auto outcome = stf::apply_transaction(ordered.journal, ordered.vm, ordered.context, ordered.progress,
                                              transactions[i], senders[i]);
        if (!outcome) return stf::transaction_failure(outcome.error(), i);
        ordered.outcomes.push_back(std::move(*outcome));
    }
    if (chunk.bad_signature) return stf::transaction_failure(stf::TxError::InvalidSignature, *chunk.bad_signature);
    return {};
}

// ---------------------------------------------------------------- the doors

Executor::BlockRun::BlockRun(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Executor::BlockRun::~BlockRun() = default;

state::StateView& Executor::BlockRun::view() { return impl_->view; }

stf::RunTransactions Executor::BlockRun::runner() {
    return [this](state::Journal& journal, evm::Vm& vm, const evm::BlockContext& context, stf::BlockProgress& progress,
                  std::span<const chain::Transaction> transactions, std::vector<Address>& senders) {
        impl_->transactions = transactions;
        auto outcomes = impl_->run({journal, vm, context, progress, {}});
        senders = std::move(impl_->senders);
        return outcomes;
    };
}

Executor::Executor(const Options& options) : impl_(std::make_unique<Impl>(options)) {}
Executor::~Executor() = default;

Executor::BlockRun Executor::begin(state::StateView& view, OpenView open, std::span<const Address> known_senders) {
    return BlockRun(std::make_unique<BlockRun::Impl>(*impl_, view, std::move(open), known_senders));
}

Result<stf::BlockOutcome, stf::BlockFailure> Executor::apply_block(
    state::StateView& view, OpenView open, const chain::ChainConfig& config, const chain::Header& parent,
    const chain::Block& block, std::vector<Address>& senders, std::span<const Address> known_senders,
    const stf::PostStateRoot& post_state_root) {
    CHECK(known_senders.empty() || known_senders.size() == block.transactions.size());
    const auto rules = config.rules_at(block.header.number, block.header.timestamp);
    if (!is_worth_it(impl_->options, impl_->threads, block.transactions.size(), rules)) {
        senders = find_senders(block.transactions, known_senders, rules);
        // Where one is missing, who goes through the transactions in order says what is wrong first.
        const bool complete = senders.size() == block.transactions.size();
        return stf::apply_block(view, config, parent, block, complete ? senders : std::vector<Address>{},
                                post_state_root);
    }
    BlockRun run = begin(view, std::move(open), known_senders);
    auto runner = run.runner();
    const auto keep = [&](state::Journal& journal, evm::Vm& vm, const evm::BlockContext& context,
                          stf::BlockProgress& progress, std::span<const chain::Transaction> transactions,
                          std::vector<Address>& found) {
        auto outcomes = runner(journal, vm, context, progress, transactions, found);
        senders = found;
        return outcomes;
    };
    return stf::apply_block_with(keep, run.view(), config, parent, block);
}

const Statistics& Executor::statistics() const { return impl_->statistics; }
unsigned Executor::threads() const { return impl_->threads; }

}  // namespace entresol::parallel
