using System.Collections.Immutable;
using System.Security.Cryptography;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild;

/// <summary>One host during one run: its connection, opened when first needed, and what is known of it until something is changed.</summary>
internal sealed class HostSession(Host host, HostKeyPins pins, SecretStore secrets, string? acceptedKey) : IAsyncDisposable
{
    // Hosts ask one another, and none is to be connected to twice.
    private readonly SemaphoreSlim _connecting = new(1), _looking = new(1);
    private SshMachine? _machine;
    private HostFacts? _facts;

    private ImmutableArray<Pool> _candidates = [];

    public Host Host => _candidates.IsEmpty ? host : host with { Pools = [.. host.Pools, .. _candidates] };

    public string Name => host.Name;

    /// <summary>Pools that are there for a moment, to prove an image in; no fleet file names them.</summary>
    public ImmutableArray<Pool> Candidates
    {
        get => _candidates;
        set
        {
            _candidates = value;
            Forget();
        }
    }

    /// <summary>The image that the host's own pools stay on while another one is proved, or after it failed them; null: they get what the lock says.</summary>
    public string? Kept { get; set; }

    /// <summary>Slots that a rollout waits for alone; null: for every slot.</summary>
    public ImmutableHashSet<string>? Awaited { get; set; }

    /// <summary>Held for as long as this run alone may change the host's runners; null: it is not.</summary>
    public HostGuard? Guard { get; set; }

    /// <summary>What this run's file hashes are salted with.</summary>
    public string Nonce { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Why later targets of a dry run cannot be planned yet; null when they can.</summary>
    public string? UnknownUntil { get; set; }

    /// <summary>The supervisor has its orders and this run does not wait for what it makes of them.</summary>
    public bool HandedOver { get; set; }

    /// <summary>What must be right before anything is changed on the host, or for it; null: nothing.</summary>
    public Func<CancellationToken, Task>? BeforeChanges { get; init; }

    /// <summary>The user names a host key to trust in this run.</summary>
    public bool AcceptsKey => acceptedKey is not null;

    /// <summary>The same host where it still is, before it moves to the fleet's address.</summary>
    public HostSession At(string address) => new(host with { Ssh = host.Ssh with { Address = address } }, pins, secrets, acceptedKey);

    public async Task<SshMachine> MachineAsync(CancellationToken cancel)
    {
        await _connecting.WaitAsync(cancel);
        try
        {
            if (_machine is { IsConnected: false })
            {
                await _machine.DisposeAsync();
                _machine = null;
            }

            return _machine ??= await SshConnection.OpenAsync(
                Host.Ssh, Host.Ssh.Passphrase is { } reference ? await secrets.FetchAsync(reference, cancel) : null, pins, acceptedKey, cancel);
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Before the machine goes down: the next question opens a new connection.</summary>
    public async Task DisconnectAsync()
    {
        Forget();
        Guard?.Dispose();
        Guard = null;
        if (_machine is not null)
            await _machine.DisposeAsync();
        _machine = null;
    }

    /// <summary>As Debian calls it; null: not known yet.</summary>
    public string? Architecture { get; private set; }

    public async Task<HostFacts> FactsAsync(CancellationToken cancel)
    {
        await _looking.WaitAsync(cancel);
        try
        {
            _facts ??= await HostFactsReader.ReadAsync(await MachineAsync(cancel), Questions, Nonce, cancel);
            Architecture = _facts.Architecture;
            return _facts;
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <summary>To be called after each change: what was known may no longer be so.</summary>
    public void Forget() => _facts = null;

    private Questions Questions => new(
        HostBaseline.Files.Concat(RunnerDeployment.Files(Host)).Concat(HostRemoval.Files).ToHashSet(),
        HostBaseline.Units.Append(HostPaths.ServiceUnit).ToHashSet(),
        EnginePackages.All.ToHashSet(),
        new HashSet<string> { HostBaseline.Account, RunnerDeployment.Operators })
    {
        Texts = HostBaseline.Texts.Concat(RunnerDeployment.Texts).ToHashSet(),
        Images = ImagePlan.Pulled(Host).ToHashSet(),
    };

    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();
        _connecting.Dispose();
        _looking.Dispose();
    }
}
