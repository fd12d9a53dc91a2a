using System.Text.Json;
using System.Text.Json.Nodes;
using Lab.Proxmox.Faults;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>What becomes of values on their way to Proxmox and back, and what Proxmox refuses.</summary>
public sealed class WritingTests
{
    private const string Config = "/nodes/node005/qemu/250/config";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Case_21_the_same_values_once_more_change_nothing()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        var written = cluster.ConfigWrites.Single();
        var before = await cluster.ConfigAsync(Cancel);

        await cluster.WriteAsync(ProxmoxCall.Post(Config, Fields(written.Body).Where(field => field.Key != "digest"), "again"), Cancel);

        (await cluster.ConfigAsync(Cancel))["digest"].ShouldBe(before["digest"]);
    }

    [Fact]
    public async Task Case_22_a_card_keeps_its_address_whatever_of_it_changes()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Bridges = ["vmbr0", "vmbr1"] });
        await cluster.RunAsync(Host, Cancel);
        var mac = PropertyString.Parse((await cluster.ConfigAsync(Cancel))["net0"], "model")["virtio"].ShouldNotBeNull();

        await cluster.RunAsync(HostOf(Spec with { Bridge = "vmbr1", Vlan = 12 }), Cancel);
        (await cluster.ConfigAsync(Cancel))["net0"].ShouldBe($"virtio={mac},bridge=vmbr1,tag=12");
        await cluster.RunAsync(HostOf(Spec with { Vlan = 0 }), Cancel);
        (await cluster.ConfigAsync(Cancel))["net0"].ShouldBe($"virtio={mac},bridge=vmbr0");
        cluster.ConfigWrites.SelectMany(write => Fields(write.Body)).Where(field => field.Key == "net0").ShouldAllBe(field => field.Value.Contains(mac, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cases_13_and_24_keys_and_descriptions_come_back_as_they_were_written()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        await cluster.WriteAsync(ProxmoxCall.Post(Config, [new("description", "Größe & Zweck; a=b+c\nzweite Zeile\nrunnerbuild: gh-runner-01")], "note"), Cancel);

        (await cluster.RunAsync(Host, Cancel)).ShouldBeEmpty();

        (await cluster.ConfigAsync(Cancel))["description"].ShouldBe("Größe & Zweck; a=b+c\nzweite Zeile\nrunnerbuild: gh-runner-01");
        Uri.UnescapeDataString((await cluster.ConfigAsync(Cancel))["sshkeys"]).ShouldBe($"{FirstKey}\n{SecondKey}");
        cluster.ConfigWrites[0].Body.ShouldContain("%2520");
    }

    [Theory]
    [InlineData("ssh-ed25519 AAAA me")]
    [InlineData("ssh-ed25519+AAAA+me")]
    public async Task Case_13_keys_that_are_not_encoded_are_refused(string value)
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);

        var refused = await Should.ThrowAsync<ProxmoxException>(() => cluster.WriteWronglyAsync(ProxmoxCall.Post(Config, [new("sshkeys", value)], "set keys"), Cancel));

        (refused.Fault, refused.Why.Contains("invalid urlencoded string", StringComparison.Ordinal)).ShouldBe((ProxmoxFault.BadRequest, true));
    }

    [Fact]
    public async Task Case_13_keys_that_are_no_keys_are_refused()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);

        var refused = await Should.ThrowAsync<ProxmoxException>(() => cluster.WriteAsync(ProxmoxCall.Post(Config, [new("sshkeys", "not%20a%20key")], "set keys"), Cancel));

        (refused.Fault, refused.Why.Contains("SSH public key validation error", StringComparison.Ordinal)).ShouldBe((ProxmoxFault.Other, true));
    }

    [Fact]
    public async Task Case_26_deleting_what_is_not_set_is_no_error_and_an_unknown_key_is()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);

        await cluster.WriteAsync(ProxmoxCall.Put(Config, [new("delete", "startup")], "delete"), Cancel);
        var refused = await Should.ThrowAsync<ProxmoxException>(() => cluster.WriteAsync(ProxmoxCall.Put(Config, [new("delete", "nonsense")], "delete"), Cancel));

        (refused.Fault, refused.Why).ShouldBe((ProxmoxFault.BadRequest, $"Parameter verification failed. delete: unknown option 'nonsense' (status 400, PUT {Config})"));
    }

    [Theory]
    [InlineData("cdrom", "ide2", "you can't resize a cdrom")]
    [InlineData("absent", "scsi7", "disk 'scsi7' does not exist")]
    public async Task Case_27_disks_that_cannot_grow_are_named(string why, string disk, string reason)
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);

        var refused = await Should.ThrowAsync<ProxmoxException>(() =>
            cluster.WriteAsync(ProxmoxCall.Put("/nodes/node005/qemu/250/resize", [new("disk", disk), new("size", "+1G")], $"resize the {why}"), Cancel));

        refused.Why.ShouldContain(reason);
    }

    [Fact]
    public async Task Case_41_a_node_or_cluster_that_is_not_there_is_told_with_what_to_do()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        (await Should.ThrowAsync<ProxmoxException>(() => cluster.Client.GetAsync("/nodes/nowhere/qemu/250/config", "read", Cancel))).Fault.ShouldBe(ProxmoxFault.NoSuchNode);

        cluster.Faults.Add(new(FaultKind.NoQuorum));
        var lost = await Should.ThrowAsync<ProxmoxException>(() => cluster.RunAsync(HostOf(Spec with { Cores = 3 }), Cancel));
        (lost.Fault, lost.Fix.Contains("pvecm status", StringComparison.Ordinal)).ShouldBe((ProxmoxFault.NoQuorum, true));

        cluster.Faults.Clear();
        cluster.Faults.Add(new(FaultKind.NodeOffline, Text: "node005"));
        cluster.Wire.Forget();
        (await Should.ThrowAsync<ProxmoxException>(() => cluster.RunAsync(Host, Cancel))).Why.ShouldContain("status 595");
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_42_numbers_may_come_as_text_and_text_as_numbers()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        cluster.Wire.Turned = text => text.Length > 0 ? AsText(JsonNode.Parse(text))!.ToJsonString() : text;
        cluster.Wire.Forget();

        (await cluster.RunAsync(Host, Cancel)).ShouldBeEmpty();

        cluster.Writes.ShouldBeEmpty();
    }

    private static JsonNode? AsText(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, AsText(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(AsText)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => JsonValue.Create(value.ToJsonString()),
        _ => node?.DeepClone(),
    };

    private static IEnumerable<KeyValuePair<string, string>> Fields(string body) => body.Split('&').Select(pair => pair.Split('='))
        .Select(pair => KeyValuePair.Create(pair[0], Uri.UnescapeDataString(pair[1].Replace('+', ' '))));
}
