// The two stores are asked the same random questions and must give the same answers. A difference is shrunk before it is told.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/hex.hpp"
#include "node/store/key_value.hpp"

namespace entresol::store {
namespace {

constexpr Table TABLES[] = {Table::Nodes, Table::Meta, Table::Outbox};

enum class Kind : std::uint8_t { Write, Find, Scan, Reopen };
struct Step {
    Kind kind = Kind::Find;
    std::vector<WriteBatch::Operation> writes;  // Write
    Table table = Table::Meta;                  // the others
    Bytes key;
    ScanOrder order = ScanOrder::Ascending;
    std::size_t most = 0;
    bool sync = false;
};

std::string describe(const Step& step) {
    std::ostringstream out;
    const auto name = [](Table table) { return "table " + std::to_string(static_cast<int>(table)); };
    switch (step.kind) {
        case Kind::Write:
            out << "write" << (step.sync ? " (sync)" : "");
            for (const auto& w : step.writes)
                out << " [" << name(w.table) << " " << to_hex(w.key)
                    << (w.value ? " = " + std::to_string(w.value->size()) + " bytes" : " erased") << "]";
            break;
        case Kind::Find: out << "find " << name(step.table) << " " << to_hex(step.key); break;
        case Kind::Scan:
            out << "scan " << name(step.table) << (step.order == ScanOrder::Ascending ? " up" : " down") << " from "
                << to_hex(step.key) << ", at most " << step.most;
            break;
        case Kind::Reopen: out << "reopen"; break;
    }
    return out.str();
}

// Few keys, so that steps meet; prefixes of each other and extreme bytes, so that order matters.
Bytes random_key(std::mt19937& random) {
    constexpr std::uint8_t ALPHABET[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    Bytes key(random() % 4);
    for (auto& byte : key) byte = ALPHABET[random() % std::size(ALPHABET)];
    return key;
}

Step random_step(std::mt19937& random) {
    Step step;
    const auto dice = random() % 5'000;
    step.table = TABLES[random() % std::size(TABLES)];
    step.key = random_key(random);
    step.kind = dice == 0 ? Kind::Reopen : dice < 2'000 ? Kind::Write : dice < 4'000 ? Kind::Find : Kind::Scan;
    step.order = random() % 2 == 0 ? ScanOrder::Ascending : ScanOrder::Descending;
    step.most = random() % 8 == 0 ? 1'000 : random() % 6;
    step.sync = random() % 500 == 0;
    if (step.kind != Kind::Write) return step;
    for (std::size_t i = random() % 6 + 1; i > 0; --i) {
        WriteBatch::Operation write{TABLES[random() % std::size(TABLES)], random_key(random), std::nullopt};
        if (random() % 3 != 0) {
            const std::size_t size = random() % 100 == 0 ? 40'000 : random() % 5;  // also into files of their own
            write.value = Bytes(size, static_cast<std::uint8_t>(random()));
        }
        step.writes.push_back(std::move(write));
    }
    return step;
}

using Entries = std::vector<std::pair<Bytes, Bytes>>;

Entries scan(const KeyValue& store, const Step& step) {
    Entries out;
    if (step.most == 0) return out;
    store.scan(step.table, step.key, step.order, [&](ByteView key, ByteView value) {
        out.emplace_back(to_bytes(key), to_bytes(value));
        return out.size() < step.most;
    });
    return out;
}

using Open = std::function<std::unique_ptr<KeyValue>(bool first)>;

/// The first step after which the two differ, in words.
std::optional<std::string> find_difference(const std::vector<Step>& steps, const Open& open_one,
                                           const Open& open_other) {
    auto one = open_one(true), other = open_other(true);
    const auto differs = [&](const Step& step) {
        if (step.kind == Kind::Find) return one->find(step.table, step.key) != other->find(step.table, step.key);
        return step.kind == Kind::Scan && scan(*one, step) != scan(*other, step);
    };
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto& step = steps[i];
        if (step.kind == Kind::Write) {
            WriteBatch batch;
            for (const auto& w : step.writes) {
                if (w.value)
                    batch.put(w.table, w.key, *w.value);
                else
                    batch.erase(w.table, w.key);
            }
            one->write(batch, step.sync);
            other->write(batch, step.sync);
        } else if (step.kind == Kind::Reopen) {
            other.reset();
            other = open_other(false);
        }
        if (differs(step))
            return "step " + std::to_string(i) + " of " + std::to_string(steps.size()) + ": " + describe(step);
    }
    return std::nullopt;
}

// Leaves out ever smaller parts while the difference stays.
std::vector<Step> shrink(std::vector<Step> steps, const Open& one, const Open& other) {
    for (std::size_t part = steps.size() / 2; part > 0; part /= 2) {
        for (std::size_t at = 0; at < steps.size();) {
            auto fewer = steps;
            const auto begin = fewer.begin() + static_cast<std::ptrdiff_t>(at);
            fewer.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(part, fewer.size() - at)));
            if (find_difference(fewer, one, other))
                steps = std::move(fewer);
            else
                at += part;
        }
    }
    return steps;
}

std::vector<Step> random_steps(std::uint32_t seed, std::size_t count) {
    std::mt19937 random(seed);
    std::vector<Step> steps(count);
    for (auto& step : steps) step = random_step(random);
    return steps;
}

std::string tell(const std::vector<Step>& steps) {
    std::string out;
    for (const auto& step : steps) out += "\n  " + describe(step);
    return out;
}

const Open OPEN_MEMORY = [](bool) { return make_memory_store(); };

class TemporaryDirectory {
public:
    TemporaryDirectory()
        : path_(std::filesystem::temp_directory_path() / ("entresol_property_" + std::to_string(::getpid()))) {}
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::unique_ptr<KeyValue> open(bool first) const {
        if (first) std::filesystem::remove_all(path_);
        return open_rocks_store(path_.string());
    }

private:
    std::filesystem::path path_;
};

// RocksDB keeps its schema's number in Meta; it is put where the memory store can be told of it too.
TEST(KeyValueProperty, MemoryAndRocksAnswerAlike) {
    const TemporaryDirectory directory;
    const Open open_rocks = [&](bool first) { return directory.open(first); };
    const Open open_memory = [](bool) {
        auto store = make_memory_store();
        WriteBatch batch;
        const std::string_view schema = "store.schema";
        batch.put(Table::Meta, ByteView(reinterpret_cast<const std::uint8_t*>(schema.data()), schema.size()),
                  Bytes{0, 0, 0, 0, 0, 0, 0, 1});
        store->write(batch, false);
        return store;
    };
    constexpr std::uint32_t SEED = 0xE27;
    const auto steps = random_steps(SEED, 100'000);
    if (const auto difference = find_difference(steps, open_memory, open_rocks))
        FAIL() << "seed " << SEED << ", " << *difference
               << "\nshrunk to:" << tell(shrink(steps, open_memory, open_rocks));
}

/// Forgets that a batch erases when it also writes.
class Careless final : public KeyValue {
public:
    std::optional<Bytes> find(Table table, ByteView key) const override { return kept_->find(table, key); }
    void write(const WriteBatch& batch, bool sync) override {
        WriteBatch less;
        for (const auto& operation : batch.operations()) {
            if (operation.value)
                less.put(operation.table, operation.key, *operation.value);
            else if (batch.operations().size() == 1)
                less.erase(operation.table, operation.key);
        }
        kept_->write(less, sync);
    }
    void scan(Table table, ByteView start, ScanOrder order, const Visit& visit) const override {
        kept_->scan(table, start, order, visit);
    }
    void flush() override {}

private:
    std::unique_ptr<KeyValue> kept_ = make_memory_store();
};

TEST(KeyValueProperty, ADifferenceIsFoundAndShrunk) {
    const Open careless = [](bool) { return std::make_unique<Careless>(); };
    const auto steps = random_steps(1, 2'000);
    ASSERT_TRUE(find_difference(steps, OPEN_MEMORY, careless).has_value());
    const auto few = shrink(steps, OPEN_MEMORY, careless);
    EXPECT_TRUE(find_difference(few, OPEN_MEMORY, careless).has_value());
    EXPECT_LE(few.size(), 3U) << tell(few);  // a write, a batch that should have erased it, a look
}

// A scan sees one moment: all of a batch, or nothing of it.
TEST(KeyValueProperty, AScanSeesOneMoment) {
    const TemporaryDirectory directory;
    for (const bool rocks : {false, true}) {
        const auto store = rocks ? directory.open(true) : make_memory_store();
        std::atomic<bool> done{false};
        std::thread writer([&] {
            for (std::uint8_t n = 1; !done; ++n) {
                WriteBatch batch;
                for (std::uint8_t key = 0; key < 32; ++key) batch.put(Table::Outbox, Bytes{key}, Bytes{n});
                store->write(batch, false);
            }
        });
        std::set<std::uint8_t> moments;
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (moments.size() < 20 && std::chrono::steady_clock::now() < deadline) {
            std::set<std::uint8_t> seen;
            store->scan(Table::Outbox, {}, ScanOrder::Ascending, [&](ByteView, ByteView value) {
                seen.insert(value[0]);
                return true;
            });
            EXPECT_LE(seen.size(), 1U);
            moments.merge(seen);
            std::this_thread::yield();
        }
        done = true;
        writer.join();
        EXPECT_GE(moments.size(), 20U) << "nothing was written meanwhile";
    }
}

}  // namespace
}  // namespace entresol::store
