// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Claim, GameStatus, GameType, Hash, Timestamp} from "../../src/l1/dispute/DisputeTypes.sol";
import {IAnchorStateRegistry} from "../../src/l1/dispute/IAnchorStateRegistry.sol";
import {IDisputeGame} from "../../src/l1/dispute/IDisputeGame.sol";

/// @notice Another game type, as later ones will be installed: anyone may create it, longer extra data, decided by whoever calls `decide`.
contract TestGame is IDisputeGame {
    IAnchorStateRegistry public immutable anchorStateRegistry;
    GameType private immutable TYPE;

    Timestamp public createdAt;
    Timestamp public resolvedAt;
    GameStatus public status;
    bool public wasRespectedGameTypeWhenCreated;
    GameStatus private decision_;

    constructor(IAnchorStateRegistry _registry, GameType _type) {
        anchorStateRegistry = _registry;
        TYPE = _type;
    }

    function initialize() external payable {
        createdAt = Timestamp.wrap(uint64(block.timestamp));
        wasRespectedGameTypeWhenCreated = anchorStateRegistry.respectedGameType() == TYPE;
    }

    function decide(GameStatus _status) external {
        decision_ = _status;
    }

    function resolve() external returns (GameStatus) {
        status = decision_;
        resolvedAt = Timestamp.wrap(uint64(block.timestamp));
        emit Resolved(decision_);
        return decision_;
    }

    function gameType() public view returns (GameType) {
        return TYPE;
    }

    function gameCreator() external view returns (address) {
        return address(bytes20(_slice(0)));
    }

    function rootClaim() public view returns (Claim) {
        return Claim.wrap(_slice(20));
    }

    function l1Head() external view returns (Hash) {
        return Hash.wrap(_slice(52));
    }

    function l2BlockNumber() public view returns (uint256) {
        return uint256(_slice(84));
    }

    function l2SequenceNumber() external view returns (uint256) {
        return l2BlockNumber();
    }

    function extraData() public view returns (bytes memory) {
        return Clones.fetchCloneArgs(address(this)).length > 84 ? _tail() : bytes("");
    }

    function gameData() external view returns (GameType, Claim, bytes memory) {
        return (gameType(), rootClaim(), extraData());
    }

    function _tail() private view returns (bytes memory tail_) {
        bytes memory args = Clones.fetchCloneArgs(address(this));
        tail_ = new bytes(args.length - 84);
        for (uint256 i; i < tail_.length; ++i) {
            tail_[i] = args[84 + i];
        }
    }

    function _slice(uint256 _from) private view returns (bytes32 word_) {
        bytes memory args = Clones.fetchCloneArgs(address(this));
        assembly ("memory-safe") {
            word_ := mload(add(add(args, 0x20), _from))
        }
    }
}
