#!/usr/bin/env pwsh
#Requires -Version 7.0
<#
.SYNOPSIS
Publishes the agent and the service for one kind of machine: each as one file, an archive and, where Debian has the architecture, a package.

.DESCRIPTION
Everything is done by `dotnet publish -p:PublishProfile=RID`; here only its options are put together. docs/packaging.md tells what is made.

.PARAMETER Rid
The machine: linux-arm64 (Raspberry Pi OS 64 bit, the default), linux-arm (32 bit), linux-x64, linux-musl-arm64 (Alpine).

.PARAMETER Aot
Compile the agent to machine code altogether.

.PARAMETER Packages
polyfill (the default): the stand-ins in src/Polyfills. nuget: the packages that they stand in for.

.PARAMETER Version
The version of the product, such as 1.2.3 or 1.2.3-rc.1. Default: that of Directory.Build.props.

.PARAMETER OutputPath
The folder for publish/RID and packages. Default: artifacts.

.EXAMPLE
./publish.ps1 -Rid linux-x64 -Version 1.2.3
#>
[CmdletBinding()]
param(
    [ValidateSet('linux-arm64', 'linux-arm', 'linux-x64', 'linux-musl-arm64')] [string] $Rid = 'linux-arm64',
    [switch] $Aot,
    [ValidateSet('polyfill', 'nuget')] [string] $Packages = 'polyfill',
    [ValidatePattern('^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$')] [string] $Version,
    [string] $OutputPath
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$options = @("-p:PublishProfile=$Rid", "-p:Packages=$Packages", '--nologo', '--verbosity', 'quiet')
if ($Version) { $options += "-p:Version=$Version" }
if ($OutputPath) { $options += "-p:ShippingPath=$($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath))" }

foreach ($program in 'EdgeAgent', 'EdgeAgent.Ingestion') {
    $arguments = @('publish', (Join-Path $PSScriptRoot 'src' $program)) + $options
    # The service runs on machines that have the memory, and its libraries are not made for it.
    if ($Aot -and $program -eq 'EdgeAgent') { $arguments += '-p:PublishAot=true' }
    & dotnet @arguments
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
