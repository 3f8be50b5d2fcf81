// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {SafeCall} from "../../shared/SafeCall.sol";
import {Claim, GameStatus, GameType, GameTypes, Hash, Timestamp} from "./DisputeTypes.sol";
import {IAnchorStateRegistry} from "./IAnchorStateRegistry.sol";
import {IDisputeGame} from "./IDisputeGame.sol";

/// @title ClaimGame
/// @notice A claim by the proposer that stands once the challenge period is over. Nobody can dispute it inside the game: within the period
///         and the finality delay the guardian can strike it out in the registry, and that is the only defence this type has. Types with
///         disputes or proofs implement the same interface and replace it through the factory and the registry.
contract ClaimGame is IDisputeGame {
    /// @notice Only the factory may initialize, and only once.
    error AlreadyInitialized();
    error NotFactory();
    /// @notice Only the proposer may make claims of this type.
    error NotProposer();
    /// @notice The extra data is not exactly one L2 block number.
    error BadExtraData();
    /// @notice The L2 block is not above the anchor's, or does not fit into 64 bits.
    error UnexpectedL2BlockNumber(uint256 l2BlockNumber);
    error GameNotInProgress();
    /// @notice The challenge period is not over.
    error ClockNotExpired();
    error GameNotResolved();
    error BondTransferFailed();

    /// @notice Semantic version of the ABI.
    string public constant version = "1.0.0";

    /// @dev Offsets into the clone's arguments; see IDisputeGame.
    uint256 private constant EXTRA_DATA_AT = 84;
    uint256 private constant EXTRA_DATA_SIZE = 32;

    uint64 private immutable CHALLENGE_PERIOD_S;
    IAnchorStateRegistry private immutable REGISTRY;

    /// @notice The only account that may create games of this type.
    address public immutable proposer;

    Timestamp public createdAt;
    Timestamp public resolvedAt;
    GameStatus public status;
    bool public wasRespectedGameTypeWhenCreated;
    /// @notice Wei to be paid back to the creator.
    uint256 private bond_;

    constructor(uint64 _challengePeriodSeconds, IAnchorStateRegistry _registry, address _proposer) {
        CHALLENGE_PERIOD_S = _challengePeriodSeconds;
        REGISTRY = _registry;
        proposer = _proposer;
    }

    /// @inheritdoc IDisputeGame
    function initialize() external payable {
        if (Timestamp.unwrap(createdAt) != 0) revert AlreadyInitialized();
        if (msg.sender != address(REGISTRY.disputeGameFactory())) revert NotFactory();
        if (gameCreator() != proposer) revert NotProposer();
        if (_args().length != EXTRA_DATA_AT + EXTRA_DATA_SIZE) revert BadExtraData();
        uint256 number = l2BlockNumber();
        (, uint256 anchorNumber) = REGISTRY.getAnchorRoot();
        if (number <= anchorNumber || number > type(uint64).max) revert UnexpectedL2BlockNumber(number);

        createdAt = Timestamp.wrap(uint64(block.timestamp));
        wasRespectedGameTypeWhenCreated = REGISTRY.respectedGameType() == gameType();
        bond_ = msg.value;
    }

    /// @inheritdoc IDisputeGame
    function resolve() external returns (GameStatus status_) {
        if (status != GameStatus.IN_PROGRESS) revert GameNotInProgress();
        // The implementation itself has no arguments and was never initialized; it cannot be resolved.
        if (Timestamp.unwrap(createdAt) == 0 || block.timestamp < expectedResolution()) revert ClockNotExpired();
        status = status_ = GameStatus.DEFENDER_WINS;
        resolvedAt = Timestamp.wrap(uint64(block.timestamp));
        emit Resolved(status_);
    }

    /// @notice Pays the bond back to the creator of a resolved game. Anyone may call.
    function claimCredit(address _recipient) external {
        if (status != GameStatus.DEFENDER_WINS) revert GameNotResolved();
        uint256 amount = credit(_recipient);
        bond_ -= amount;
        if (!SafeCall.send(_recipient, amount)) revert BondTransferFailed();
    }

    /// @notice Wei that the game owes an account.
    function credit(address _recipient) public view returns (uint256) {
        return _recipient == gameCreator() ? bond_ : 0;
    }

    /// @notice When the game can be resolved.
    function expectedResolution() public view returns (uint64) {
        return Timestamp.unwrap(createdAt) + CHALLENGE_PERIOD_S;
    }

    /// @notice The challenge period, under the name that clients know from the fault dispute game.
    function maxClockDuration() external view returns (uint64) {
        return CHALLENGE_PERIOD_S;
    }

    /// @inheritdoc IDisputeGame
    function anchorStateRegistry() external view returns (IAnchorStateRegistry) {
        return REGISTRY;
    }

    /// @inheritdoc IDisputeGame
    function gameType() public pure returns (GameType) {
        return GameTypes.CLAIM;
    }

    /// @inheritdoc IDisputeGame
    function gameCreator() public view returns (address) {
        return address(uint160(_word(0) >> 96));
    }

    /// @inheritdoc IDisputeGame
    function rootClaim() public view returns (Claim) {
        return Claim.wrap(bytes32(_word(20)));
    }

    /// @inheritdoc IDisputeGame
    function l1Head() external view returns (Hash) {
        return Hash.wrap(bytes32(_word(52)));
    }

    /// @inheritdoc IDisputeGame
    function l2BlockNumber() public view returns (uint256) {
        return _word(EXTRA_DATA_AT);
    }

    /// @inheritdoc IDisputeGame
    function l2SequenceNumber() external view returns (uint256) {
        return l2BlockNumber();
    }

    /// @inheritdoc IDisputeGame
    function extraData() public view returns (bytes memory) {
        return abi.encode(l2BlockNumber());
    }

    /// @inheritdoc IDisputeGame
    function gameData() external view returns (GameType, Claim, bytes memory) {
        return (gameType(), rootClaim(), extraData());
    }

    function _args() private view returns (bytes memory) {
        return Clones.fetchCloneArgs(address(this));
    }

    function _word(uint256 _at) private view returns (uint256 word_) {
        bytes memory args = _args();
        assembly ("memory-safe") {
            word_ := mload(add(add(args, 0x20), _at))
        }
    }
}
