#include "generate.hpp"

#include "append.hpp"
#include "core/stf/transition.hpp"
#include "program.hpp"

namespace entresol::fuzz {
namespace {

using chain::Fork;
using chain::TxType;

constexpr std::size_t KEYS = 4;
constexpr std::size_t CONTRACTS = 5;
constexpr std::uint64_t GWEI = 1'000'000'000;

Hash32 key_of(std::size_t index) { return to_hash32(U256{0x1000 + index}); }
Address contract_of(std::size_t index) {
    Address out;
    out.bytes[0] = 0xc0;
    out.bytes[19] = static_cast<std::uint8_t>(index + 1);
    return out;
}
Address number_address(std::uint64_t number) { return from_bytes<Address>(to_hash32(U256{number}).view().subspan(12)); }

struct Signer {
    Hash32 key;
    Address address;
};
const std::vector<Signer>& signers() {
    static const auto made = [] {
        std::vector<Signer> out;
        for (std::size_t i = 0; i < KEYS; ++i) out.push_back({key_of(i), crypto::address_of_key(key_of(i)).value()});
        return out;
    }();
    return made;
}

Bytes delegation_to(const Address& target) {  // EIP-7702
    Bytes out{0xef, 0x01, 0x00};
    append(out, target);
    return out;
}

class Generator {
public:
    Generator(std::uint64_t seed, std::optional<Fork> fork) : random_(seed) {
        made_.seed = seed;
        made_.fork = fork.value_or(static_cast<Fork>(random_.one_in(2)
                                                         ? random_.below(chain::FORK_COUNT)
                                                         : static_cast<std::uint64_t>(Fork::Osaka) - random_.below(3)));
    }

    Case run() {
        choose_block();
        choose_addresses();
        for (std::size_t i = 0; i < CONTRACTS; ++i) add_contract(contract_of(i));
        for (const auto& signer : signers()) add_signer(signer);
        if (random_.one_in(3))
            made_.accounts[number_address(1 + random_.below(9))].balance = U256{1 + random_.below(5)};
        if (random_.one_in(4)) made_.accounts[made_.coinbase].balance = U256{1 + random_.below(1'000)};
        choose_transaction();
        drop_empty_accounts();
        return std::move(made_);
    }

private:
    [[nodiscard]] bool at_least(Fork fork) const { return made_.fork >= fork; }

    void choose_block() {
        made_.number = random_.one_in(3) ? 1 + random_.below(300) : 1'000 + random_.below(1'000'000);
        made_.timestamp = 1 + random_.below(1ULL << 33);
        made_.gas_limit = random_.one_in(60) ? 50'000 + random_.below(200'000) : 30'000'000;
        made_.coinbase = random_.one_in(6) ? signers()[random_.below(KEYS)].address : number_address(0xc01b);
        made_.prev_randao = from_bytes<Hash32>(random_.bytes(32));
        if (!at_least(Fork::Paris)) made_.prev_randao = to_hash32(U256{0x20000 + random_.below(1'000)});
        if (at_least(Fork::London)) made_.base_fee = random_.of<std::uint64_t>({0, 1, 7, 1'000, GWEI});
        if (at_least(Fork::Cancun)) made_.excess_blob_gas = random_.one_in(2) ? 0 : random_.below(60'000'000);
    }

    void choose_addresses() {
        for (std::size_t i = 0; i < CONTRACTS; ++i) {
            addresses_.push_back(contract_of(i));
            addresses_.push_back(contract_of(i));
            addresses_.push_back(chain::create_address(contract_of(i), 1));
        }
        for (const auto& signer : signers()) addresses_.push_back(signer.address);
        addresses_.push_back(number_address(1 + random_.below(18)));
        addresses_.push_back(number_address(0xdead));
        addresses_.push_back(made_.coinbase);
        addresses_.push_back(chain::create_address(signers()[0].address, 0));
    }

    void add_storage(CaseAccount& account) {
        const auto slots = random_.below(4);
        for (std::uint64_t i = 0; i < slots; ++i)
            if (const U256 value = random_.word(); !value.is_zero()) account.storage[U256{random_.below(4)}] = value;
    }

    void add_contract(const Address& address) {
        auto& account = made_.accounts[address];
        account.nonce = random_.one_in(40) ? ~0ULL - random_.below(2) : random_.below(3);
        account.balance = random_.one_in(3) ? U256{} : U256{random_.below(5'000)};
        const ProgramContext context{made_.fork, addresses_};
        account.code = address == contract_of(0) ? make_caller(random_, context) : make_program(random_, context);
        if (at_least(Fork::Prague) && random_.one_in(20))
            account.code = delegation_to(random_.of(std::span<const Address>(addresses_)));
        if (account.nonce == 0 && account.code.empty()) account.nonce = 1;
        add_storage(account);
    }

    void add_signer(const Signer& signer) {
        auto& account = made_.accounts[signer.address];
        account.nonce = random_.one_in(100) ? ~0ULL - random_.below(3) : random_.below(3);
        account.balance =
            random_.one_in(20) ? U256{random_.below(1'000'000'000)} : U256{1'000'000'000'000'000'000ULL} * U256{100};
        if (at_least(Fork::Prague) && random_.one_in(8))
            account.code = delegation_to(random_.of(std::span<const Address>(addresses_)));
        else if (random_.one_in(60))
            account.code = make_program(random_, {made_.fork, addresses_});  // EIP-3607
        if (!account.code.empty() && random_.one_in(2)) add_storage(account);
    }

    TxType choose_type() {
        std::uint64_t newest = 0;
        if (at_least(Fork::Berlin)) newest = 1;
        if (at_least(Fork::London)) newest = 2;
        if (at_least(Fork::Cancun)) newest = 3;
        if (at_least(Fork::Prague)) newest = 4;
        if (newest < 4 && random_.one_in(100)) ++newest;
        return static_cast<TxType>(random_.below(newest + 1));
    }

    void choose_transaction() {
        auto& tx = made_.tx;
        const auto& sender = signers()[random_.below(KEYS)];
        made_.sender = sender.address;
        made_.sender_key = sender.key;
        tx.type = choose_type();
        tx.chain_id = 1;
        tx.nonce = made_.accounts[sender.address].nonce;
        if (random_.one_in(60)) tx.nonce += random_.one_in(2) ? 1 : ~0ULL;
        const bool creates = random_.one_in(tx.type >= TxType::Blob ? 70 : 7);
        if (!creates)
            tx.to = random_.one_in(5) ? random_.of(std::span<const Address>(addresses_))
                                      : contract_of(random_.one_in(2) ? 0 : random_.below(CONTRACTS));
        tx.data = creates ? make_initcode(random_, {made_.fork, addresses_})
                          : random_.bytes(random_.one_in(3) ? random_.below(300) : random_.below(4));
        if (random_.one_in(4))
            std::fill(tx.data.begin(), tx.data.begin() + static_cast<std::ptrdiff_t>(tx.data.size() / 2),
                      std::uint8_t{0});
        if (creates && random_.one_in(60)) tx.data.resize(random_.of<std::size_t>({49152, 49153}));  // EIP-3860
        tx.value = random_.one_in(3) ? U256{random_.below(1'000)} : U256{};
        if (random_.one_in(80)) tx.value = random_.word();
        choose_lists();
        choose_fees();
        choose_gas();
    }

    void choose_fees() {
        auto& tx = made_.tx;
        const std::uint64_t base = made_.base_fee;
        tx.max_fee_per_gas = U256{base + random_.of<std::uint64_t>({0, 1, 10, GWEI})};
        if (random_.one_in(50) && base > 0) tx.max_fee_per_gas = U256{base - 1};
        const bool dynamic = tx.type != TxType::Legacy && tx.type != TxType::AccessList;
        tx.max_priority_fee_per_gas = dynamic ? U256{random_.of<std::uint64_t>({0, 1, 5, GWEI})} : tx.max_fee_per_gas;
        if (dynamic && tx.max_priority_fee_per_gas > tx.max_fee_per_gas && !random_.one_in(10))
            tx.max_priority_fee_per_gas = tx.max_fee_per_gas;
    }

    void choose_lists() {
        auto& tx = made_.tx;
        if (tx.type != TxType::Legacy && random_.one_in(2)) {
            const auto entries = random_.below(5);
            for (std::uint64_t i = 0; i < entries; ++i) {
                chain::AccessListEntry entry{random_.of(std::span<const Address>(addresses_)), {}};
                const auto keys = random_.below(4);
                for (std::uint64_t k = 0; k < keys; ++k)
                    entry.storage_keys.push_back(to_hash32(U256{random_.below(5)}));
                tx.access_list.push_back(std::move(entry));
            }
        }
        if (tx.type == TxType::Blob) {
            tx.max_fee_per_blob_gas = U256{random_.of<std::uint64_t>({10, GWEI, GWEI, 1'000'000 * GWEI})};
            const auto blobs = random_.one_in(10) ? random_.below(12) : 1 + random_.below(3);
            for (std::uint64_t i = 0; i < blobs; ++i) {
                tx.blob_hashes.push_back(from_bytes<Hash32>(random_.bytes(32)));
                tx.blob_hashes.back().bytes[0] = random_.one_in(80) ? 2 : 1;
            }
        }
        if (tx.type != TxType::SetCode) return;
        const auto count = random_.one_in(40) ? 0 : 1 + random_.below(4);
        for (std::uint64_t i = 0; i < count; ++i) add_authorization();
    }

    void add_authorization() {
        const auto& signer = signers()[random_.below(KEYS)];
        chain::Authorization authorization;
        authorization.chain_id = U256{random_.of<std::uint64_t>({0, 1, 1, 1, 2})};
        authorization.address = random_.one_in(6) ? Address{} : random_.of(std::span<const Address>(addresses_));
        authorization.nonce = made_.accounts[signer.address].nonce + (signer.address == made_.sender ? 1 : 0);
        if (random_.one_in(6)) authorization.nonce += random_.below(3);
        (void)chain::sign_authorization(authorization, signer.key);
        authorization.y_parity = U256{authorization.signature.y_parity};
        if (random_.one_in(25)) authorization.signature.s = random_.full_word();
        if (random_.one_in(25)) authorization.y_parity = U256{random_.below(4)};
        authorization.signature.y_parity = static_cast<std::uint8_t>(authorization.y_parity.limb[0] & 1);
        made_.tx.authorizations.push_back(authorization);
    }

    void choose_gas() {
        auto& tx = made_.tx;
        const auto rules = chain::ChainConfig::all_active(1, made_.fork).rules_at(made_.number, made_.timestamp);
        const auto intrinsic = stf::compute_intrinsic_gas(tx, rules);
        const std::uint64_t least = std::max(intrinsic.gas, intrinsic.floor);
        switch (random_.below(10)) {
            case 0: tx.gas_limit = least + random_.below(4) - std::min<std::uint64_t>(least, 1); break;
            case 1: tx.gas_limit = intrinsic.gas + random_.below(200); break;
            case 2:
            case 3:
            case 4: tx.gas_limit = least + 20'000 + random_.below(100'000); break;
            case 5:
            case 6:
            case 7:
            case 8: tx.gas_limit = least + 100'000 + random_.below(600'000); break;
            default: tx.gas_limit = least + random_.below(random_.one_in(10) ? 20'000'000 : 3'000'000); break;
        }
    }

    // EIP-161: since Spurious Dragon there are none, and clients need not agree on what would happen to them.
    void drop_empty_accounts() {
        if (!at_least(Fork::SpuriousDragon)) return;
        std::erase_if(made_.accounts, [](const auto& row) {
            return row.second.nonce == 0 && row.second.balance.is_zero() && row.second.code.empty();
        });
    }

    Random random_;
    Case made_;
    std::vector<Address> addresses_;
};

}  // namespace

Case generate(std::uint64_t seed, std::optional<Fork> fork) { return Generator(seed, fork).run(); }

}  // namespace entresol::fuzz
