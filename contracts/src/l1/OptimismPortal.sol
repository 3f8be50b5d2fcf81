// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Callers} from "../shared/Callers.sol";
import {Constants} from "../shared/Constants.sol";
import {Hashing} from "../shared/Hashing.sol";
import {SafeCall} from "../shared/SafeCall.sol";
import {Types} from "../shared/Types.sol";
import {SecureMerkleTrie} from "../trie/SecureMerkleTrie.sol";
import {Claim, GameStatus, GameType, Timestamp} from "./dispute/DisputeTypes.sol";
import {AnchorStateRegistry} from "./dispute/AnchorStateRegistry.sol";
import {IDisputeGame} from "./dispute/IDisputeGame.sol";
import {IDisputeGameFactory} from "./dispute/IDisputeGameFactory.sol";
import {ResourceMetering} from "./ResourceMetering.sol";
import {SystemConfig} from "./SystemConfig.sol";

/// @title OptimismPortal
/// @notice The door between the layers. Deposits become L2 transactions through an event; withdrawals are proven against a claimed output
///         root and executed once that root is final. The ABI, with the names of its errors, is the one that viem's op-stack actions use.
contract OptimismPortal is Initializable, ResourceMetering {
    /// @notice What is kept of a proof: the game it relies on and when it was given.
    struct ProvenWithdrawal {
        IDisputeGame disputeGameProxy;
        uint64 timestamp;
    }

    /// @notice A deposit; derivation turns it into an L2 transaction. Data of version 0: mint(32) value(32) gasLimit(8) isCreation(1) data.
    event TransactionDeposited(address indexed from, address indexed to, uint256 indexed version, bytes opaqueData);
    event WithdrawalProven(bytes32 indexed withdrawalHash, address indexed from, address indexed to);
    event WithdrawalProvenExtension1(bytes32 indexed withdrawalHash, address indexed proofSubmitter);
    event WithdrawalFinalized(bytes32 indexed withdrawalHash, bool success);

    // Deposits
    error BadTarget();
    error SmallGasLimit();
    error LargeCalldata();
    // Withdrawals
    error CallPaused();
    error NonReentrant();
    error GasEstimation();
    error InvalidDisputeGame();
    error InvalidGameType();
    error Blacklisted();
    error LegacyGame();
    error InvalidProof();
    error ProposalNotValidated();
    error PortalShortOfEther();
    error OptimismPortal_AlreadyFinalized();
    error OptimismPortal_Unproven();
    error OptimismPortal_InvalidProofTimestamp();
    error OptimismPortal_ProofNotOldEnough();
    error OptimismPortal_InvalidRootClaim();

    /// @notice Semantic version of the ABI; clients take 3 and above for the one with dispute games.
    string public constant version = "5.1.0";

    uint256 private constant DEPOSIT_VERSION = 0;
    uint64 private constant RECEIVE_GAS_LIMIT = 100_000;
    /// @dev EIP-7825: no transaction has more gas. A deposit within it is valid on L2 under every reading of that rule.
    uint64 private constant MAX_DEPOSIT_GAS = 16_777_216;
    /// @dev Keeps a deposit within the 128 kB that networks pass on.
    uint256 private constant MAX_DEPOSIT_DATA = 120_000;
    /// @dev `sentMessages` is the first variable of L2ToL1MessagePasser.
    uint256 private constant SENT_MESSAGES_SLOT = 0;

    uint256 private immutable PROOF_MATURITY_DELAY_S;

    SystemConfig public systemConfig;
    AnchorStateRegistry public anchorStateRegistry;

    /// @notice Withdrawals that have been executed, with or without success.
    mapping(bytes32 => bool) public finalizedWithdrawals;
    /// @notice Proofs by withdrawal and submitter; each submitter's proof stands alone, so nobody can spoil another's.
    mapping(bytes32 => mapping(address => ProvenWithdrawal)) public provenWithdrawals;
    /// @notice Who has proven a withdrawal, in order.
    mapping(bytes32 => address[]) public proofSubmitters;

    /// @dev L2 sender of the withdrawal in execution, zero outside; also the lock against re-entry.
    address private transient executing_;

    constructor(uint256 _proofMaturityDelaySeconds) {
        PROOF_MATURITY_DELAY_S = _proofMaturityDelaySeconds;
        _disableInitializers();
    }

    /// @notice Sets the neighbours.
    function initialize(SystemConfig _systemConfig, AnchorStateRegistry _registry) external initializer {
        systemConfig = _systemConfig;
        anchorStateRegistry = _registry;
        _openMarket();
    }

    /// @notice Deposits ether to the sender's address on L2. For accounts with a key: a contract's deposit goes to its alias.
    receive() external payable {
        depositTransaction(msg.sender, msg.value, RECEIVE_GAS_LIMIT, false, "");
    }

    /// @notice Takes ether without a deposit.
    function donateETH() external payable {}

    /// @notice Sends a transaction to L2. All of `msg.value` is minted there to the sender (a contract's alias), `_value` of it is sent on.
    function depositTransaction(address _to, uint256 _value, uint64 _gasLimit, bool _isCreation, bytes memory _data)
        public
        payable
        metered(_gasLimit)
    {
        if (_isCreation && _to != address(0)) revert BadTarget();
        if (_data.length > MAX_DEPOSIT_DATA) revert LargeCalldata();
        if (_gasLimit < minimumGasLimit(uint64(_data.length))) revert SmallGasLimit();
        if (_gasLimit > MAX_DEPOSIT_GAS) revert OutOfGas();

        address from = Callers.isSenderEOA() ? msg.sender : Callers.toL2Alias(msg.sender);
        bytes memory opaqueData = abi.encodePacked(msg.value, _value, _gasLimit, _isCreation, _data);
        emit TransactionDeposited(from, _to, DEPOSIT_VERSION, opaqueData);
    }

    /// @notice Proves that L2 sent `_tx`, against the root that the game at `_disputeGameIndex` claims.
    function proveWithdrawalTransaction(
        Types.WithdrawalTransaction memory _tx,
        uint256 _disputeGameIndex,
        Types.OutputRootProof calldata _outputRootProof,
        bytes[] calldata _withdrawalProof
    ) external {
        IDisputeGame game = _gameAt(_disputeGameIndex);
        bytes32 withdrawalHash = _requireProof(_tx, game, _outputRootProof, _withdrawalProof);
        provenWithdrawals[withdrawalHash][msg.sender] = ProvenWithdrawal(game, uint64(block.timestamp));
        proofSubmitters[withdrawalHash].push(msg.sender);
        emit WithdrawalProven(withdrawalHash, _tx.sender, _tx.target);
        emit WithdrawalProvenExtension1(withdrawalHash, msg.sender);
    }

    /// @notice Executes a withdrawal that the caller has proven.
    function finalizeWithdrawalTransaction(Types.WithdrawalTransaction memory _tx) external {
        finalizeWithdrawalTransactionExternalProof(_tx, msg.sender);
    }

    /// @notice Executes a withdrawal that `_proofSubmitter` has proven.
    function finalizeWithdrawalTransactionExternalProof(
        Types.WithdrawalTransaction memory _tx,
        address _proofSubmitter
    ) public {
        if (paused()) revert CallPaused();
        bytes32 withdrawalHash = Hashing.hashWithdrawal(_tx);
        checkWithdrawal(withdrawalHash, _proofSubmitter);
        _execute(_tx, withdrawalHash);
    }

    /// @notice Proves and executes a withdrawal in one call, against a root that is final already.
    /// @dev The root must also have been public for the time that a proof would have to wait, so nothing can be paid out on it sooner
    ///      than by two calls made as early as possible.
    function proveAndFinalizeWithdrawal(
        Types.WithdrawalTransaction memory _tx,
        uint256 _disputeGameIndex,
        Types.OutputRootProof calldata _outputRootProof,
        bytes[] calldata _withdrawalProof
    ) external {
        IDisputeGame game = _gameAt(_disputeGameIndex);
        bytes32 withdrawalHash = _requireProof(_tx, game, _outputRootProof, _withdrawalProof);
        if (finalizedWithdrawals[withdrawalHash]) revert OptimismPortal_AlreadyFinalized();
        if (!anchorStateRegistry.isGameClaimValid(game)) revert ProposalNotValidated();
        if (block.timestamp - Timestamp.unwrap(game.createdAt()) <= PROOF_MATURITY_DELAY_S) {
            revert OptimismPortal_ProofNotOldEnough();
        }
        emit WithdrawalProven(withdrawalHash, _tx.sender, _tx.target);
        emit WithdrawalProvenExtension1(withdrawalHash, msg.sender);
        _execute(_tx, withdrawalHash);
    }

    /// @notice Reverts with the reason why a withdrawal cannot be executed on the proof of `_proofSubmitter`.
    function checkWithdrawal(bytes32 _withdrawalHash, address _proofSubmitter) public view {
        if (finalizedWithdrawals[_withdrawalHash]) revert OptimismPortal_AlreadyFinalized();
        ProvenWithdrawal memory proven = provenWithdrawals[_withdrawalHash][_proofSubmitter];
        if (proven.timestamp == 0) revert OptimismPortal_Unproven();
        if (proven.timestamp <= Timestamp.unwrap(proven.disputeGameProxy.createdAt())) {
            revert OptimismPortal_InvalidProofTimestamp();
        }
        if (block.timestamp - proven.timestamp <= PROOF_MATURITY_DELAY_S) revert OptimismPortal_ProofNotOldEnough();
        if (!anchorStateRegistry.isGameClaimValid(proven.disputeGameProxy)) revert OptimismPortal_InvalidRootClaim();
    }

    /// @notice Number of proofs given for a withdrawal.
    function numProofSubmitters(bytes32 _withdrawalHash) external view returns (uint256) {
        return proofSubmitters[_withdrawalHash].length;
    }

    /// @notice L2 sender of the withdrawal in execution, or 0x…dEaD.
    function l2Sender() public view returns (address) {
        return executing_ == address(0) ? Constants.DEFAULT_L2_SENDER : executing_;
    }

    /// @notice Lowest gas limit of a deposit with `_byteCount` bytes of data (EIP-7623's floor).
    function minimumGasLimit(uint64 _byteCount) public pure returns (uint64) {
        return _byteCount * 40 + 21_000;
    }

    /// @notice Whether proving and finalising are stopped.
    function paused() public view returns (bool) {
        return systemConfig.paused();
    }

    /// @notice Who can pause and strike out games.
    function guardian() external view returns (address) {
        return systemConfig.guardian();
    }

    /// @notice Holder of guardian and pause, for clients that ask for it under this name.
    function superchainConfig() external view returns (address) {
        return address(systemConfig);
    }

    /// @notice The factory whose games withdrawals are proven against.
    function disputeGameFactory() public view returns (IDisputeGameFactory) {
        return anchorStateRegistry.disputeGameFactory();
    }

    /// @notice The game type that counts.
    function respectedGameType() external view returns (GameType) {
        return anchorStateRegistry.respectedGameType();
    }

    /// @notice Games created at or before this time do not count.
    function respectedGameTypeUpdatedAt() external view returns (uint64) {
        return anchorStateRegistry.retirementTimestamp();
    }

    /// @notice Whether the guardian has struck out a game.
    function disputeGameBlacklist(IDisputeGame _game) external view returns (bool) {
        return anchorStateRegistry.disputeGameBlacklist(_game);
    }

    /// @notice Seconds between a proof and its first use.
    function proofMaturityDelaySeconds() external view returns (uint256) {
        return PROOF_MATURITY_DELAY_S;
    }

    /// @notice Seconds between a game's resolution and its finality.
    function disputeGameFinalityDelaySeconds() external view returns (uint256) {
        return anchorStateRegistry.disputeGameFinalityDelaySeconds();
    }

    function _resourceConfig() internal view override returns (Types.ResourceConfig memory) {
        return systemConfig.resourceConfig();
    }

    function _gameAt(uint256 _index) private view returns (IDisputeGame game_) {
        (,, game_) = disputeGameFactory().gameAtIndex(_index);
    }

    /// @dev Checks everything about a proof but time; returns the withdrawal's hash.
    function _requireProof(
        Types.WithdrawalTransaction memory _tx,
        IDisputeGame _game,
        Types.OutputRootProof calldata _outputRootProof,
        bytes[] calldata _withdrawalProof
    ) private view returns (bytes32 withdrawalHash_) {
        if (paused()) revert CallPaused();
        if (_tx.target == address(this)) revert BadTarget();
        _requireUsable(_game);
        if (Claim.unwrap(_game.rootClaim()) != Hashing.hashOutputRootProof(_outputRootProof)) revert InvalidProof();

        withdrawalHash_ = Hashing.hashWithdrawal(_tx);
        SecureMerkleTrie.requireInclusion(
            _outputRootProof.messagePasserStorageRoot,
            keccak256(abi.encode(withdrawalHash_, SENT_MESSAGES_SLOT)),
            hex"01", // RLP of true
            _withdrawalProof
        );
    }

    /// @dev Names the reason where the registry only says no.
    function _requireUsable(IDisputeGame _game) private view {
        AnchorStateRegistry registry = anchorStateRegistry;
        if (!registry.isGameRegistered(_game)) revert InvalidDisputeGame();
        if (registry.disputeGameBlacklist(_game)) revert Blacklisted();
        if (registry.isGameRetired(_game)) revert LegacyGame();
        if (!registry.isGameRespected(_game)) revert InvalidGameType();
        if (_game.status() == GameStatus.CHALLENGER_WINS) revert InvalidDisputeGame();
        // A proof in the game's own block would be as old as the game; see checkWithdrawal.
        if (block.timestamp <= Timestamp.unwrap(_game.createdAt())) revert OptimismPortal_InvalidProofTimestamp();
    }

    /// @dev Executes once, whatever comes of it: a failed call is not repeated here, the messenger above offers that.
    function _execute(Types.WithdrawalTransaction memory _tx, bytes32 _withdrawalHash) private {
        if (executing_ != address(0)) revert NonReentrant();
        // Without this the call would fail and the withdrawal be spent; so it waits until the ether is here.
        if (address(this).balance < _tx.value) revert PortalShortOfEther();
        finalizedWithdrawals[_withdrawalHash] = true;
        executing_ = _tx.sender;
        bool success = SafeCall.callWithMinGas(_tx.target, _tx.gasLimit, _tx.value, _tx.data);
        executing_ = address(0);
        emit WithdrawalFinalized(_withdrawalHash, success);
        if (!success && tx.origin == Constants.ESTIMATION_ADDRESS) revert GasEstimation();
    }
}
