// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Types} from "../shared/Types.sol";
import {ProxiedOwnable} from "./ProxiedOwnable.sol";

/// @title SystemConfig
/// @notice The rollup's parameters that can change. Derivation reads them from the ConfigUpdate events, so their encoding is consensus
///         (OP Stack: configurability, system config updates).
contract SystemConfig is Initializable, ProxiedOwnable {
    /// @notice What an update changes; the numbers are consensus.
    enum UpdateType {
        BATCHER,
        FEE_SCALARS,
        GAS_LIMIT,
        UNSAFE_BLOCK_SIGNER,
        EIP_1559_PARAMS,
        OPERATOR_FEE_PARAMS,
        MIN_BASE_FEE,
        DA_FOOTPRINT_GAS_SCALAR
    }

    /// @notice A parameter has changed; `data` is its ABI encoding as derivation reads it.
    event ConfigUpdate(uint256 indexed version, UpdateType indexed updateType, bytes data);
    event GuardianSet(address indexed guardian);
    event Paused(uint256 until);
    event Unpaused();

    error GasLimitTooLow();
    error GasLimitTooHigh();
    error BadEIP1559Params();
    error Unauthorized();
    /// @notice A pause cannot be prolonged, nor follow another before as long a time without one.
    error PausedRecently();

    /// @notice Version of the event format.
    uint256 public constant VERSION = 0;

    /// @notice Semantic version of the ABI.
    string public constant version = "3.13.1";

    /// @notice Slot where OP clients look for the unsafe block signer.
    bytes32 public constant UNSAFE_BLOCK_SIGNER_SLOT = keccak256("systemconfig.unsafeblocksigner");

    /// @notice Longest time that one pause lasts, so that a lost guardian cannot lock withdrawals for good.
    uint256 public constant PAUSE_EXPIRY_SECONDS = 90 days;

    uint64 private constant MAX_GAS_LIMIT = 500_000_000;

    /// @dev Deposit gas of an L1 block; see ResourceMetering.
    uint32 private constant MAX_RESOURCE_LIMIT = 20_000_000;
    /// @dev Gas of the L1 attributes deposit.
    uint32 private constant SYSTEM_TX_MAX_GAS = 1_000_000;

    /// @notice Fee scalar of Bedrock; zero since Ecotone.
    uint256 public overhead;
    /// @notice Ecotone packing: version 1 in the top byte, blob base fee scalar in bits 32 to 63, base fee scalar in bits 0 to 31.
    uint256 public scalar;
    /// @notice The batcher's address, left-padded.
    bytes32 public batcherHash;
    uint64 public gasLimit;
    uint32 public basefeeScalar;
    uint32 public blobbasefeeScalar;
    uint32 public eip1559Denominator;
    uint32 public eip1559Elasticity;
    uint64 public operatorFeeConstant;
    uint32 public operatorFeeScalar;
    uint16 public daFootprintGasScalar;
    uint64 public minBaseFee;

    /// @notice Where batches are sent.
    address public batchInbox;
    uint256 public l2ChainId;
    /// @notice First L1 block in which events of this rollup can be.
    uint256 public startBlock;

    /// @notice Who can pause withdrawals and strike out bare claims.
    address public guardian;
    /// @notice Withdrawals are paused before this time.
    uint256 public pausedUntil;
    /// @notice The guardian cannot pause before this time.
    uint256 public pausableFrom;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets what has no sensible default; fee parameters are set by the owner afterwards.
    function initialize(
        address _owner,
        address _guardian,
        bytes32 _batcherHash,
        uint64 _gasLimit,
        address _unsafeBlockSigner,
        address _batchInbox,
        uint256 _l2ChainId
    ) external initializer {
        _transferOwnership(_owner);
        _setGuardian(_guardian);
        _setBatcherHash(_batcherHash);
        _setGasLimit(_gasLimit);
        _setUnsafeBlockSigner(_unsafeBlockSigner);
        batchInbox = _batchInbox;
        l2ChainId = _l2ChainId;
        startBlock = block.number;
    }

    /// @notice Replaces the guardian.
    function setGuardian(address _guardian) external onlyOwner {
        _setGuardian(_guardian);
    }

    /// @notice Stops proving and finalising of withdrawals for at most PAUSE_EXPIRY_SECONDS from now. Deposits go on.
    function pause() external {
        if (msg.sender != guardian) revert Unauthorized();
        if (block.timestamp < pausableFrom) revert PausedRecently();
        pausedUntil = block.timestamp + PAUSE_EXPIRY_SECONDS;
        pausableFrom = pausedUntil + PAUSE_EXPIRY_SECONDS;
        emit Paused(pausedUntil);
    }

    /// @notice Ends a pause.
    function unpause() external {
        if (msg.sender != guardian) revert Unauthorized();
        pausedUntil = 0;
        emit Unpaused();
    }

    /// @notice Replaces the batcher, as the 32 bytes that derivation compares.
    function setBatcherHash(bytes32 _batcherHash) external onlyOwner {
        _setBatcherHash(_batcherHash);
    }

    /// @notice Replaces the batcher by its address.
    function setBatcherHash(address _batcher) external onlyOwner {
        _setBatcherHash(bytes32(uint256(uint160(_batcher))));
    }

    /// @notice Sets the scalars of the L1 data fee.
    function setGasConfigEcotone(uint32 _basefeeScalar, uint32 _blobbasefeeScalar) external onlyOwner {
        basefeeScalar = _basefeeScalar;
        blobbasefeeScalar = _blobbasefeeScalar;
        scalar = (uint256(1) << 248) | (uint256(_blobbasefeeScalar) << 32) | _basefeeScalar;
        _announce(UpdateType.FEE_SCALARS, abi.encode(overhead, scalar));
    }

    /// @notice Sets the gas limit of L2 blocks.
    function setGasLimit(uint64 _gasLimit) external onlyOwner {
        _setGasLimit(_gasLimit);
    }

    /// @notice Sets the signer of blocks that are not yet on L1.
    function setUnsafeBlockSigner(address _unsafeBlockSigner) external onlyOwner {
        _setUnsafeBlockSigner(_unsafeBlockSigner);
    }

    /// @notice Sets denominator and elasticity of the L2's base fee (Holocene).
    function setEIP1559Params(uint32 _denominator, uint32 _elasticity) external onlyOwner {
        if (_denominator == 0 || _elasticity == 0) revert BadEIP1559Params();
        eip1559Denominator = _denominator;
        eip1559Elasticity = _elasticity;
        _announce(UpdateType.EIP_1559_PARAMS, abi.encode((uint256(_denominator) << 32) | _elasticity));
    }

    /// @notice Sets the operator fee (Isthmus).
    function setOperatorFeeScalars(uint32 _operatorFeeScalar, uint64 _operatorFeeConstant) external onlyOwner {
        operatorFeeScalar = _operatorFeeScalar;
        operatorFeeConstant = _operatorFeeConstant;
        _announce(
            UpdateType.OPERATOR_FEE_PARAMS, abi.encode((uint256(_operatorFeeScalar) << 64) | _operatorFeeConstant)
        );
    }

    /// @notice Sets the L2's lowest base fee in wei (Jovian); zero means none.
    function setMinBaseFee(uint64 _minBaseFee) external onlyOwner {
        minBaseFee = _minBaseFee;
        _announce(UpdateType.MIN_BASE_FEE, abi.encode(_minBaseFee));
    }

    /// @notice Sets the gas that a byte of data availability counts for in the block limit (Jovian); zero means the protocol's default.
    function setDAFootprintGasScalar(uint16 _daFootprintGasScalar) external onlyOwner {
        daFootprintGasScalar = _daFootprintGasScalar;
        _announce(UpdateType.DA_FOOTPRINT_GAS_SCALAR, abi.encode(_daFootprintGasScalar));
    }

    /// @notice Whether withdrawals are paused.
    function paused() external view returns (bool) {
        return block.timestamp < pausedUntil;
    }

    /// @notice Signer of blocks that are not yet on L1.
    function unsafeBlockSigner() external view returns (address signer_) {
        bytes32 slot = UNSAFE_BLOCK_SIGNER_SLOT;
        assembly ("memory-safe") {
            signer_ := sload(slot)
        }
    }

    /// @notice Limits of the deposit gas market.
    function resourceConfig() external pure returns (Types.ResourceConfig memory) {
        return Types.ResourceConfig({
            maxResourceLimit: MAX_RESOURCE_LIMIT,
            elasticityMultiplier: 10,
            baseFeeMaxChangeDenominator: 8,
            minimumBaseFee: 1 gwei,
            systemTxMaxGas: SYSTEM_TX_MAX_GAS,
            maximumBaseFee: type(uint128).max
        });
    }

    /// @notice Lowest L2 gas limit: all deposits of an L1 block and the attributes must fit into one L2 block.
    function minimumGasLimit() public pure returns (uint64) {
        return uint64(MAX_RESOURCE_LIMIT) + SYSTEM_TX_MAX_GAS;
    }

    /// @notice Highest L2 gas limit that can be set.
    function maximumGasLimit() public pure returns (uint64) {
        return MAX_GAS_LIMIT;
    }

    function _setGuardian(address _guardian) private {
        guardian = _guardian;
        emit GuardianSet(_guardian);
    }

    function _setBatcherHash(bytes32 _batcherHash) private {
        batcherHash = _batcherHash;
        _announce(UpdateType.BATCHER, abi.encode(_batcherHash));
    }

    function _setGasLimit(uint64 _gasLimit) private {
        if (_gasLimit < minimumGasLimit()) revert GasLimitTooLow();
        if (_gasLimit > maximumGasLimit()) revert GasLimitTooHigh();
        gasLimit = _gasLimit;
        _announce(UpdateType.GAS_LIMIT, abi.encode(_gasLimit));
    }

    function _setUnsafeBlockSigner(address _signer) private {
        bytes32 slot = UNSAFE_BLOCK_SIGNER_SLOT;
        assembly ("memory-safe") {
            sstore(slot, _signer)
        }
        _announce(UpdateType.UNSAFE_BLOCK_SIGNER, abi.encode(_signer));
    }

    function _announce(UpdateType _type, bytes memory _data) private {
        emit ConfigUpdate(VERSION, _type, _data);
    }
}
