using System.Diagnostics;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Everything that goes over the wire is allowed by Proxmox's published schema, which is not part of this project.</summary>
public sealed class SchemaTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("9.1", "pve-apischema.json")]
    [InlineData("8.4", "pve-apischema-8.4.json")]
    [InlineData("7.4", "pve-apischema-7.4.json")]
    public async Task Every_request_is_one_that_proxmox_knows(string version, string schema)
    {
        var reference = Reference();
        Assert.SkipWhen(reference is null, "No pve_check.py in $RUNNERBUILD_REFERENCE or in ../shared/reference beside the repository: the requests were not checked against the schema.");
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Version = version, Pools = ["gh-runners"] });
        var host = HostOf(Spec with { Pool = "gh-runners", Storage = "local-lvm" });
        cluster.Machines.Files["/etc/ssh/ssh_host_ed25519_key.pub"] = "ssh-ed25519 AAAA root@x";
        cluster.Machines.Files["/run/cloud-init/result.json"] = "{}";
        cluster.Wire.Loses = (_, request) => request.Path.EndsWith("/resize", StringComparison.Ordinal);
        await cluster.RunAsync(host, Cancel);
        cluster.Wire.Loses = (_, _) => false;
        await cluster.RunAsync(host, Cancel);
        (await cluster.Vms.HostKeysAsync(host, Cancel)).ShouldNotBeNull();
        await Should.ThrowAsync<RunnerBuildException>(() => cluster.RunAsync(HostOf(Spec with { VmId = 260, Storage = "nowhere" }), Cancel));

        var log = Path.GetTempFileName();
        await File.WriteAllLinesAsync(log, cluster.Wire.Requests.Select(request => request.LogLine), Cancel);
        using var check = Process.Start(new ProcessStartInfo("python3", [Path.Combine(reference, "pve_check.py"), "--schema", Path.Combine(reference, schema), log])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = await check.StandardOutput.ReadToEndAsync(Cancel) + await check.StandardError.ReadToEndAsync(Cancel);
        await check.WaitForExitAsync(Cancel);
        File.Delete(log);

        check.ExitCode.ShouldBe(0, said);
        cluster.Wire.Requests.Select(request => $"{request}").ShouldAllBe(line => !line.Contains(Wire.TokenSecret, StringComparison.Ordinal));
    }

    private static string? Reference()
    {
        if (Environment.GetEnvironmentVariable("RUNNERBUILD_REFERENCE") is { Length: > 0 } named)
            return File.Exists(Path.Combine(named, "pve_check.py")) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var beside = Path.Combine(folder.FullName, "..", "shared", "reference");
            if (File.Exists(Path.Combine(folder.FullName, "RunnerBuild.sln")) && File.Exists(Path.Combine(beside, "pve_check.py")))
                return Path.GetFullPath(beside);
        }

        return null;
    }
}
