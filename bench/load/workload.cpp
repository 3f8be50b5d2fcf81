#include "workload.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "core/base/check.hpp"
#include "core/base/hex.hpp"
#include "core/chain/transaction.hpp"
#include "core/crypto/keccak.hpp"
#include "process.hpp"

namespace entresol::load {
namespace {

constexpr std::size_t RECEIVERS = 2'000;
constexpr std::uint64_t GWEI = 1'000'000'000;
constexpr std::uint8_t TRANSFER_SELECTOR[] = {0xa9, 0x05, 0x9c, 0xbb};  // transfer(address,uint256)

Hash32 hash_of(const std::string& name) {
    const std::string text = "entresol bench " + name;
    return crypto::keccak256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

Address receiver(std::size_t i) {
    const Hash32 hash = hash_of("address receiver " + std::to_string(i % RECEIVERS));
    return from_bytes<Address>(hash.view().subspan(12));
}

// One unit of ether or of the token.
chain::Transaction make_transaction(const SigningOrder& order, std::uint64_t nonce, const Address& to) {
    chain::Transaction tx;
    tx.type = chain::TxType::DynamicFee;
    tx.chain_id = order.chain_id;
    tx.nonce = nonce;
    tx.max_priority_fee_per_gas = U256{GWEI};
    tx.max_fee_per_gas = U256{100 * GWEI};
    if (order.kind == "erc20") {
        tx.gas_limit = 65'000;
        tx.to = order.token;
        tx.data.assign(4 + 32 + 32, 0);
        std::copy(std::begin(TRANSFER_SELECTOR), std::end(TRANSFER_SELECTOR), tx.data.begin());
        std::copy(to.bytes.begin(), to.bytes.end(), tx.data.begin() + 4 + 12);
        tx.data.back() = 1;
    } else {
        tx.gas_limit = 21'000;
        tx.to = to;
        tx.value = U256{1};
    }
    return tx;
}

}  // namespace

void sign_to_file(const SigningOrder& order) {
    const bool is_probe = order.kind == "probe";
    const std::size_t senders = is_probe ? 1 : SENDERS;
    std::vector<Hash32> keys;
    for (std::size_t s = 0; s < senders; ++s)
        keys.push_back(hash_of(is_probe ? "prober" : "sender " + std::to_string(s)));
    std::vector<Address> receivers;
    for (std::size_t i = 0; i < RECEIVERS; ++i) receivers.push_back(receiver(i));
    std::ofstream file(order.file, std::ios::binary);
    for (std::size_t i = 0; i < order.count; ++i) {
        auto tx = make_transaction(order, i / senders, receivers[i % RECEIVERS]);
        CHECK(chain::sign_transaction(tx, keys[i % senders]));
        file << to_hex(chain::encode(tx)) << '\n';
    }
    file.flush();
    if (!file) throw std::runtime_error("cannot write " + order.file);
}

Workload::Workload(const std::string& file) : descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat about{};
    if (descriptor_ < 0 || ::fstat(descriptor_, &about) != 0 || about.st_size == 0)
        throw std::runtime_error("cannot read " + file);
    const auto size = static_cast<std::size_t>(about.st_size);
    void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor_, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("cannot map " + file);
    text_ = {static_cast<const char*>(memory), size};
    for (std::size_t at = 0; at < size;) {
        const auto end = text_.find('\n', at);
        if (end == std::string_view::npos) throw std::runtime_error(file + " ends within a line");
        starts_.push_back(at);
        at = end + 1;
    }
}

Workload::~Workload() {
    ::munmap(const_cast<char*>(text_.data()), text_.size());
    ::close(descriptor_);
}

std::string_view Workload::line(std::size_t i) const {
    const auto end = i + 1 < starts_.size() ? starts_[i + 1] : text_.size();
    return text_.substr(starts_[i], end - starts_[i] - 1);
}

Bytes Workload::raw(std::size_t i) const {
    auto bytes = parse_hex(line(i));
    if (!bytes) throw std::runtime_error("a line is no hexadecimal");
    return std::move(*bytes);
}

double measure_recovery_us(const Workload& workload, std::size_t count) {
    std::vector<chain::Transaction> transactions;
    for (std::size_t i = 0; i < std::min(count, workload.size()); ++i) {
        auto tx = chain::decode_transaction(workload.raw(i));
        if (!tx) throw std::runtime_error("a line is no transaction");
        transactions.push_back(std::move(*tx));
    }
    const double before = cpu_s(0);
    for (const auto& tx : transactions) CHECK(chain::recover_sender(tx).has_value());
    return (cpu_s(0) - before) / static_cast<double>(transactions.size()) * 1e6;
}

}  // namespace entresol::load
