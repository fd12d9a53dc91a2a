using System.Collections.Immutable;
using Lab.Proxmox;
using Lab.Proxmox.Faults;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>A template from nothing but a cloud image's address.</summary>
public sealed class TemplateImageTests
{
    private const string Address = "https://cloud.example/debian-13.qcow2";

    private static readonly string Checksum = $"sha512:{new string('a', 128)}";

    private static readonly TemplateImage Image = new(new(9998, "debian-13-cloud", "node005", new(Address), Checksum, "local", "local-lvm", "vmbr0"));

    internal static readonly ProxmoxOptions Options = Cluster.Options with
    {
        Storages = [.. Cluster.Options.Storages.Select(storage => storage.Name == "local" ? storage with { Content = storage.Content.Add("import") } : storage)],
        Downloads = ImmutableDictionary<string, string>.Empty.Add(Address, Checksum),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("9.1")]
    [InlineData("8.4")]
    public async Task A_bare_cluster_gets_a_template_that_hosts_can_be_cloned_from(string version)
    {
        await using var cluster = await Cluster.StartAsync(Options with { Version = version, Guests = [] });

        await RunAsync(cluster, Cancel);

        cluster.Writes.Select(write => $"{write.Method} {write.Path["/api2/json/nodes/node005".Length..]}").ShouldBe(["POST /storage/local/download-url", "POST /qemu", "POST /qemu/9998/template"]);
        cluster.Wire.Forget();
        await RunAsync(cluster, Cancel);
        cluster.Writes.ShouldBeEmpty();
        await cluster.RunAsync(HostOf(Spec with { Template = 9998 }), Cancel);
        (await cluster.RunAsync(HostOf(Spec with { Template = 9998 }), Cancel)).ShouldBeEmpty();
        (await cluster.ConfigAsync(Cancel))["serial0"].ShouldBe("socket");
        (await cluster.ConfigAsync(Cancel))["ide2"].ShouldContain("cloudinit");
    }

    [Fact]
    public async Task A_run_killed_after_any_request_is_gone_on_with()
    {
        var last = false;
        for (var request = 0; !last; request++)
        {
            await using var cluster = await Cluster.StartAsync(Options with { Guests = [] });
            using var killed = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            cluster.Wire.Loses = (number, _) =>
            {
                if (number >= request)
                    killed.Cancel();
                return number >= request;
            };
            last = await EndsAsync(RunAsync(cluster, killed.Token));
            cluster.Wire.Loses = (_, _) => false;

            await EventuallyAsync(cluster);

            TemplateImagePlan.Diff(Image, await FactsAsync(cluster)).ShouldBeEmpty($"killed after {request}");
            (await cluster.GuestsAsync(Cancel)).ShouldBe(1);
            request.ShouldBeLessThan(60);
        }
    }

    [Fact]
    public async Task An_image_that_is_not_the_published_one_is_refused_by_the_node()
    {
        await using var cluster = await Cluster.StartAsync(Options with { Guests = [], Downloads = Options.Downloads.SetItem(Address, $"sha512:{new string('b', 128)}") });

        (await Should.ThrowAsync<ProxmoxException>(() => RunAsync(cluster, Cancel))).Why.ShouldContain("checksum mismatch");

        (await cluster.GuestsAsync(Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task An_import_that_fails_leaves_nothing_and_the_image_is_not_downloaded_again()
    {
        await using var cluster = await Cluster.StartAsync(Options with { Guests = [] });
        cluster.Faults.Add(new(FaultKind.TaskFails, "qmcreate", "no space left on device"));
        (await Should.ThrowAsync<ProxmoxException>(() => RunAsync(cluster, Cancel))).Fix.ShouldContain("Free space");

        await RunAsync(cluster, Cancel);

        cluster.Writes.Count(write => write.Path.EndsWith("/download-url", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void What_is_there_and_not_from_here_is_refused_and_another_image_is_said()
    {
        var free = new TemplateImageFacts(new(9, 1), true, null, null, false);
        var ours = ImmutableSortedDictionary<string, string>.Empty.Add("description", Image.Description).Add("template", "1").Add("name", "debian-13-cloud");

        TemplateImagePlan.Diff(Image, free with { IsFree = false, Config = ours }).ShouldBeEmpty();
        TemplateImagePlan.Diff(Image, free with { IsFree = false, Config = ours.Remove("template") }).ShouldHaveSingleItem().Steps.Single().ShouldBe(new MakeTemplate(Image.Id));
        TemplateImagePlan.Note(Image, free with { Config = ours }).ShouldBeNull();
        TemplateImagePlan.Note(Image, free with { Config = ours.SetItem("description", "runnerbuild-template: sha512:bbbb") }).ShouldNotBeNull().ShouldContain("another image");
        Refusal(free with { IsFree = false, Config = ours.SetItem("description", "Ann's") }).ShouldContain("`debian-13-cloud`, which was not made here");
        Refusal(free with { IsFree = false, Elsewhere = new(9998, "lxc", "node006", "dns", "", false, null) }).ShouldContain("container `dns` on node node006");
        Refusal(free with { IsFree = false }).ShouldContain("VM.Audit on /vms/9998");
        Refusal(free with { Release = new(7, 4) }).ShouldContain("qm create 9998");
    }

    internal static async Task RunAsync(Cluster cluster, CancellationToken cancel)
    {
        foreach (var step in TemplateImagePlan.Diff(Image, await FactsAsync(cluster, cancel)).SelectMany(change => change.Steps).OfType<VirtualMachineStep>())
            await cluster.Vms.RunOrLookUpAsync(step, cluster.Told, cancel);
    }

    private static Task<TemplateImageFacts> FactsAsync(Cluster cluster, CancellationToken? cancel = null) =>
        TemplateImageFacts.OfAsync(cluster.Client, cluster.Vms.Observation, Image, cancel ?? Cancel);

    private static string Refusal(TemplateImageFacts have)
    {
        var change = TemplateImagePlan.Diff(Image, have).ShouldHaveSingleItem();
        change.Steps.ShouldBeEmpty();
        return change.Refusal.ShouldNotBeNull();
    }

    // What a killed run started goes on for a moment.
    private static async Task EventuallyAsync(Cluster cluster)
    {
        for (var tries = 0; ; tries++)
        {
            if (await EndsAsync(RunAsync(cluster, Cancel)) && TemplateImagePlan.Diff(Image, await FactsAsync(cluster)).Count == 0)
                return;
            tries.ShouldBeLessThan(100);
            await Task.Delay(20, Cancel);
        }
    }

    private static async Task<bool> EndsAsync(Task run)
    {
        try
        {
            await run;
            return true;
        }
        catch (Exception broken) when (broken is OperationCanceledException or RunnerBuildException)
        {
            return false;
        }
    }
}
