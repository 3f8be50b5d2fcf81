// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IOptimismMintableERC20
/// @notice A token that the standard bridge mints and burns; its ERC-165 identifier is how bridges recognise it.
interface IOptimismMintableERC20 {
    function remoteToken() external view returns (address);
    function bridge() external returns (address);
    function mint(address _to, uint256 _amount) external;
    function burn(address _from, uint256 _amount) external;
}

/// @title ILegacyMintableERC20
/// @notice The same from before Bedrock; many deployed tokens know only this one.
interface ILegacyMintableERC20 {
    function l1Token() external view returns (address);
    function mint(address _to, uint256 _amount) external;
    function burn(address _from, uint256 _amount) external;
}
