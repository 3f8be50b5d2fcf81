// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCall} from "../../shared/SafeCall.sol";
import {CloneGame} from "./CloneGame.sol";
import {Claim, GameStatus, GameType, GameTypes, Hash, Timestamp} from "./DisputeTypes.sol";
import {IAnchorStateRegistry} from "./IAnchorStateRegistry.sol";
import {IDisputeGame} from "./IDisputeGame.sol";
import {IDisputeGameFactory} from "./IDisputeGameFactory.sol";
import {IMachineStep} from "./step/IMachineStep.sol";
import {MachineRoots} from "./step/MachineRoots.sol";
import {Tournament} from "./Tournament.sol";

/// @title FaultGame
/// @notice A claim that anyone may make and anyone may dispute: the output root of an L2 block is right if the proof machine, running the
///         chain's program on (root to start from, L1 head, L2 block), ends with it. Side 0 of the tournament says so, side 1 does not.
/// @dev Extra data: the L2 block, and after it, if the game starts from another game's claim and not from the anchor, that game's place in
///      the factory's list. Rules, bounds and what is assumed: docs/spec/game.md.
contract FaultGame is CloneGame, Tournament {
    /// @notice No program is installed: no claim could be decided.
    error NoProgram();
    /// @notice The game to start from is not a fault game that may still stand.
    error BadParent();
    /// @notice The game to start from is not decided.
    error ParentNotResolved();
    /// @notice Neither side is out.
    error ClockNotExpired();
    /// @notice The list is beaten, supports one that is, or is on the side that lost.
    error NothingToRelease();

    /// @notice What the last state of the machine says about the claim.
    uint8 private constant DEFENDERS = 0;
    uint8 private constant CHALLENGERS = 1;

    /// @notice Semantic version of the ABI.
    string public constant version = "1.0.0";

    /// @notice The chain's program: root of its memory and its entry point (docs/spec/machine.md).
    bytes32 public immutable programRoot;
    uint64 public immutable programEntry;

    /// @notice Output root and L2 block that the claim starts from.
    Hash public startingRootHash;
    uint64 public startingBlockNumber;
    /// @notice The game whose claim that root is; zero if it is the anchor.
    IDisputeGame public parent;
    /// @notice The list that disputed the claim first.
    bytes32 public firstChallenge;
    uint256 private creatorBond_;
    bool private fellWithParent_;

    constructor(
        uint64 _clockSeconds,
        uint64 _extensionSeconds,
        IAnchorStateRegistry _registry,
        IMachineStep _step,
        bytes32 _programRoot,
        uint64 _programEntry,
        uint8 _levels,
        uint8 _log2K,
        uint256 _listBondWei
    )
        CloneGame(_registry)
        Tournament(_step, _levels, _log2K, uint32(_clockSeconds), uint32(_extensionSeconds), _listBondWei)
    {
        programRoot = _programRoot;
        programEntry = _programEntry;
    }

    /// @inheritdoc IDisputeGame
    function initialize() external payable {
        _begin();
        if (programRoot == 0) revert NoProgram();
        uint256 size = _args().length - EXTRA_DATA_AT;
        if (size != 32 && size != 64) revert BadExtraData();
        uint256 startNumber;
        if (size == 32) (startingRootHash, startNumber) = REGISTRY.getAnchorRoot();
        else (startingRootHash, startNumber) = _adopt(_word(EXTRA_DATA_AT + 32));
        uint256 number = l2BlockNumber();
        if (number <= startNumber || number > type(uint64).max) revert UnexpectedL2BlockNumber(number);
        startingBlockNumber = uint64(startNumber);
        creatorBond_ = msg.value;
        _beginTournament();
    }

    /// @notice Posts a list about the whole run. `_lastState` (352 bytes) is the state behind its last root: it says which side the list is on.
    function join(bytes32[] calldata _roots, bytes calldata _lastState, address _payee) external payable returns (bytes32 id_) {
        _requireInProgress();
        _requireRoots(_roots);
        (uint64 machineStatus, uint64 exitCode, bytes32 result) = MachineRoots.end(_roots[_roots.length - 1], _lastState);
        bool agrees = machineStatus == MachineRoots.EXITED && exitCode == 0 && result == Claim.unwrap(rootClaim());
        uint8 side = agrees ? DEFENDERS : CHALLENGERS;
        id_ = _post(matches[WHOLE], WHOLE, side, _roots, _payee);
        if (side == CHALLENGERS && firstChallenge == 0) firstChallenge = id_;
    }

    /// @inheritdoc IDisputeGame
    function resolve() external returns (GameStatus status_) {
        _requireInProgress();
        GameStatus parentStatus = _parentStatus();
        if (parentStatus == GameStatus.CHALLENGER_WINS) {
            fellWithParent_ = true;
            _end(parentStatus);
            return parentStatus;
        }
        (bool defendersOut, bool challengersOut) = _dead(matches[WHOLE]);
        if (!defendersOut && !challengersOut) revert ClockNotExpired();
        if (!defendersOut && parentStatus == GameStatus.IN_PROGRESS) revert ParentNotResolved();
        // If both are out, nobody who was right took part: the root is not believed.
        status_ = defendersOut ? GameStatus.CHALLENGER_WINS : GameStatus.DEFENDER_WINS;
        if (!defendersOut) credit[gameCreator()] += creatorBond_;
        else if (lists[firstChallenge].state == ListState.LIVE) credit[lists[firstChallenge].payee] += creatorBond_ / 2;
        _end(status_);
    }

    /// @notice After the game, gives a list's bond back to its payee if neither it nor a list above it was beaten and its side won.
    function release(bytes32 _list) external {
        if (status == GameStatus.IN_PROGRESS) revert GameNotResolved();
        List storage list = lists[_list];
        if (list.state != ListState.LIVE) revert NothingToRelease();
        (bool stands, uint8 side) = _standing(_list);
        bool won = fellWithParent_ || side == (status == GameStatus.DEFENDER_WINS ? DEFENDERS : CHALLENGERS);
        if (!stands || !won) revert NothingToRelease();
        list.state = ListState.RELEASED;
        credit[list.payee] += _bond();
    }

    /// @notice Pays an account what it is owed. Anyone may call, at any time.
    function claimCredit(address _recipient) external {
        uint256 amount = credit[_recipient];
        credit[_recipient] = 0;
        if (!SafeCall.send(_recipient, amount)) revert BondTransferFailed();
    }

    /// @notice keccak256 of the program's input: what the claim depends on. The claimed root is no part of it: right is what comes out.
    function inputHash() public view returns (bytes32) {
        return keccak256(abi.encode(startingRootHash, l1Head(), l2BlockNumber()));
    }

    /// @inheritdoc Tournament
    function startState() public view override returns (bytes32) {
        return MachineRoots.start(programRoot, programEntry, inputHash());
    }

    /// @notice When the game can be resolved if nobody disputes it.
    function expectedResolution() external view returns (uint64) {
        return Timestamp.unwrap(createdAt) + CLOCK_S + 1;
    }

    /// @notice Time of one side, under the name that clients know from OP's fault dispute game.
    function maxClockDuration() external view returns (uint64) {
        return CLOCK_S;
    }

    /// @inheritdoc IDisputeGame
    function gameType() public pure override returns (GameType) {
        return GameTypes.FAULT;
    }

    function _requireOpen() internal view override {
        _requireInProgress();
    }

    /// @dev A parent that is out of the registry's favour can no longer be started from; one that falls later takes its children along.
    function _adopt(uint256 _index) private returns (Hash root_, uint256 number_) {
        IDisputeGameFactory factory = REGISTRY.disputeGameFactory();
        if (_index >= factory.gameCount()) revert BadParent();
        (GameType parentType,, IDisputeGame game) = factory.gameAtIndex(_index);
        bool mayStand = parentType == GameTypes.FAULT && address(game) != address(this) && REGISTRY.isGameRegistered(game)
            && !REGISTRY.isGameRetired(game) && !REGISTRY.disputeGameBlacklist(game)
            && game.status() != GameStatus.CHALLENGER_WINS;
        if (!mayStand) revert BadParent();
        parent = game;
        return (Hash.wrap(Claim.unwrap(game.rootClaim())), game.l2BlockNumber());
    }

    function _parentStatus() private view returns (GameStatus) {
        if (address(parent) == address(0)) return GameStatus.DEFENDER_WINS;
        if (REGISTRY.disputeGameBlacklist(parent)) return GameStatus.CHALLENGER_WINS;
        return parent.status();
    }
}
