// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Predeploys} from "../shared/Predeploys.sol";
import {OptimismMintableERC20} from "./OptimismMintableERC20.sol";

/// @title OptimismMintableERC20Factory
/// @notice Creates the L2 token of an L1 token (0x42…12), at an address that follows from its parameters.
contract OptimismMintableERC20Factory {
    event StandardL2TokenCreated(address indexed remoteToken, address indexed localToken);
    event OptimismMintableERC20Created(address indexed localToken, address indexed remoteToken, address deployer);

    error ZeroRemoteToken();

    /// @notice Semantic version of the ABI.
    string public constant version = "1.10.1";

    /// @notice Remote token of each token made here.
    mapping(address => address) public deployments;

    /// @notice The bridge that the tokens obey.
    function bridge() public pure returns (address) {
        return Predeploys.L2_STANDARD_BRIDGE;
    }

    /// @notice Same as `bridge`, under its older name.
    function BRIDGE() external pure returns (address) {
        return bridge();
    }

    /// @notice Older name of `createOptimismMintableERC20`.
    function createStandardL2Token(address _remoteToken, string memory _name, string memory _symbol)
        external
        returns (address)
    {
        return createOptimismMintableERC20WithDecimals(_remoteToken, _name, _symbol, 18);
    }

    /// @notice Creates a token with 18 decimals.
    function createOptimismMintableERC20(address _remoteToken, string memory _name, string memory _symbol)
        external
        returns (address)
    {
        return createOptimismMintableERC20WithDecimals(_remoteToken, _name, _symbol, 18);
    }

    /// @notice Creates a token.
    function createOptimismMintableERC20WithDecimals(
        address _remoteToken,
        string memory _name,
        string memory _symbol,
        uint8 _decimals
    ) public returns (address token_) {
        if (_remoteToken == address(0)) revert ZeroRemoteToken();
        bytes32 salt = keccak256(abi.encode(_remoteToken, _name, _symbol, _decimals));
        token_ = address(new OptimismMintableERC20{salt: salt}(bridge(), _remoteToken, _name, _symbol, _decimals));
        deployments[token_] = _remoteToken;
        emit StandardL2TokenCreated(_remoteToken, token_);
        emit OptimismMintableERC20Created(token_, _remoteToken, msg.sender);
    }
}
