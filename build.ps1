[CmdletBinding()]
Param([Parameter(Position = 0, Mandatory = $false, ValueFromRemainingArguments = $true)][string[]]$BuildArguments)

$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$env:DOTNET_CLI_TELEMETRY_OPTOUT = 1
$env:DOTNET_NOLOGO = 1

$dotnet = Get-Command dotnet -ErrorAction SilentlyContinue
if ($dotnet -and $(dotnet --version) -and $LASTEXITCODE -eq 0) {
    $env:DOTNET_EXE = $dotnet.Path
}
else {
    $folder = Join-Path $PSScriptRoot '.nuke/temp/dotnet-win'
    $env:DOTNET_EXE = Join-Path $folder 'dotnet.exe'
    if (!(Test-Path $env:DOTNET_EXE)) {
        New-Item -ItemType Directory -Force $folder | Out-Null
        $channel = (Get-Content global.json | ConvertFrom-Json).sdk.version -replace '^(\d+\.\d+).*', '$1'
        Invoke-WebRequest 'https://dot.net/v1/dotnet-install.ps1' -OutFile "$folder/dotnet-install.ps1"
        & "$folder/dotnet-install.ps1" -InstallDir $folder -Channel $channel -NoPath
    }
    $env:DOTNET_ROOT = $folder
}

& $env:DOTNET_EXE build build/_build.csproj -nologo -clp:NoSummary --verbosity quiet
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
& $env:DOTNET_EXE exec artifacts/bin/_build/debug/_build.dll @BuildArguments
exit $LASTEXITCODE
