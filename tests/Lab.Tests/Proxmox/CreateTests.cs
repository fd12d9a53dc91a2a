using Lab.Proxmox;

namespace Lab.Tests.Proxmox;

/// <summary>Machines that are no clones, templates, downloads and pools.</summary>
public class CreateTests
{
    private const string Image = "https://cloud.example/image.qcow2";
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task An_image_is_downloaded_compared_and_imported_into_a_machine_that_becomes_a_template()
    {
        await using var proxmox = await StartAsync();
        (await proxmox.EndOfAsync(await DownloadAsync(proxmox, Digest.Replace('0', '1')))).ShouldBe($"checksum mismatch: got '{Digest}' != expect '{Digest.Replace('0', '1')}'");
        (await proxmox.EndOfAsync(await DownloadAsync(proxmox, Digest))).ShouldBe("OK");
        (await DownloadAsync(proxmox, Digest)).ShouldFail(500, "refusing to override existing file 'image.qcow2'");
        (await proxmox.GetAsync("nodes/pve/storage/local/content?content=import")).Body.ShouldContain("local:import/image.qcow2");

        (await proxmox.EndOfAsync(await CreateAsync(proxmox, "local:import/image.qcow2"))).ShouldBe("OK");
        (await proxmox.EndOfAsync(await proxmox.PostAsync("nodes/pve/qemu/800/template"))).ShouldBe("OK");

        var config = await proxmox.ConfigAsync("nodes/pve/qemu/800");
        config.GetProperty("scsi0").GetString().ShouldBe("local-lvm:base-800-disk-0,size=3G");
        config.GetProperty("template").GetInt32().ShouldBe(1);
        (await proxmox.PostAsync("nodes/pve/qemu/800/template")).ShouldFail(500, "you can't convert a template to a template");
        (await CreateAsync(proxmox, "local:import/image.qcow2")).ShouldFail(500, "unable to create VM 800 - VM 800 already exists on node 'pve'");
    }

    [Fact]
    public async Task Of_two_calls_for_one_id_the_second_is_refused_at_once()
    {
        await using var proxmox = await StartAsync();
        await proxmox.EndOfAsync(await DownloadAsync(proxmox, Digest));

        var answers = await Task.WhenAll(CreateAsync(proxmox, "local:import/image.qcow2"), CreateAsync(proxmox, "local:import/image.qcow2"));

        answers.Select(answer => answer.Status).Order().ShouldBe([200, 500]);
        (await proxmox.EndOfAsync(answers.Single(answer => answer.Status == 200))).ShouldBe("OK");
        (await proxmox.GetAsync("nodes/pve/qemu")).Data.EnumerateArray().Count(guest => guest.GetProperty("vmid").GetInt32() == 800).ShouldBe(1);
    }

    [Theory]
    [InlineData("local:import/absent.qcow2", 500)]
    [InlineData("/root/image.qcow2", 500)]
    [InlineData("local:iso/image.img", 400)]
    public async Task What_cannot_be_imported_is_refused(string source, int status)
    {
        await using var proxmox = await StartAsync();

        (await CreateAsync(proxmox, source)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_guest_moves_between_pools_only_when_that_is_said()
    {
        await using var proxmox = await RunningDouble.StartAsync(options => options with { Pools = ["a", "b"] });
        await proxmox.CloneAsync(250, ("pool", "a"));

        (await proxmox.PutAsync("pools/b", ("vms", "250"))).ShouldFail(500, "VM 250 belongs already to pool 'a', and 'allow-move' is not set");
        (await proxmox.PutAsync("pools/b", ("vms", "250"), ("allow-move", "1"))).Status.ShouldBe(200);
        (await proxmox.GetAsync("cluster/resources?type=vm")).Body.ShouldContain("\"pool\":\"b\"");
        (await proxmox.PutAsync("pools/c", ("vms", "250"))).ShouldFail(500, "pool 'c' does not exist");
    }

    [Fact]
    public async Task A_balloon_larger_than_the_memory_is_refused()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();

        (await proxmox.PutAsync($"{vm}/config", ("balloon", "5000"))).ShouldFail(500, "balloon value too large (must be smaller than assigned memory)");
        (await proxmox.PutAsync($"{vm}/config", ("balloon", "2048"))).Status.ShouldBe(200);
        (await proxmox.PutAsync($"{vm}/config", ("memory", "1024"))).Status.ShouldBe(500);
    }

    private static Task<Answer> DownloadAsync(RunningDouble proxmox, string digest) => proxmox.PostAsync(
        "nodes/pve/storage/local/download-url", ("content", "import"), ("filename", "image.qcow2"), ("url", Image), ("checksum", digest), ("checksum-algorithm", "sha256"));

    private static Task<Answer> CreateAsync(RunningDouble proxmox, string source) => proxmox.PostAsync(
        "nodes/pve/qemu", ("vmid", "800"), ("name", "made"), ("scsi0", $"local-lvm:0,import-from={source}"), ("ide2", "local-lvm:cloudinit"));

    private static Task<RunningDouble> StartAsync() => RunningDouble.StartAsync(options => options with
    {
        Storages = [.. Storage.Defaults.Select(storage => storage.Name == "local" ? storage with { Content = storage.Content.Add("import") } : storage)],
        Downloads = options.Downloads.Add(Image, $"sha256:{Digest}"),
    });
}
