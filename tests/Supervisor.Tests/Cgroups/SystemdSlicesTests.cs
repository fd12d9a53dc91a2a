using System.Diagnostics;
using Supervisor.Cgroups;

namespace Supervisor.Tests.Cgroups;

/// <summary>With a program in systemctl's place that takes down what it is asked.</summary>
public sealed class SystemdSlicesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rbsv-systemctl");

    public void Dispose() => folder.Delete(recursive: true);

    private SystemdSlices Slices(string then)
    {
        var program = Path.Combine(folder.FullName, "systemctl");
        File.WriteAllText(program, $"#!/bin/sh\necho \"$1 $2\" >> {folder.FullName}/asked\n{then}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new SystemdSlices(program) { Deadline = TimeSpan.FromSeconds(1) };
    }

    private string[] Asked => File.ReadAllLines($"{folder.FullName}/asked");

    [Fact]
    public void A_slice_has_no_hyphen_but_the_one_that_means_below() =>
        SystemdSlices.PathOf(SystemdSlices.NameOf("vm-1-3-abc")).ShouldBe("/githubrunners.slice/githubrunners-vm_1_3_abc.slice");

    [Fact]
    public async Task A_slice_that_cannot_be_limited_is_stopped()
    {
        var slices = Slices("""[ "$1" != set-property ] || { echo "no such property" >&2; exit 1; }""");
        (await Should.ThrowAsync<InvalidOperationException>(() => slices.OpenAsync(folder.FullName, "x.slice", new GroupLimits(1, 1, 1), CancellationToken.None)))
            .Message.ShouldContain("no such property");
        Asked.ShouldBe(["start x.slice", "set-property --runtime", "stop x.slice", "--no-reload revert"]);
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
