# Runs the build: starts its program at once when nothing changed since it was compiled, else compiles it first, with an SDK that it fetches when there is none.
# The same as build.sh, for PowerShell 7 on any system.
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$artifacts = if ($env:NukeEngine -eq 'package') { Join-Path $root 'artifacts/package' } else { Join-Path $root 'artifacts' }
$onWindows = $PSVersionTable.PSEdition -eq 'Desktop' -or $IsWindows
$suffix = if ($onWindows) { '.exe' } else { '' }
$program = Join-Path $artifacts "bin/_build/debug/_build$suffix"
$state = Join-Path $artifacts 'build.state.ps1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = 1
$env:DOTNET_NOLOGO = 1

# From elsewhere too it is this build that runs; from within, the engine finds the root by itself.
$here = "$($PWD.ProviderPath)$([IO.Path]::DirectorySeparatorChar)"
if (!$here.StartsWith("$root$([IO.Path]::DirectorySeparatorChar)") -and !$env:NUKE_ROOT) { $env:NUKE_ROOT = $root }

# All that the program is made of. What is elsewhere, as tests and documents, leaves it as it is.
function Get-Sources {
    Get-ChildItem -Recurse -File -Force (Join-Path $root 'build'), (Join-Path $root 'src') |
        Where-Object { $_.FullName -notmatch '[\\/]((bin|obj)|build[\\/]fleets)[\\/]' }
    Get-Item (Join-Path $root 'docs/canary.yml'), (Join-Path $root 'Directory.Build.props'), (Join-Path $root 'Directory.Packages.props'), (Join-Path $root 'global.json') -ErrorAction SilentlyContinue
}

# Where the SDK is, which SDKs are there, and each source with its time.
function Get-State([string] $dotnet) {
    $sdks = Get-ChildItem -Directory (Join-Path (Split-Path $dotnet) 'sdk') -ErrorAction SilentlyContinue | ForEach-Object Name
    @($dotnet) + @($sdks) + @(Get-Sources | ForEach-Object { "$($_.FullName) $($_.LastWriteTimeUtc.Ticks)" } | Sort-Object) -join "`n"
}

function Test-Sdk([string] $dotnet) {
    Push-Location $root
    try { $null = & $dotnet --version 2>$null; return $LASTEXITCODE -eq 0 } catch { return $false } finally { Pop-Location }
}

function Find-Sdk {
    $installed = Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($installed -and (Test-Sdk $installed.Source)) {
        $file = Get-Item $installed.Source
        return $(if ($file.LinkTarget) { $file.ResolveLinkTarget($true).FullName } else { $file.FullName })
    }

    $folder = Join-Path $root ".nuke/temp/dotnet-$(if ($onWindows) { 'win' } else { 'unix' })"
    $dotnet = Join-Path $folder "dotnet$suffix"
    if ((Test-Path $dotnet) -and (Test-Sdk $dotnet)) { return $dotnet }
    $version = (Get-Content -Raw (Join-Path $root 'global.json') | ConvertFrom-Json).sdk.version
    [Console]::Error.WriteLine("There is no .NET SDK for global.json ($version): installing it into $folder")
    $null = New-Item -ItemType Directory -Force $folder
    $script = Join-Path $folder $(if ($onWindows) { 'dotnet-install.ps1' } else { 'dotnet-install.sh' })
    Invoke-WebRequest "https://dot.net/v1/$(Split-Path -Leaf $script)" -OutFile $script
    if ($onWindows) { & $script -InstallDir $folder -Version $version -NoPath | Out-Null }
    else { & bash $script --install-dir $folder --version $version --no-path | Out-Null }
    return $dotnet
}

$before = if ((Test-Path $state) -and (Test-Path $program)) { Get-Content -Raw $state } else { '' }
$dotnet = ($before -split "`n")[0]
if (!$dotnet -or !(Test-Path $dotnet) -or (Get-State $dotnet) -ne $before) {
    $dotnet = Find-Sdk
    [Console]::Error.WriteLine('building RunnerBuild')
    # What changes while the compiler runs is not in this state, so the next run compiles again.
    $now = Get-State $dotnet
    $env:DOTNET_ROOT = Split-Path $dotnet
    & $dotnet build (Join-Path $root 'build/_build.csproj') -nologo -clp:NoSummary -verbosity:quiet -nodeReuse:false | ForEach-Object { [Console]::Error.WriteLine($_) }
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    [IO.File]::WriteAllText($state, $now)
}

$env:DOTNET_EXE = $dotnet
$env:DOTNET_ROOT = Split-Path $dotnet
& $program @args
exit $LASTEXITCODE
