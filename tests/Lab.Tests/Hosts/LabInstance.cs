using System.Net;
using Lab.Hosts;
using Lab.Setup;
using Lab.Tests.Setup;

namespace Lab.Tests.Hosts;

/// <summary>A lab of the tests' own, beside any other on this machine; what an earlier, killed run left of it goes first.</summary>
public sealed class LabInstance : IAsyncLifetime
{
    private static readonly string State = Path.Combine(Path.GetTempPath(), "runnerbuild-lab-test");
    private static readonly string[] Identity = ["--state", State, "--name", "runnerbuild-lab-test"];

    private static readonly string[] Up =
    [
        "up", .. Identity, "--subnet", "198.18.93.0/24", "--proxmox-port", "29006", "--github-port", "29080", "--registry-port", "29050",
        "--control-port", "29081", "--repository", Repository(),
    ];

    internal LabOptions Options { get; } = new("runnerbuild-lab-test", State, IPNetwork.Parse("198.18.93.0/24"), new(29006, 29080, 29050, 29081));

    internal LabFiles Files { get; } = new(State);

    internal ContainerMachines Machines => new(Options, VmImage.Tag(Options));

    public async ValueTask InitializeAsync()
    {
        await DownAsync();
        (await UpAsync()).ExitCode.ShouldBe(0);
    }

    public async ValueTask DisposeAsync() => await DownAsync();

    internal static async Task<CommandResult> UpAsync()
    {
        var result = await LabProgram.RunAsync(Up, CancellationToken.None);
        result.Error.ShouldBeEmpty();
        return result;
    }

    internal static async Task<CommandResult> DownAsync()
    {
        var result = await LabProgram.RunAsync(["down", .. Identity], CancellationToken.None);
        result.Error.ShouldBeEmpty();
        return result;
    }

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "RunnerBuild.sln")))
            directory = directory.Parent;
        return directory.FullName;
    }
}
