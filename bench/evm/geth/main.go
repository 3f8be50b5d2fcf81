// The programs of bench/evm on go-ethereum's interpreter (core/vm). The protocol is that of driver.cpp beside this folder.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"math/big"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/core/vm/runtime"
	"github.com/ethereum/go-ethereum/params"
)

type program struct {
	gas   uint64
	to    common.Address
	input []byte
	state *state.StateDB
}

var caller = common.HexToAddress("0xca11e500000000000000000000000000000000ff")

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func unhex(text string) []byte { return must(hex.DecodeString(strings.TrimPrefix(text, "0x"))) }

func load(file string) map[string]*program {
	lines := bufio.NewScanner(must(os.Open(file)))
	lines.Buffer(nil, 1<<26)
	programs := map[string]*program{}
	var p *program
	for lines.Scan() {
		words := strings.Split(lines.Text(), " ")
		switch words[0] {
		case "program":
			p = &program{gas: must(strconv.ParseUint(words[2], 10, 64))}
			p.state = must(state.New(types.EmptyRootHash, state.NewDatabaseForTesting()))
			programs[words[1]] = p
		case "call":
			p.to, p.input = common.HexToAddress(words[1]), unhex(words[2])
		case "account":
			at := common.HexToAddress(words[1])
			p.state.CreateAccount(at)
			p.state.SetNonce(at, 1, tracing.NonceChangeUnspecified)
			p.state.SetCode(at, unhex(words[2]), tracing.CodeChangeUnspecified)
		case "slot":
			p.state.SetState(common.HexToAddress(words[1]), common.HexToHash(words[2]), common.HexToHash(words[3]))
		default:
			panic("unknown line: " + words[0])
		}
	}
	for _, p := range programs {
		p.state.Finalise(false)
	}
	return programs
}

// User and system time of the whole process: the garbage collector's threads count.
func cpuNanoseconds() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func (p *program) run() (uint64, []byte, error) {
	random := common.Hash{}
	config := &runtime.Config{
		ChainConfig: params.MergedTestChainConfig, Origin: caller, GasPrice: big.NewInt(0), GasLimit: p.gas, BlockNumber: big.NewInt(1),
		Time: 1, Difficulty: new(big.Int), BaseFee: big.NewInt(0), BlobBaseFee: big.NewInt(1), Random: &random, State: p.state,
		GetHashFn: func(uint64) common.Hash { return common.Hash{} },
	}
	machine := runtime.NewEnv(config)
	rules := config.ChainConfig.Rules(config.BlockNumber, true, config.Time)
	p.state.Prepare(rules, caller, common.Address{}, &p.to, vm.ActivePrecompiles(rules), nil)
	before := p.state.Snapshot()
	output, left, err := machine.Call(caller, p.to, p.input, p.gas, common.U2560)
	p.state.RevertToSnapshot(before)
	return p.gas - left, output, err
}

func main() {
	programs := load(os.Args[1])
	requests := bufio.NewScanner(os.Stdin)
	for requests.Scan() {
		words := strings.Fields(requests.Text())
		p := programs[words[0]]
		runs := must(strconv.Atoi(words[1]))
		var gas uint64
		var output []byte
		var err error
		start := cpuNanoseconds()
		for i := 0; i < runs; i++ {
			gas, output, err = p.run()
		}
		spent := cpuNanoseconds() - start
		fmt.Println(words[0], gas, err == nil, hex.EncodeToString(output)+".", spent/int64(runs))
	}
}
