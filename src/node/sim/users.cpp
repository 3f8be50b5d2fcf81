#include "node/sim/users.hpp"

#include "core/codec/abi.hpp"
#include "core/crypto/keccak.hpp"
#include "node/l1/in_process_transport.hpp"
#include "node/rpc/submit.hpp"
#include "node/sim/simulated_l1.hpp"
#include "node/store/block_store.hpp"

namespace entresol::sim {
namespace {

constexpr std::size_t WALLETS = 5, FIRST_DEPOSITOR = 3, DEPOSITORS = 4, RELAYER = 8;
constexpr std::uint64_t MATURITY_S = 6;  // as the devnet's contracts have it
constexpr std::size_t RECENT_BLOCKS = 120;

codec::AbiWriter tuple_of(const Withdrawal& w) {
    codec::AbiWriter members;
    members.uint(w.nonce).address(w.sender).address(w.target).uint(w.value).uint(w.gas_limit).bytes(w.data);
    return members;
}

}  // namespace

Users::Users(const devnet::Configuration& config, SimulatedL1& l1, Machine& sequencer, Schedule& schedule, Trace& trace,
             const Random& random, TransactionCheck& check)
    : config_(config),
      l1_(l1),
      sequencer_(sequencer),
      schedule_(schedule),
      trace_(trace),
      random_(random),
      check_(check) {
    for (std::size_t i = 0; i < WALLETS; ++i) wallets_.push_back({devnet::dev_accounts()[i], {}});
    const auto transport = std::make_shared<l1::InProcessTransport>(
        [&l1](std::string_view body) { return l1.answer(body); }, [](std::string_view) { return std::string(); });
    own_l1_ = std::make_shared<l1::L1Client>(transport, nullptr, nullptr);
}

void Users::act() {
    if (random_.chance(behaviour_.deposits_per_mille))
        deposit();
    else
        send_l2();
}

// Some of them also send transactions on the L2: a deposit takes the nonce of one of those.
void Users::deposit() {
    const auto& from = devnet::dev_accounts()[FIRST_DEPOSITOR + random_.below(DEPOSITORS)];
    const auto& to = devnet::dev_accounts()[random_.below(devnet::dev_accounts().size())].address;
    const U256 value{random_.between(1, 1'000'000'000)};
    // One in four wants to send on more than it brings: the deposit's call fails if the account has too little, its mint stays.
    const U256 sent_on = random_.chance(250) ? value + U256{random_.next()} : value;
    auto call = codec::AbiWriter()
                    .address(to)
                    .uint(sent_on)
                    .uint(U256{100'000})
                    .boolean(false)
                    .bytes({})
                    .call("depositTransaction(address,uint256,uint64,bool,bytes)");
    if (l1_.send(from.key, config_.rollup.deposit_contract, value, std::move(call), 500'000)) ++deposits_;
}

Bytes Users::make_transaction(const Wallet& wallet, std::uint64_t nonce) {
    chain::Transaction tx;
    tx.type = chain::TxType::DynamicFee;
    tx.chain_id = config_.l2_config.chain_id;
    tx.nonce = nonce;
    tx.max_priority_fee_per_gas = U256{random_.between(1, 3)} * U256{1'000'000'000};
    tx.max_fee_per_gas = U256{100'000'000'000};
    if (random_.chance(behaviour_.withdrawals_per_mille)) {
        tx.to = MESSAGE_PASSER;
        tx.value = U256{random_.between(1, 1'000'000)};
        tx.gas_limit = 200'000;
        tx.data = codec::AbiWriter()
                      .address(wallets_[random_.below(wallets_.size())].account.address)
                      .uint(U256{50'000})
                      .bytes({})
                      .call("initiateWithdrawal(address,uint256,bytes)");
    } else {
        tx.to = wallets_[random_.below(wallets_.size())].account.address;
        tx.value = U256{random_.between(0, 1'000'000'000)};
        if (random_.chance(300)) tx.data.assign(random_.below(200), static_cast<std::uint8_t>(random_.below(256)));
        tx.gas_limit = 40'000;
    }
    CHECK(chain::sign_transaction(tx, wallet.account.key));
    return chain::encode(tx);
}

void Users::send_l2() {
    auto* const sequencer = sequencer_.sequencer();
    if (sequencer == nullptr) return;
    auto& wallet = wallets_[random_.below(wallets_.size())];
    const auto nonce = sequencer->pool().pending_nonce(wallet.account.address);
    auto it = wallet.sent.find(nonce);
    if (it == wallet.sent.end()) it = wallet.sent.emplace(nonce, make_transaction(wallet, nonce)).first;
    ++sent_;
    const auto send = [&](bool answer_is_lost) {
        schedule_.after(random_.between(1, 200),
                        [this, raw = it->second, answer_is_lost] { submit(raw, answer_is_lost); });
    };
    if (!random_.chance(behaviour_.lost_per_mille)) send(random_.chance(behaviour_.lost_per_mille));
    if (random_.chance(behaviour_.doubled_per_mille)) send(true);
}

void Users::submit(const Bytes& raw, bool answer_is_lost) {
    auto* const rpc = sequencer_.rpc();
    if (rpc == nullptr) return;
    const auto life = sequencer_.life();
    rpc::submit_raw(rpc->context(), raw, [this, life, answer_is_lost](const rpc::RpcResult<Hash32>& result) {
        if (answer_is_lost || !result.has_value() || life != sequencer_.life()) return;
        ++accepted_;
        check_.accepted(*result);
    });
}

void Users::take_home() {
    if (!sequencer_.is_up() || sequencer_.rollup() == nullptr) return;
    const auto safe = sequencer_.ledger().safe()->number();
    for (auto number = safe > RECENT_BLOCKS ? safe - RECENT_BLOCKS : 1; number <= safe; ++number)
        for (const auto& withdrawal : withdrawals_of(*sequencer_.ledger().find_block(number)))
            if (!taken_home_.contains(withdrawal.hash)) take_step(withdrawal, number);
}

// What the portal says decides, so that a step that an L1 reorganisation took back is taken again.
void Users::take_step(const Withdrawal& withdrawal, std::uint64_t l2_number) {
    const auto& portal = config_.rollup.deposit_contract;
    const auto& relayer = devnet::dev_accounts()[RELAYER];
    const auto done =
        own_l1_->call(portal, codec::AbiWriter().word(withdrawal.hash).call("finalizedWithdrawals(bytes32)"));
    if (done && codec::AbiReader(*done).read_bool().value_or(false)) {
        taken_home_.insert(withdrawal.hash);
        trace_.note("users", "withdrawal is home", l2_number, withdrawal.hash);
        return;
    }
    const auto proven = own_l1_->call(
        portal,
        codec::AbiWriter().word(withdrawal.hash).address(relayer.address).call("provenWithdrawals(bytes32,address)"));
    if (!proven) return;
    codec::AbiReader reader(*proven);
    (void)reader.read_address();
    const auto proven_at = reader.read_u64().value_or(0);
    const auto now = schedule_.now_ms() / 1000;
    // Its game may have vanished with an L1 branch: proven anew after a while.
    constexpr std::uint64_t GIVEN_UP_S = 60;
    if (proven_at == 0 || now > proven_at + GIVEN_UP_S) {
        (void)prove(withdrawal, l2_number);
        return;
    }
    if (now <= proven_at + MATURITY_S + CHALLENGE_PERIOD_S) return;
    (void)l1_.send(relayer.key, portal, {},
                   codec::AbiWriter()
                       .tuple(tuple_of(withdrawal))
                       .call("finalizeWithdrawalTransaction((uint256,address,address,uint256,uint256,bytes))"),
                   600'000);
}

bool Users::prove(const Withdrawal& withdrawal, std::uint64_t l2_number) {
    auto& ledger = sequencer_.ledger();
    for (const auto& proposal : sequencer_.rollup()->proposals()) {
        const auto block = ledger.find_block(proposal.l2_block_number);
        if (proposal.l2_block_number < l2_number || block == nullptr ||
            settlement::compute_output_root(*block) != proposal.output_root)
            continue;
        Bytes slot = to_bytes(withdrawal.hash.view());
        slot.resize(64);  // the mapping sentMessages is the first variable
        const Hash32 key = crypto::keccak256(crypto::keccak256(slot).view());
        const auto& storage_root = block->block.header.withdrawals_root.value();
        const auto proof = trie::make_proof(*ledger.store(), storage_root, key.view());
        CHECK(proof.has_value());
        codec::AbiWriter root, nodes;
        root.word({}).word(block->block.header.state_root).word(storage_root).word(block->hash);
        for (const auto& node : *proof) nodes.bytes(node);
        return l1_
            .send(devnet::dev_accounts()[RELAYER].key, config_.rollup.deposit_contract, {},
                  codec::AbiWriter()
                      .tuple(tuple_of(withdrawal))
                      .uint(U256{proposal.index})
                      .tuple(root)
                      .array(nodes)
                      .call("proveWithdrawalTransaction((uint256,address,address,uint256,uint256,bytes),uint256,"
                            "(bytes32,bytes32,bytes32,bytes32),bytes[])"),
                  1'500'000)
            .has_value();
    }
    return false;
}

}  // namespace entresol::sim
