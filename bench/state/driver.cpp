// entresol_state_driver build|measure|chain|import FOLDER …: makes a state on disk; measures reads and root updates on one that was made; makes blocks
// over a smaller one for geth too; imports them. One line of JSON on stdout; progress on stderr.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "chain.hpp"
#include "core/codec/rlp.hpp"
#include "node/ledger/node_overlay.hpp"
#include "node/ledger/path_warmer.hpp"
#include "node/store/block_store.hpp"
#include "node/store/bulk_state.hpp"
#include "state_shape.hpp"

namespace entresol::bench {
namespace {

double now_us() {
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
double cpu_us() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto us = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
    };
    return us(usage.ru_utime) + us(usage.ru_stime);
}
double peak_memory_mib() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}
double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}
double percentile(std::vector<double> values, double fraction) {
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(static_cast<double>(values.size()) * fraction))];
}

const char* const ROOT_META = "bench.root";  // of the state as it was built: every measurement begins there

Hash32 back_to_first_root(store::BlockStore& store) {
    const auto root = from_bytes<Hash32>(store.find_meta(ROOT_META).value());
    store.flat().move_to(root);
    return root;
}

// --- build

void add_slots(store::BulkState& bulk, const Hash32& account_key, std::uint64_t account, std::uint64_t count) {
    if (count == 0) return;
    const auto slots = hash_and_sort(
        count, [](std::uint64_t of, std::uint64_t n) { return to_bytes(to_hash32(Shape::slot_key(of, n)).view()); },
        account);
    for (const auto& slot : slots) {
        Bytes value;
        codec::append_uint(value, Shape::slot_value(account, slot.number));
        bulk.add_slot(account_key, slot.key, std::move(value));
    }
}

void build(const std::string& folder, const Shape& shape) {
    const double begin = now_us(), cpu_begin = cpu_us();
    std::filesystem::remove_all(folder);
    const std::shared_ptr<store::KeyValue> kv = store::open_rocks_store(folder + "/db");
    const auto accounts = hash_and_sort(
        shape.accounts, [](std::uint64_t, std::uint64_t n) { return to_bytes(Shape::address(n).view()); }, 0);
    std::fprintf(stderr, "keys sorted after %.0f s\n", (now_us() - begin) / 1e6);
    store::BulkState::Sizes sizes;
    Hash32 root;
    {
        store::BulkState bulk(*kv, folder + "/scratch");
        std::size_t done = 0;
        for (const auto& account : accounts) {
            add_slots(bulk, account.key, account.number, shape.slots_of(account.number));
            bulk.add_account(account.key, shape.account(account.number));
            if (++done % 1'000'000 == 0)
                std::fprintf(stderr, "%zu accounts after %.0f s\n", done, (now_us() - begin) / 1e6);
        }
        root = bulk.finish(sizes);
    }
    store::BlockStore(kv).put_meta(ROOT_META, root.view());
    kv->flush();
    const double slot_share = static_cast<double>(sizes.slot_node_bytes) /
                              static_cast<double>(sizes.slot_node_bytes + sizes.account_node_bytes);
    const auto per = [](double bytes, std::uint64_t count) { return bytes / static_cast<double>(count); };
    const auto nodes = static_cast<double>(sizes.nodes);
    std::printf(
        "{\"seconds\":%.1f,\"cpu_seconds\":%.1f,\"peak_memory_mib\":%.0f,\"disk_bytes\":%.0f,"
        "\"flat_bytes_per_account\":%.1f,\"flat_bytes_per_slot\":%.1f,\"trie_bytes_per_account\":%.1f,"
        "\"trie_bytes_per_slot\":%.1f}\n",
        (now_us() - begin) / 1e6, (cpu_us() - cpu_begin) / 1e6, peak_memory_mib(),
        nodes + static_cast<double>(sizes.flat_accounts + sizes.flat_slots),
        per(static_cast<double>(sizes.flat_accounts), shape.accounts),
        per(static_cast<double>(sizes.flat_slots), shape.slots), per(nodes * (1 - slot_share), shape.accounts),
        per(nodes * slot_share, shape.slots));
}

// --- measure

// What the system's page cache holds of these files is given up; nothing else on the machine is touched.
void forget_pages(const std::string& folder) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        const int file = ::open(entry.path().c_str(), O_RDONLY);
        if (file < 0) continue;
        (void)::fdatasync(file);
        (void)::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        ::close(file);
    }
}

struct Slot {
    std::uint64_t account, number;
};
struct Samples {
    std::vector<std::uint64_t> accounts;
    std::vector<Slot> slots;  // half of the token, half of contracts
};
Samples draw(const Shape& shape, std::size_t count, std::uint64_t seed) {
    Samples out;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t lot = mix(seed * 1'000'000'007 + i);
        out.accounts.push_back(lot % shape.accounts);
        const std::uint64_t account =
            i % 2 == 0 ? Shape::TOKEN : lot % (shape.accounts / Shape::EVERY) * Shape::EVERY + 3;
        out.slots.push_back({account, mix(lot) % std::max<std::uint64_t>(1, shape.slots_of(account))});
    }
    return out;
}

using Read = std::function<bool(store::BlockStore&, const Hash32& root, std::size_t i)>;

void measure_reads(const std::string& folder, const char* name, std::size_t count, const Read& read) {
    constexpr int WARM_PASSES = 3;
    back_to_first_root(*std::make_unique<store::BlockStore>(store::open_rocks_store(folder + "/db")));
    forget_pages(folder);
    store::BlockStore store(store::open_rocks_store(folder + "/db"));
    const Hash32 root = back_to_first_root(store);
    std::vector<double> cold, warm;
    const auto pass = [&](std::vector<double>& times) {
        for (std::size_t i = 0; i < count; ++i) {
            const double begin = now_us();
            if (!read(store, root, i)) throw std::runtime_error(std::string(name) + ": a value is not there");
            times.push_back(now_us() - begin);
        }
    };
    pass(cold);
    for (int i = 0; i < WARM_PASSES; ++i) pass(warm);
    std::printf("\"%s\":{\"cold_p50_us\":%.2f,\"cold_p99_us\":%.2f,\"warm_p50_us\":%.3f,\"warm_p99_us\":%.3f},", name,
                median(cold), percentile(cold, 0.99), median(warm), percentile(warm, 0.99));
    std::fprintf(stderr, "%s: cold %.1f us, warm %.2f us\n", name, median(cold), median(warm));
}

void measure_all_reads(const std::string& folder, const Shape& shape, std::size_t count) {
    const Samples samples = draw(shape, count, 1);
    const auto hash = [](const Address& address) { return crypto::keccak256(address.view()); };
    measure_reads(folder, "flat_account", count, [&](store::BlockStore& store, const Hash32& root, std::size_t i) {
        const auto found =
            store.flat().find_account(*store.flat().ticket(root), hash(Shape::address(samples.accounts[i])));
        return found && found->has_value();
    });
    measure_reads(folder, "trie_account", count, [&](store::BlockStore& store, const Hash32& root, std::size_t i) {
        state::TrieStateView view(store, store, root, nullptr);
        return view.find_account(Shape::address(samples.accounts[i])).has_value();
    });
    // As a transaction reads them: the account first.
    measure_reads(folder, "flat_slot", count, [&](store::BlockStore& store, const Hash32& root, std::size_t i) {
        const auto ticket = *store.flat().ticket(root);
        const Hash32 account = hash(Shape::address(samples.slots[i].account));
        const auto found = store.flat().find_account(ticket, account);
        const U256 key = Shape::slot_key(samples.slots[i].account, samples.slots[i].number);
        const auto value = store.flat().find_slot(ticket, account, crypto::keccak256(to_hash32(key).view()));
        return found && found->has_value() && value && !value->is_zero();
    });
    measure_reads(folder, "trie_slot", count, [&](store::BlockStore& store, const Hash32& root, std::size_t i) {
        state::TrieStateView view(store, store, root, nullptr);
        const U256 key = Shape::slot_key(samples.slots[i].account, samples.slots[i].number);
        return !view.load_storage(Shape::address(samples.slots[i].account), key).is_zero();
    });
}

// Half of the changes are balances of accounts, a quarter slots of the token, a quarter slots of as many contracts.
state::StateDiff make_block(const Shape& shape, std::size_t changes, std::uint64_t seed) {
    state::StateDiff diff;
    const Samples samples = draw(shape, changes, seed);
    for (std::size_t i = 0; i < changes / 2; ++i) {
        auto account = shape.account(samples.accounts[i]);
        account.balance += U256{seed};
        diff.accounts[Shape::address(samples.accounts[i])].account = account;
    }
    for (std::size_t i = changes / 2; i < changes; ++i) {
        const auto [account, number] = samples.slots[i];
        auto& part = diff.accounts[Shape::address(account)];
        part.account = shape.account(account);
        part.storage[Shape::slot_key(account, number)] = U256{mix(seed + i) | 1};
    }
    return diff;
}

void measure_updates(const std::string& folder, const Shape& shape, std::size_t changes, std::size_t blocks,
                     bool reads_ahead) {
    back_to_first_root(*std::make_unique<store::BlockStore>(store::open_rocks_store(folder + "/db")));
    forget_pages(folder);
    store::BlockStore store(store::open_rocks_store(folder + "/db"));
    Hash32 root = back_to_first_root(store);
    const auto shared = std::shared_ptr<store::BlockStore>(std::shared_ptr<void>(), &store);
    ledger::PathWarmer warmer(shared);
    std::vector<double> root_ms, root_cpu_ms, again_ms, write_ms, nodes_written;
    for (std::size_t block = 0; block < blocks; ++block) {
        const auto diff = make_block(shape, changes, 500 + block * 7 + changes + (reads_ahead ? 1'000'000 : 0));
        ledger::NodeOverlay nodes(store);
        const double begin = now_us(), cpu_begin = cpu_us();
        if (reads_ahead) {
            warmer.warm(root, diff);
            warmer.wait();
        }
        const auto next = state::compute_state_root(nodes, root, diff, nodes).value();
        root_ms.push_back((now_us() - begin) / 1e3);
        root_cpu_ms.push_back((cpu_us() - cpu_begin) / 1e3);
        {  // once more, with every node on the way in the cache: what is left is not reading
            ledger::NodeOverlay again(store);
            const double again_begin = cpu_us();
            if (state::compute_state_root(again, root, diff, again).value() != next)
                throw std::runtime_error("two roots");
            again_ms.push_back((cpu_us() - again_begin) / 1e3);
        }
        auto made = nodes.take();
        nodes_written.push_back(static_cast<double>(made.nodes.size()));
        const double write_begin = now_us();
        store.put_state(made, {});
        write_ms.push_back((now_us() - write_begin) / 1e3);
        root = next;
    }
    std::printf(
        "\"update_%zu%s\":{\"root_ms\":%.2f,\"root_p99_ms\":%.2f,\"root_cpu_ms\":%.2f,\"root_nodes_cached_cpu_ms\":%."
        "2f,"
        "\"write_ms\":%.2f,\"nodes\":%.0f},",
        changes, reads_ahead ? "_read_ahead" : "", median(root_ms), percentile(root_ms, 0.99), median(root_cpu_ms),
        median(again_ms), median(write_ms), median(nodes_written));
    std::fprintf(stderr, "%zu changes%s: root %.1f ms (%.1f ms CPU; %.1f ms CPU with nodes cached), write %.1f ms\n",
                 changes, reads_ahead ? ", read ahead by threads" : "", median(root_ms), median(root_cpu_ms),
                 median(again_ms), median(write_ms));
}

void measure(const std::string& folder, const Shape& shape, std::size_t reads, std::size_t blocks) {
    std::printf("{");
    measure_all_reads(folder, shape, reads);
    for (const std::size_t changes : {200U, 2'000U})
        for (const bool reads_ahead : {false, true}) measure_updates(folder, shape, changes, blocks, reads_ahead);
    std::printf("\"peak_memory_mib\":%.0f}\n", peak_memory_mib());
}

int run(const std::vector<std::string>& words) {
    if (words.size() < 2 || (words[0] != "import" && words.size() < 4)) {
        std::fprintf(stderr,
                     "usage: entresol_state_driver build FOLDER ACCOUNTS SLOTS | measure FOLDER ACCOUNTS SLOTS [READS "
                     "[BLOCKS]] |\n"
                     "       chain FOLDER ACCOUNTS SLOTS BLOCKS TRANSACTIONS | import FOLDER\n");
        return 2;
    }
    const auto number = [&](std::size_t i, std::uint64_t otherwise) {
        return words.size() > i ? std::stoull(words[i]) : otherwise;
    };
    const Shape shape{.accounts = number(2, 0), .slots = number(3, 0)};
    if (words[0] == "build")
        build(words[1], shape);
    else if (words[0] == "chain")
        make_chain(words[1], shape, number(4, 50), number(5, 1'000));
    else if (words[0] == "import")
        import_chain(words[1]);
    else
        measure(words[1], shape, number(4, 5'000), number(5, 21));
    return 0;
}

}  // namespace
}  // namespace entresol::bench

int main(int argc, char** argv) {
    try {
        return entresol::bench::run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
