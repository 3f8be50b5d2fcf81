// Cases of fuzz/execution on go-ethereum's state transition; README.md beside this folder has the layout.
package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"os"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/consensus/misc/eip4844"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"
)

// The order of chain::Fork.
const (
	frontier = iota
	homestead
	tangerine
	spurious
	byzantium
	constantinople
	petersburg
	istanbul
	berlin
	london
	paris
	shanghai
	cancun
	prague
	osaka
)

type reader struct{ left []byte }

func (r *reader) take(n int) []byte {
	out := r.left[:n]
	r.left = r.left[n:]
	return out
}
func (r *reader) u8() uint8               { return r.take(1)[0] }
func (r *reader) u32() int                { return int(binary.LittleEndian.Uint32(r.take(4))) }
func (r *reader) u64() uint64             { return binary.LittleEndian.Uint64(r.take(8)) }
func (r *reader) word() *uint256.Int      { return new(uint256.Int).SetBytes(r.take(32)) }
func (r *reader) hash() common.Hash       { return common.BytesToHash(r.take(32)) }
func (r *reader) address() common.Address { return common.BytesToAddress(r.take(20)) }
func (r *reader) bytes() []byte           { return r.take(r.u32()) }

func configOf(fork uint8) *params.ChainConfig {
	zero, now := new(big.Int), new(uint64)
	config := &params.ChainConfig{ChainID: big.NewInt(1), Ethash: new(params.EthashConfig)}
	set := func(from uint8, fields ...**big.Int) {
		if fork < from {
			return
		}
		for _, field := range fields {
			*field = zero
		}
	}
	set(homestead, &config.HomesteadBlock)
	set(tangerine, &config.EIP150Block)
	set(spurious, &config.EIP155Block, &config.EIP158Block)
	set(byzantium, &config.ByzantiumBlock)
	set(constantinople, &config.ConstantinopleBlock)
	config.PetersburgBlock = new(big.Int).SetUint64(math.MaxUint64) // nil would mean with Constantinople
	set(petersburg, &config.PetersburgBlock)
	set(istanbul, &config.IstanbulBlock)
	set(berlin, &config.BerlinBlock)
	set(london, &config.LondonBlock)
	set(paris, &config.TerminalTotalDifficulty)
	for from, field := range map[uint8]**uint64{shanghai: &config.ShanghaiTime, cancun: &config.CancunTime, prague: &config.PragueTime, osaka: &config.OsakaTime} {
		if fork >= from {
			*field = now
		}
	}
	config.BlobScheduleConfig = &params.BlobScheduleConfig{Cancun: params.DefaultCancunBlobConfig, Prague: params.DefaultPragueBlobConfig}
	return config
}

var configs = func() (all []*params.ChainConfig) {
	for fork := uint8(frontier); fork <= osaka; fork++ {
		all = append(all, configOf(fork))
	}
	return
}()

// The types that the rules of a fork know; signers decide it where transactions are signed.
func newestType(fork uint8) uint8 {
	switch {
	case fork >= prague:
		return 4
	case fork >= cancun:
		return 3
	case fork >= london:
		return 2
	case fork >= berlin:
		return 1
	}
	return 0
}

func min(a, b *uint256.Int) *uint256.Int {
	if a.Lt(b) {
		return a
	}
	return b
}

func readMessage(r *reader, baseFee *uint256.Int) (uint8, *core.Message) {
	kind := r.u8()
	m := &core.Message{From: r.address(), Nonce: r.u64(), GasLimit: r.u64(), GasFeeCap: r.word(), GasTipCap: r.word()}
	m.GasPrice = m.GasFeeCap
	if kind >= 2 {
		m.GasPrice = min(new(uint256.Int).Add(m.GasTipCap, baseFee), m.GasFeeCap)
	}
	hasTo, to := r.u8(), r.address()
	if hasTo == 1 {
		m.To = &to
	}
	m.Value, m.Data = r.word(), r.bytes()
	for n := r.u32(); n > 0; n-- {
		entry := types.AccessTuple{Address: r.address(), StorageKeys: []common.Hash{}}
		for k := r.u32(); k > 0; k-- {
			entry.StorageKeys = append(entry.StorageKeys, r.hash())
		}
		m.AccessList = append(m.AccessList, entry)
	}
	m.BlobGasFeeCap = r.word()
	if kind != 3 {
		m.BlobGasFeeCap = nil
	}
	if kind == 3 {
		m.BlobHashes = []common.Hash{}
	}
	for n := r.u32(); n > 0; n-- {
		m.BlobHashes = append(m.BlobHashes, r.hash())
	}
	if kind == 4 {
		m.SetCodeAuthorizations = []types.SetCodeAuthorization{}
	}
	for n := r.u32(); n > 0; n-- {
		a := types.SetCodeAuthorization{ChainID: *r.word(), Address: r.address(), Nonce: r.u64(), V: r.u8(), R: *r.word(), S: *r.word()}
		r.u8() // whom this program recovered: found again here
		r.address()
		m.SetCodeAuthorizations = append(m.SetCodeAuthorizations, a)
	}
	return kind, m
}

func readState(r *reader) *state.StateDB {
	db, err := state.New(types.EmptyRootHash, database)
	if err != nil {
		panic(err)
	}
	for n := r.u32(); n > 0; n-- {
		at := r.address()
		db.CreateAccount(at)
		db.SetNonce(at, r.u64(), tracing.NonceChangeUnspecified)
		db.SetBalance(at, r.word(), tracing.BalanceChangeUnspecified)
		db.SetCode(at, r.bytes(), tracing.CodeChangeUnspecified)
		for k := r.u32(); k > 0; k-- {
			key := r.hash()
			db.SetState(at, key, r.hash())
		}
	}
	// In a trie, and read back: what a transaction finds was there before it.
	root, err := db.Commit(params.Rules{}, 0)
	if err != nil {
		panic(err)
	}
	if db, err = state.New(root, database); err != nil {
		panic(err)
	}
	return db
}

var database state.Database

func hashLogs(logs []*types.Log) common.Hash {
	var out []byte
	for _, log := range logs {
		out = append(out, log.Address.Bytes()...)
		out = append(out, byte(len(log.Topics)))
		for _, topic := range log.Topics {
			out = append(out, topic.Bytes()...)
		}
		out = binary.LittleEndian.AppendUint32(out, uint32(len(log.Data)))
		out = append(out, log.Data...)
	}
	return crypto.Keccak256Hash(out)
}

func run(data []byte) string {
	r := &reader{data}
	fork := r.u8()
	config := configs[fork]
	number, time, gasLimit, coinbase, baseFee := r.u64(), r.u64(), r.u64(), r.address(), r.u64()
	random, excess := r.hash(), r.u64()
	kind, message := readMessage(r, uint256.NewInt(baseFee))
	db := readState(r)
	if kind > newestType(fork) {
		return "R"
	}
	block := vm.BlockContext{
		CanTransfer: core.CanTransfer, Transfer: core.Transfer, Coinbase: coinbase, GasLimit: gasLimit,
		BlockNumber: new(big.Int).SetUint64(number), Time: time, Difficulty: new(big.Int), BaseFee: new(big.Int).SetUint64(baseFee),
		GetHash: func(n uint64) common.Hash { return crypto.Keccak256Hash([]byte(strconv.FormatUint(n, 10))) },
	}
	if fork >= paris {
		block.Random = &random
	} else {
		block.Difficulty = random.Big()
	}
	if fork >= cancun {
		block.BlobBaseFee = eip4844.CalcBlobFee(config, &types.Header{Number: block.BlockNumber, Time: time, ExcessBlobGas: &excess})
	}
	if len(message.BlobHashes) > eip4844.MaxBlobsPerBlock(config, time) {
		return "R too_many_blobs" // the block is validated elsewhere
	}
	machine := vm.NewEVM(block, db, config, vm.Config{})
	result, err := core.ApplyMessage(machine, message, core.NewGasPool(gasLimit))
	if err != nil {
		return "R " + strings.ReplaceAll(err.Error(), " ", "_")
	}
	status := 1
	if result.Err != nil && !(fork == frontier && errors.Is(result.Err, vm.ErrCodeStoreOutOfGas)) { // there the account stays, without code
		status = 0
	}
	output := "-"
	if message.To != nil {
		output = crypto.Keccak256Hash(result.ReturnData).Hex()
	}
	logs := db.Logs()
	rules := config.Rules(block.BlockNumber, fork >= paris, time)
	root := db.IntermediateRoot(rules)
	return fmt.Sprintf("A %d %d %s %s %s -", result.UsedGas, status, output, hashLogs(logs).Hex(), root.Hex())
}

func main() {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<20), bufio.NewWriter(os.Stdout)
	var length [4]byte
	for count := 0; ; count++ {
		if count%5_000 == 0 {
			database = state.NewDatabaseForTesting() // it keeps all that was ever in it
		}
		if in.Buffered() == 0 {
			out.Flush()
		}
		if _, err := io.ReadFull(in, length[:]); err != nil {
			return
		}
		data := make([]byte, binary.LittleEndian.Uint32(length[:]))
		if _, err := io.ReadFull(in, data); err != nil {
			return
		}
		fmt.Fprintln(out, run(data))
	}
}
