namespace Lab.Tests.Proxmox;

public class SnapshotTests
{
    private const string Snapshots = "nodes/pve/qemu/250/snapshot";

    [Fact]
    public async Task Case_34_a_snapshot_is_listed_with_its_parent_and_a_name_can_be_used_once()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        await proxmox.CloneAsync();
        (await TakeAsync(proxmox, "clean")).ShouldBe("OK");
        (await TakeAsync(proxmox, "later")).ShouldBe("OK");
        (await TakeAsync(proxmox, "later")).ShouldBe("snapshot name 'later' already used");

        var list = (await proxmox.GetAsync(Snapshots)).Data.EnumerateArray().ToList();

        list.Select(entry => entry.GetProperty("name").GetString()).ShouldBe(["clean", "later", "current"]);
        list[1].GetProperty("parent").GetString().ShouldBe("clean");
        list[2].GetProperty("parent").GetString().ShouldBe("later");
        (await proxmox.PostAsync(Snapshots, ("snapname", "current"))).ShouldFail(500, "unable to use snapshot name 'current' (reserved name)");
        (await proxmox.PostAsync(Snapshots, ("snapname", "x"))).Error("snapname").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    public async Task Case_34_a_rollback_stops_the_machine_restores_its_configuration_and_starts_it_when_asked(string start, bool runs)
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        await TakeAsync(proxmox, "clean");
        await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/start"));
        await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/config", ("cores", "7"), ("description", "spoilt")));

        (await proxmox.EndOfAsync(await proxmox.PostAsync($"{Snapshots}/clean/rollback", ("start", start)))).ShouldBe("OK");

        var config = await proxmox.ConfigAsync(vm);
        config.GetProperty("cores").GetInt32().ShouldBe(2);
        config.TryGetProperty("description", out _).ShouldBeFalse();
        config.TryGetProperty("lock", out _).ShouldBeFalse();
        proxmox.Machines.Disks.ShouldBe(["take clean", "go back to clean"]);
        if (runs)
            await RunningDouble.UntilAsync(() => Task.FromResult(proxmox.Machines.Running.ContainsKey(250)));
        else
            proxmox.Machines.Running.ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_34_a_snapshot_that_is_not_there_fails_in_the_task()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        await proxmox.CloneAsync();
        await TakeAsync(proxmox, "clean");

        (await proxmox.EndOfAsync(await proxmox.PostAsync($"{Snapshots}/other/rollback"))).ShouldBe("snapshot 'other' does not exist");
        (await proxmox.EndOfAsync(await proxmox.DeleteAsync($"{Snapshots}/other"))).ShouldBe("snapshot 'other' does not exist");
        (await proxmox.EndOfAsync(await proxmox.DeleteAsync($"{Snapshots}/clean"))).ShouldBe("OK");
        (await proxmox.GetAsync(Snapshots)).Data.GetArrayLength().ShouldBe(1);
        proxmox.Machines.Disks.ShouldBe(["take clean", "delete clean"]);
    }

    private static async Task<string> TakeAsync(RunningDouble proxmox, string name) => await proxmox.EndOfAsync(await proxmox.PostAsync(Snapshots, ("snapname", name)));}
