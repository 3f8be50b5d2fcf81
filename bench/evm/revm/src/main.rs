//! The programs of bench/evm on revm's interpreter. The protocol is that of driver.cpp beside this folder.
use revm::{
    Context, ExecuteEvm, MainBuilder, MainContext,
    bytecode::Bytecode,
    context::{BlockEnv, TxEnv},
    database::{CacheDB, EmptyDB},
    primitives::{Address, Bytes, TxKind, U256, hardfork::SpecId, hex},
    state::AccountInfo,
};
use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader, stdin},
};

#[derive(Default)]
struct Program {
    gas: u64,
    to: Address,
    input: Bytes,
    state: CacheDB<EmptyDB>,
}

fn address(text: &str) -> Address {
    text.parse().unwrap()
}
fn word(text: &str) -> U256 {
    U256::from_str_radix(text.trim_start_matches("0x"), 16).unwrap()
}

fn load(file: &str) -> HashMap<String, Program> {
    let mut programs = HashMap::new();
    let mut name = String::new();
    for line in BufReader::new(File::open(file).unwrap()).lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        if words[0] == "program" {
            name = words[1].to_string();
            programs.insert(name.clone(), Program { gas: words[2].parse().unwrap(), ..Program::default() });
            continue;
        }
        let p = programs.get_mut(&name).unwrap();
        match words[0] {
            "call" => (p.to, p.input) = (address(words[1]), hex::decode(words[2]).unwrap().into()),
            "account" => {
                let code = Bytecode::new_legacy(hex::decode(words[2]).unwrap().into());
                let info = AccountInfo { nonce: 1, code_hash: code.hash_slow(), code: Some(code), ..Default::default() };
                p.state.insert_account_info(address(words[1]), info);
            }
            "slot" => p.state.insert_account_storage(address(words[1]), word(words[2]), word(words[3])).unwrap(),
            other => panic!("unknown line: {other}"),
        }
    }
    programs
}

/// User and system time of the whole process.
fn cpu_nanoseconds() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    assert_eq!(unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut now) }, 0);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

fn main() {
    let mut programs = load(&std::env::args().nth(1).unwrap());
    for request in stdin().lines() {
        let request = request.unwrap();
        let (name, runs) = request.split_once(' ').unwrap();
        let runs: u64 = runs.parse().unwrap();
        let p = programs.get_mut(name).unwrap();
        // What a transaction costs before its first instruction; the others measure the call alone.
        let intrinsic: u64 = 21_000 + p.input.iter().map(|b| if *b == 0 { 4 } else { 16 }).sum::<u64>();
        let caller = address("0xca11e500000000000000000000000000000000ff");
        let mut gas = 0;
        let mut output = Bytes::new();
        let mut ok = false;
        let mut evm = Context::mainnet()
            .with_db(&mut p.state)
            .modify_cfg_chained(|cfg| {
                cfg.set_spec_and_mainnet_gas_params(SpecId::OSAKA);
                cfg.tx_gas_limit_cap = Some(u64::MAX);
                cfg.disable_nonce_check = true;
                cfg.disable_balance_check = true;
                cfg.disable_base_fee = true;
            })
            .with_block(BlockEnv { number: U256::from(1), gas_limit: u64::MAX, ..Default::default() })
            .build_mainnet();
        let start = cpu_nanoseconds();
        for _ in 0..runs {
            let tx = TxEnv {
                caller,
                kind: TxKind::Call(p.to),
                gas_limit: p.gas + intrinsic,
                gas_price: 0,
                data: p.input.clone(),
                ..TxEnv::default()
            };
            let done = evm.transact(tx).expect("a valid transaction").result;
            gas = done.gas().total_gas_spent() - intrinsic;
            ok = done.is_success();
            output = done.into_output().unwrap_or_default();
        }
        let spent = cpu_nanoseconds() - start;
        println!("{name} {gas} {ok} {}. {}", hex::encode(&output), spent / runs);
    }
}
