#include "node/devnet/devnet.hpp"

#include <fstream>
#include <stdexcept>
#include <thread>

#include "node/devnet/data_folder.hpp"
#include "node/devnet/system.hpp"
#include "node/io/log.hpp"
#include "node/rpc/service.hpp"
#include "node/store/block_store.hpp"

namespace entresol::devnet {
namespace {

constexpr std::string_view META_GENESIS_TIME = "devnet.genesis_time";
constexpr std::size_t MAX_BODY_BYTES = 64 * 1024 * 1024;  // a dumped state comes back in a request
constexpr std::chrono::seconds FAREWELL(10);              // for requests in progress when another state is loaded

std::shared_ptr<store::BlockStore> in_memory() {
    return std::make_shared<store::BlockStore>(store::make_memory_store());
}
std::shared_ptr<store::BlockStore> on_disk(const std::string& directory, store::Durability durability) {
    return std::make_shared<store::BlockStore>(store::with_durability(store::open_rocks_store(directory), durability));
}

void write_genesis_time(store::BlockStore& store, std::uint64_t seconds) {
    Bytes time(8);
    store_be64(time.data(), seconds);
    store.put_meta(META_GENESIS_TIME, time);
}

// A kept devnet goes on with the genesis time it was born with: the time is part of its genesis hash.
std::uint64_t load_genesis_time(store::BlockStore& store) {
    if (const auto known = store.find_meta(META_GENESIS_TIME)) return load_be64(known->data());
    const auto now = DevClock().now_ms() / 1000;
    write_genesis_time(store, now);
    return now;
}

}  // namespace

struct Devnet::Impl {
    Options options;
    std::optional<DataFolder> folder;
    mutable std::mutex mutex;  // guards the next one
    std::shared_ptr<System> system;
    std::unique_ptr<http::Server> l1_server, l2_server;
    bool stopped = false;

    std::mutex load_mutex;                           // one load at a time
    std::thread farewell;                            // waits for what was in progress at the last load
    std::vector<std::shared_ptr<System>> lingering;  // stopped, with requests that were never answered

    explicit Impl(Options o) : options(std::move(o)) {
        if (options.datadir) folder.emplace(*options.datadir);
    }

    [[nodiscard]] std::shared_ptr<System> current() const {
        const std::lock_guard lock(mutex);
        return system;
    }
    template <typename Take>
    auto of_current(Take take) const {  // under the lock: the system is not idle before its request is counted
        const std::lock_guard lock(mutex);
        return take(*system);
    }

    [[nodiscard]] System::Load loader() {
        return [this](const Bytes& archive) { return load(archive); };
    }
    [[nodiscard]] std::shared_ptr<System> open();
    [[nodiscard]] Result<std::shared_ptr<System>, std::string> make_from(ByteView file);
    Result<void, std::string> load(const Bytes& file);
    void retire(std::shared_ptr<System> old);
    void make_servers();
};

std::shared_ptr<System> Devnet::Impl::open() {
    SystemStores stores{.l1 = folder ? on_disk(folder->directory("l1"), options.durability) : in_memory(),
                        .l2 = folder ? on_disk(folder->directory("l2"), options.durability) : in_memory(),
                        .keeps = folder.has_value()};
    auto config = make_configuration(options, genesis::load_contracts(), load_genesis_time(*stores.l1));
    return std::make_shared<System>(options, std::move(config), std::move(stores), 0, loader());
}

// In stores of its own, complete and checked before anybody can see it.
Result<std::shared_ptr<System>, std::string> Devnet::Impl::make_from(ByteView file) {
    TRY(const auto archive, decode_state_archive(file, options));
    auto config = make_configuration(archive.options, genesis::load_contracts(), archive.genesis_time);
    if (folder) folder->clear_next();
    SystemStores stores{.l1 = folder ? on_disk(folder->next_directory("l1"), options.durability) : in_memory(),
                        .l2 = folder ? on_disk(folder->next_directory("l2"), options.durability) : in_memory(),
                        .keeps = folder.has_value()};
    TRY_VOID(restore(archive, config, stores));
    write_genesis_time(*stores.l1, archive.genesis_time);
    // Time goes on from where the dump was made, as if nothing had been in between.
    const auto offset_ms = static_cast<std::int64_t>(archive.now_ms) - static_cast<std::int64_t>(DevClock().now_ms());
    auto made = std::make_shared<System>(archive.options, std::move(config), stores, offset_ms, loader());
    if (!made->restore_blobs(archive)) return fail(std::string("one of its blobs is not what its hash says"));
    stores.l1->flush();
    stores.l2->flush();
    return made;
}

Result<void, std::string> Devnet::Impl::load(const Bytes& file) {
    const std::lock_guard one(load_mutex);
    TRY(auto made, make_from(file));
    if (folder) folder->adopt_next();
    made->start();
    {
        const std::lock_guard lock(mutex);
        std::swap(system, made);
    }
    io::log_info("devnet", "another state was loaded", {{"l2_head", current()->head_number()}});
    retire(std::move(made));
    return {};
}

// Requests in progress, the load itself among them, are answered by the system they began with.
void Devnet::Impl::retire(std::shared_ptr<System> old) {
    if (farewell.joinable()) farewell.join();
    std::erase_if(lingering, [](const auto& one) { return one->is_idle(); });
    old->close_subscriptions();
    farewell = std::thread([this, old = std::move(old)]() mutable {
        const auto deadline = std::chrono::steady_clock::now() + FAREWELL;
        while (!old->is_idle() && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        old->stop();
        if (!old->is_idle())
            lingering.push_back(std::move(old));
        else
            old.reset();
        if (folder) folder->remove_others();
    });
}

void Devnet::Impl::make_servers() {
    http::Handlers l1_handlers =
        rpc::make_handlers([this] { return of_current([](const System& s) { return s.l1_rpc(); }); });
    l1_handlers.get = [this](const std::string& target, const http::Respond& respond) {
        respond(of_current([](const System& s) { return s.hold(); })->get_l1(target));
    };
    l1_server = std::make_unique<http::Server>(
        http::ServerOptions{
            .host = options.host, .port = options.l1_port, .max_body_bytes = MAX_BODY_BYTES, .allowed_origin = "*"},
        l1_handlers);
    http::Handlers l2_handlers =
        rpc::make_handlers([this] { return of_current([](const System& s) { return s.l2_rpc(); }); });
    l2_handlers.get = [this](const std::string& target, const http::Respond& respond) {
        respond(of_current([](const System& s) { return s.hold(); })->get_l2(target));
    };
    l2_server = std::make_unique<http::Server>(
        http::ServerOptions{
            .host = options.host, .port = options.port, .max_body_bytes = MAX_BODY_BYTES, .allowed_origin = "*"},
        l2_handlers);
}

Devnet::Devnet(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Devnet::~Devnet() { stop(); }

void Devnet::start(const Bytes* state) {
    if (impl_->folder) impl_->folder->remove_others();
    if (state == nullptr) {
        impl_->system = impl_->open();
    } else {
        if (impl_->folder && impl_->folder->holds_chain())
            throw std::runtime_error("the data directory already holds a chain; a state is loaded into an empty one");
        auto made = impl_->make_from(*state);
        if (!made) throw std::runtime_error("the state cannot be loaded: " + made.error());
        if (impl_->folder) impl_->folder->adopt_next();
        impl_->system = std::move(*made);
    }
    impl_->make_servers();
    impl_->system->start();
    impl_->l1_server->start();
    impl_->l2_server->start();
}

void Devnet::stop() {
    if (std::exchange(impl_->stopped, true)) return;
    if (impl_->l2_server) impl_->l2_server->stop();
    if (impl_->l1_server) impl_->l1_server->stop();
    if (impl_->farewell.joinable()) impl_->farewell.join();
    if (impl_->system) impl_->system->stop();
}

Bytes Devnet::dump() { return impl_->current()->dump(); }

std::uint16_t Devnet::port() const { return impl_->l2_server->port(); }
std::uint16_t Devnet::l1_port() const { return impl_->l1_server->port(); }
std::map<std::string, Address> Devnet::contracts() const { return impl_->current()->config().contracts; }
derive::RollupConfig Devnet::rollup_config() const { return impl_->current()->config().rollup; }

}  // namespace entresol::devnet
