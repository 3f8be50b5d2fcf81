// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Claim, GameStatus, GameType, Hash, Timestamp} from "./DisputeTypes.sol";
import {IAnchorStateRegistry} from "./IAnchorStateRegistry.sol";
import {IDisputeGame} from "./IDisputeGame.sol";

/// @title CloneGame
/// @notice What all games share: the arguments in a clone's code, their names for clients, and how a game begins and ends.
abstract contract CloneGame is IDisputeGame {
    /// @notice Only the factory may initialize, and only once.
    error AlreadyInitialized();
    error NotFactory();
    /// @notice The extra data does not have a length that this type takes.
    error BadExtraData();
    /// @notice The L2 block is not above the one that the game starts from, or does not fit into 64 bits.
    error UnexpectedL2BlockNumber(uint256 l2BlockNumber);
    error GameNotInProgress();
    error GameNotResolved();
    error BondTransferFailed();

    /// @dev Offsets into the clone's arguments; see IDisputeGame.
    uint256 internal constant EXTRA_DATA_AT = 84;

    IAnchorStateRegistry internal immutable REGISTRY;

    Timestamp public createdAt;
    Timestamp public resolvedAt;
    GameStatus public status;
    bool public wasRespectedGameTypeWhenCreated;

    constructor(IAnchorStateRegistry _registry) {
        REGISTRY = _registry;
    }

    /// @dev The factory calls once; the implementation itself is never a game.
    function _begin() internal {
        if (Timestamp.unwrap(createdAt) != 0) revert AlreadyInitialized();
        if (msg.sender != address(REGISTRY.disputeGameFactory())) revert NotFactory();
        createdAt = Timestamp.wrap(uint64(block.timestamp));
        wasRespectedGameTypeWhenCreated = REGISTRY.respectedGameType() == gameType();
    }

    function _requireInProgress() internal view {
        if (status != GameStatus.IN_PROGRESS || Timestamp.unwrap(createdAt) == 0) revert GameNotInProgress();
    }

    function _end(GameStatus _status) internal {
        status = _status;
        resolvedAt = Timestamp.wrap(uint64(block.timestamp));
        emit Resolved(_status);
    }

    /// @inheritdoc IDisputeGame
    function anchorStateRegistry() external view returns (IAnchorStateRegistry) {
        return REGISTRY;
    }

    /// @inheritdoc IDisputeGame
    function gameType() public view virtual returns (GameType);

    /// @inheritdoc IDisputeGame
    function gameCreator() public view returns (address) {
        return address(uint160(_word(0) >> 96));
    }

    /// @inheritdoc IDisputeGame
    function rootClaim() public view returns (Claim) {
        return Claim.wrap(bytes32(_word(20)));
    }

    /// @inheritdoc IDisputeGame
    function l1Head() public view returns (Hash) {
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
    function extraData() public view returns (bytes memory extraData_) {
        bytes memory args = _args();
        uint256 size = args.length - EXTRA_DATA_AT;
        extraData_ = new bytes(size);
        assembly ("memory-safe") {
            mcopy(add(extraData_, 0x20), add(add(args, 0x20), EXTRA_DATA_AT), size)
        }
    }

    /// @inheritdoc IDisputeGame
    function gameData() external view returns (GameType, Claim, bytes memory) {
        return (gameType(), rootClaim(), extraData());
    }

    function _args() internal view returns (bytes memory) {
        return Clones.fetchCloneArgs(address(this));
    }

    function _word(uint256 _at) internal view returns (uint256 word_) {
        bytes memory args = _args();
        assembly ("memory-safe") {
            word_ := mload(add(add(args, 0x20), _at))
        }
    }
}
