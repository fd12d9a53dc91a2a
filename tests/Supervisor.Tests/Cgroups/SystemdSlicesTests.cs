using System.Diagnostics;
using Supervisor.Cgroups;

namespace Supervisor.Tests.Cgroups;

/// <summary>With programs in systemd's place that take down what they are asked.</summary>
public sealed class SystemdSlicesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rbsv-systemctl");

    public void Dispose() => folder.Delete(recursive: true);

    private SystemdSlices Slices(string then)
    {
        return new SystemdSlices(Program("systemctl", then), Program("busctl", then)) { Deadline = TimeSpan.FromSeconds(1) };
    }

    private string Program(string name, string then)
    {
        var program = Path.Combine(folder.FullName, name);
        File.WriteAllText(program, $"#!/bin/sh\necho \"$@\" >> {folder.FullName}/asked\n{then}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return program;
    }

    private string[] Asked => File.ReadAllLines($"{folder.FullName}/asked");

    [Fact]
    public void A_slice_has_no_hyphen_but_the_one_that_means_below() =>
        SystemdSlices.PathOf(SystemdSlices.NameOf("vm-1-3-abc")).ShouldBe("/githubrunners.slice/githubrunners-vm_1_3_abc.slice");

    [Fact]
    public async Task A_slice_that_cannot_be_limited_is_stopped()
    {
        var slices = Slices("""[ "$1" != call ] || { echo "no such property" >&2; exit 1; }""");
        (await Should.ThrowAsync<InvalidOperationException>(() => slices.OpenAsync(folder.FullName, "x.slice", new GroupLimits(1.5, 7, 1), CancellationToken.None)))
            .Message.ShouldContain("no such property");
        Asked.ShouldBe(
        [
            "call --quiet org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager StartTransientUnit ssa(sv)a(sa(sv)) x.slice fail "
                + "9 Description s Job of x.slice CPUAccounting b true IOAccounting b true MemoryAccounting b true TasksAccounting b true "
                + "CPUQuotaPerSecUSec t 1500000 MemoryMax t 7 MemorySwapMax t 0 TasksMax t 1 0",
            "stop x.slice",
        ]);
    }

    [Fact]
    public async Task A_systemd_that_does_not_answer_holds_nobody_up()
    {
        var slices = Slices("""[ "$1" != start ] || exec sleep 30""");
        var watch = Stopwatch.StartNew();
        (await Should.ThrowAsync<InvalidOperationException>(() => slices.OpenAsync(folder.FullName, "x.slice", new GroupLimits(null, null, null), CancellationToken.None)))
            .Message.ShouldContain("did not end within 1 s");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_runners_of_slices_are_known_by_their_folders()
    {
        Directory.CreateDirectory($"{folder.FullName}/githubrunners.slice/githubrunners-vm_1_3_abc.slice/docker-1.scope");
        Directory.CreateDirectory($"{folder.FullName}/githubrunners.slice/other.slice");
        File.WriteAllText($"{folder.FullName}/cgroup.controllers", "");
        SystemdSlices.Runners(folder.FullName).ShouldBe(["vm_1_3_abc"]);
    }
}
