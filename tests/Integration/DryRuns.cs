using Integration.Running;

namespace Integration;

/// <summary>What `--dry-run` does where a target is no part of the chain, on a project that has no lab.</summary>
public sealed class DryRuns : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("runnerbuild-dry-").FullName;
    private readonly string _fleet;

    public DryRuns()
    {
        ProgramRoot.Make(_root, Path.Combine(_root, "lab"));
        _fleet = Path.Combine(_root, "fleet.yml");
        // Nobody answers on these ports, and the lab's folder is not there.
        File.WriteAllText(_fleet, """
            lab: { subnet: 198.18.99.0/24, ports: { proxmox: 28971, github: 28972, registry: 28973 } }
            github: { org: acme, credential: { env: T } }
            hosts: { one: { address: 198.18.99.11, ssh: { key: id } } }
            """);
    }

    [Fact]
    public async Task A_lab_that_is_down_would_be_started()
    {
        var ended = await BuildAsync("LabUp", "--fleet", _fleet);

        ended.ExitCode.ShouldBe(3, ended.Output);
        ended.Output.ShouldContain("would be started in 198.18.99.0/24");
        Directory.Exists(Path.Combine(_root, "lab")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_lab_that_is_there_would_be_removed()
    {
        var state = Directory.CreateDirectory(Path.Combine(_root, "lab")).FullName;
        File.WriteAllText(Path.Combine(state, "file"), "mine");

        var ended = await BuildAsync("LabDown");

        ended.ExitCode.ShouldBe(3, ended.Output);
        ended.Output.ShouldContain("would be removed");
        File.ReadAllText(Path.Combine(state, "file")).ShouldBe("mine");
    }

    [Fact]
    public async Task What_only_looks_starts_no_lab_to_look_at()
    {
        using var run = BuildProcess.Start(_root, ["Verify", "--skip", "--fleet", _fleet]);
        var ended = await run.EndAsync(TestContext.Current.CancellationToken);

        ended.ExitCode.ShouldBe(1, ended.Output);
        ended.Output.ShouldContain("The lab is down.");
        Directory.Exists(Path.Combine(_root, "lab")).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_no_lab_nothing_would_be_removed() => (await BuildAsync("LabDown")).ExitCode.ShouldBe(0);

    [Fact]
    public async Task A_job_has_no_dry_run()
    {
        var ended = await BuildAsync("LabJob", "--script", "true");

        ended.ExitCode.ShouldBe(2, ended.Output);
        ended.Output.ShouldContain("LabJob has no dry run");
    }

    [Fact]
    public async Task A_job_that_cannot_be_queued_is_told_without_a_stack()
    {
        using var run = BuildProcess.Start(_root, ["LabJob", "--script", "true"]);
        var ended = await run.EndAsync(TestContext.Current.CancellationToken);

        ended.ExitCode.ShouldBe(1, ended.Output);
        ended.Output.ShouldContain("The job came to no conclusion.");
        ended.Output.ShouldContain("The lab is not up");
        ended.Output.ShouldNotContain("   at ");
    }

    private async Task<Ended> BuildAsync(params string[] arguments)
    {
        using var run = BuildProcess.Start(_root, [.. arguments, "--dry-run"]);
        return await run.EndAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
