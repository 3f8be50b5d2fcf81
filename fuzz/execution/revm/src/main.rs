//! Cases of fuzz/execution on revm; README.md beside this folder has the layout.
use revm::{
    Context, ExecuteCommitEvm, MainBuilder, MainContext,
    bytecode::Bytecode,
    context::{
        BlockEnv, TxEnv,
        either::Either,
        transaction::{AccessList, AccessListItem, Authorization, RecoveredAuthority, RecoveredAuthorization},
    },
    database::{AccountState, CacheDB, EmptyDB},
    primitives::{Address, B256, Bytes, KECCAK_EMPTY, Log, TxKind, U256, hardfork::SpecId, keccak256},
    state::AccountInfo,
};
use std::{
    collections::BTreeMap,
    io::{BufReader, BufWriter, Read, Write, stdin, stdout},
};

/// In the order of chain::Fork; nothing where revm has no rules of its own.
const SPECS: [Option<SpecId>; 15] = [
    Some(SpecId::FRONTIER),
    Some(SpecId::HOMESTEAD),
    Some(SpecId::TANGERINE),
    Some(SpecId::SPURIOUS_DRAGON),
    Some(SpecId::BYZANTIUM),
    None, // Constantinople lived on test networks alone
    Some(SpecId::PETERSBURG),
    Some(SpecId::ISTANBUL),
    Some(SpecId::BERLIN),
    Some(SpecId::LONDON),
    Some(SpecId::MERGE),
    Some(SpecId::SHANGHAI),
    Some(SpecId::CANCUN),
    Some(SpecId::PRAGUE),
    Some(SpecId::OSAKA),
];
/// EIP-7840.
const CANCUN_FRACTION: u64 = 3_338_477;
const PRAGUE_FRACTION: u64 = 5_007_716;

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> &'a [u8] {
        let (head, tail) = self.0.split_at(n);
        self.0 = tail;
        head
    }
    fn u8(&mut self) -> u8 {
        self.take(1)[0]
    }
    fn u32(&mut self) -> usize {
        u32::from_le_bytes(self.take(4).try_into().unwrap()) as usize
    }
    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.take(8).try_into().unwrap())
    }
    fn word(&mut self) -> U256 {
        U256::from_be_slice(self.take(32))
    }
    fn fee(&mut self) -> u128 {
        self.word().try_into().unwrap_or(u128::MAX)
    }
    fn hash(&mut self) -> B256 {
        B256::from_slice(self.take(32))
    }
    fn address(&mut self) -> Address {
        Address::from_slice(self.take(20))
    }
    fn bytes(&mut self) -> Bytes {
        let size = self.u32();
        Bytes::copy_from_slice(self.take(size))
    }
}

fn read_transaction(r: &mut Reader) -> TxEnv {
    let tx_type = r.u8();
    let mut tx = TxEnv { tx_type, chain_id: Some(1), ..TxEnv::default() };
    tx.caller = r.address();
    tx.nonce = r.u64();
    tx.gas_limit = r.u64();
    tx.gas_price = r.fee();
    let tip = r.fee();
    tx.gas_priority_fee = (tx_type >= 2).then_some(tip);
    let has_to = r.u8() == 1;
    let to = r.address();
    tx.kind = if has_to { TxKind::Call(to) } else { TxKind::Create };
    tx.value = r.word();
    tx.data = r.bytes();
    let mut list = Vec::new();
    for _ in 0..r.u32() {
        let address = r.address();
        let storage_keys = (0..r.u32()).map(|_| r.hash()).collect();
        list.push(AccessListItem { address, storage_keys });
    }
    tx.access_list = AccessList(list);
    let blob_fee = r.fee();
    tx.max_fee_per_blob_gas = if tx_type == 3 { blob_fee } else { 0 };
    tx.blob_hashes = (0..r.u32()).map(|_| r.hash()).collect();
    for _ in 0..r.u32() {
        let inner = Authorization { chain_id: r.word(), address: r.address(), nonce: r.u64() };
        r.take(1 + 64); // the signature: whom it gives comes next
        let valid = r.u8() == 1;
        let authority = r.address();
        let authority = if valid { RecoveredAuthority::Valid(authority) } else { RecoveredAuthority::Invalid };
        tx.authorization_list.push(Either::Right(RecoveredAuthorization::new_unchecked(inner, authority)));
    }
    tx
}

fn read_state(r: &mut Reader) -> CacheDB<EmptyDB> {
    let mut db = CacheDB::<EmptyDB>::default();
    for _ in 0..r.u32() {
        let address = r.address();
        let (nonce, balance, code) = (r.u64(), r.word(), r.bytes());
        let mut info = AccountInfo { nonce, balance, code_hash: KECCAK_EMPTY, code: None, ..Default::default() };
        if !code.is_empty() {
            info.code_hash = keccak256(&code);
            info.code = Some(Bytecode::new_raw_checked(code.clone()).unwrap_or_else(|_| Bytecode::new_legacy(code)));
        }
        db.insert_account_info(address, info);
        for _ in 0..r.u32() {
            let key = r.word();
            let value = r.word();
            db.insert_account_storage(address, key, value).unwrap();
        }
    }
    db
}

fn hash_logs(logs: &[Log]) -> B256 {
    let mut out = Vec::new();
    for log in logs {
        out.extend_from_slice(log.address.as_slice());
        out.push(log.data.topics().len() as u8);
        for topic in log.data.topics() {
            out.extend_from_slice(topic.as_slice());
        }
        out.extend_from_slice(&(log.data.data.len() as u32).to_le_bytes());
        out.extend_from_slice(&log.data.data);
    }
    keccak256(out)
}

/// Every account that exists, in order, as run_case.cpp has it.
fn hash_accounts(db: &CacheDB<EmptyDB>, clears_empty: bool) -> B256 {
    let mut out = Vec::new();
    let accounts: BTreeMap<_, _> = db.cache.accounts.iter().collect();
    for (address, account) in accounts {
        let info = &account.info;
        if account.account_state == AccountState::NotExisting || (clears_empty && info.is_empty()) {
            continue;
        }
        out.extend_from_slice(address.as_slice());
        out.extend_from_slice(&info.nonce.to_le_bytes());
        out.extend_from_slice(&info.balance.to_be_bytes::<32>());
        out.extend_from_slice(if info.code_hash.is_zero() { KECCAK_EMPTY.as_slice() } else { info.code_hash.as_slice() });
        let storage: BTreeMap<_, _> = account.storage.iter().filter(|(_, value)| !value.is_zero()).collect();
        for (key, value) in storage {
            out.extend_from_slice(&key.to_be_bytes::<32>());
            out.extend_from_slice(&value.to_be_bytes::<32>());
        }
    }
    keccak256(out)
}

fn run(data: &[u8]) -> String {
    let r = &mut Reader(data);
    let Some(spec) = SPECS[r.u8() as usize] else { return "S".into() };
    let (number, timestamp, gas_limit, beneficiary) = (r.u64(), r.u64(), r.u64(), r.address());
    let (basefee, random, excess) = (r.u64(), r.hash(), r.u64());
    let mut block = BlockEnv { number: U256::from(number), timestamp: U256::from(timestamp), gas_limit, beneficiary, basefee, ..Default::default() };
    if spec >= SpecId::MERGE {
        block.prevrandao = Some(random);
    } else {
        block.difficulty = U256::from_be_bytes(random.0);
    }
    if spec >= SpecId::CANCUN {
        block.set_blob_excess_gas_and_price(excess, if spec >= SpecId::PRAGUE { PRAGUE_FRACTION } else { CANCUN_FRACTION });
    }
    let tx = read_transaction(r);
    let is_call = tx.kind.is_call();
    if !is_call && tx.tx_type >= 3 {
        return "R cannot_be_encoded".into(); // EIP-4844 and EIP-7702 leave no room for it; revm sees no encoding
    }
    let mut db = read_state(r);
    let mut evm = Context::mainnet()
        .with_db(&mut db)
        .modify_cfg_chained(|cfg| {
            cfg.set_spec_and_mainnet_gas_params(spec);
            cfg.chain_id = 1;
            cfg.max_blobs_per_tx = if spec >= SpecId::OSAKA { Some(6) } else { Some(if spec >= SpecId::PRAGUE { 9 } else { 6 }) };
        })
        .with_block(block)
        .build_mainnet();
    let done = match evm.transact_commit(tx) {
        Ok(done) => done,
        Err(problem) => return format!("R {}", format!("{problem:?}").replace(' ', "_")),
    };
    let status = u8::from(done.is_success());
    let gas = done.tx_gas_used();
    let logs = hash_logs(done.logs());
    let output = if is_call { format!("{}", keccak256(done.into_output().unwrap_or_default())) } else { "-".into() };
    let accounts = hash_accounts(&db, spec >= SpecId::SPURIOUS_DRAGON);
    format!("A {gas} {status} {output} {logs} - {accounts}")
}

fn main() {
    let mut input = BufReader::with_capacity(1 << 20, stdin().lock());
    let mut output = BufWriter::new(stdout().lock());
    let mut length = [0; 4];
    loop {
        if input.buffer().is_empty() {
            output.flush().unwrap();
        }
        if input.read_exact(&mut length).is_err() {
            return;
        }
        let mut data = vec![0; u32::from_le_bytes(length) as usize];
        if input.read_exact(&mut data).is_err() {
            return;
        }
        writeln!(output, "{}", run(&data)).unwrap();
    }
}
