using Lab.Proxmox;
using Lab.Proxmox.Access;

namespace Lab.Tests.Proxmox;

public class PermissionTests
{
    private const string Maker = "runner@pve!maker";
    private static readonly GuestSeed Foreign = new(300, "pve", "qemu", GuestSeed.DebianTemplate(300, "pve").Config.Remove("template"));

    [Fact]
    public async Task Case_04_a_missing_privilege_is_told_with_path_and_name_before_parameters_and_existence()
    {
        await using var proxmox = await StartAsync();
        using var maker = proxmox.ClientWith($"PVEAPIToken={Maker}=x");
        (await proxmox.SendAsync(HttpMethod.Get, "nodes/pve/qemu/777/config?nonsense=1", client: maker)).ShouldFail(
            403,
            "Permission check failed (/vms/777, VM.Audit)"
        );
        (await proxmox.SendAsync(HttpMethod.Post, "nodes/pve/qemu/300/clone", client: maker)).ShouldFail(
            403,
            "Permission check failed (/vms/300, VM.Clone)"
        );
        (await proxmox.SendAsync(HttpMethod.Post, "nodes/pve/qemu/9999/clone", RunningDouble.Form(("newid", "400")), maker)).ShouldFail(
            403,
            "Permission check failed"
        );
    }

    [Fact]
    public async Task Case_04_every_key_of_the_configuration_asks_for_its_own_privilege()
    {
        await using var proxmox = await StartAsync(
            new AclEntry("/vms/300", "runner@pve", "Limited"),
            new AclEntry("/vms/300", Maker, "Limited")
        );
        using var maker = proxmox.ClientWith($"PVEAPIToken={Maker}=x");
        Task<Answer> Put(string key, string value) =>
            proxmox.SendAsync(HttpMethod.Put, "nodes/pve/qemu/300/config", RunningDouble.Form((key, value)), maker);
        (await Put("cores", "3")).Status.ShouldBe(200);
        (await Put("memory", "1024")).ShouldFail(403, "Permission check failed (/vms/300, VM.Config.Memory)");
        (await Put("net0", "virtio,bridge=vmbr0")).ShouldFail(403, "Permission check failed (/vms/300, VM.Config.Network)");
        (await Put("ciuser", "me")).ShouldFail(403, "Permission check failed (/vms/300, VM.Config.Cloudinit|VM.Config.Network)");
        (await Put("args", "-x")).ShouldFail(500, "only root can set 'args' config");
    }

    [Fact]
    public async Task Case_05_lists_hide_guests_without_audit_and_nextid_does_not()
    {
        await using var proxmox = await StartAsync();
        using var maker = proxmox.ClientWith($"PVEAPIToken={Maker}=x");
        var seen = await proxmox.SendAsync(HttpMethod.Get, "cluster/resources?type=vm", client: maker);
        seen.Data.EnumerateArray().Select(guest => guest.GetProperty("vmid").GetInt32()).ShouldBe([9999]);
        var all = await proxmox.GetAsync("cluster/resources?type=vm");
        all.Data.EnumerateArray().Select(guest => guest.GetProperty("id").GetString()).ShouldBe(["qemu/9999", "qemu/300"]);
        var taken = await proxmox.SendAsync(HttpMethod.Get, "cluster/nextid?vmid=300", client: maker);
        taken.Error("vmid").ShouldBe("VM 300 already exists\n");
    }

    [Fact]
    public async Task Case_47_a_clone_into_a_pool_is_out_of_reach_until_its_task_ends()
    {
        await using var proxmox = await StartAsync();
        using var maker = proxmox.ClientWith($"PVEAPIToken={Maker}=x");
        var clone = RunningDouble.Form(("newid", "250"), ("full", "1"), ("pool", "runners"));
        var started = await proxmox.SendAsync(HttpMethod.Post, "nodes/pve/qemu/9999/clone", clone, maker);
        (await proxmox.SendAsync(HttpMethod.Get, "nodes/pve/qemu/250/config", client: maker)).ShouldFail(
            403,
            "Permission check failed (/vms/250, VM.Audit)"
        );
        (await proxmox.EndOfAsync(started)).ShouldBe("OK");
        (await proxmox.SendAsync(HttpMethod.Get, "nodes/pve/qemu/250/config", client: maker)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Case_35_destroying_a_guest_removes_its_access_rule_but_not_its_pools()
    {
        await using var proxmox = await StartAsync(
            new AclEntry("/vms/250", "runner@pve", "PVEVMAdmin"),
            new AclEntry("/vms/250", Maker, "PVEVMAdmin")
        );
        using var maker = proxmox.ClientWith($"PVEAPIToken={Maker}=x");
        Task<Answer> Clone(params (string, string)[] more) =>
            proxmox.SendAsync(
                HttpMethod.Post,
                "nodes/pve/qemu/9999/clone",
                RunningDouble.Form([("newid", "250"), ("full", "1"), .. more]),
                maker
            );
        (await proxmox.EndOfAsync(await Clone())).ShouldBe("OK");
        (await proxmox.EndOfAsync(await proxmox.SendAsync(HttpMethod.Delete, "nodes/pve/qemu/250?purge=1", client: maker))).ShouldBe("OK");
        (await Clone()).ShouldFail(403, "Permission check failed");
        (await proxmox.EndOfAsync(await Clone(("pool", "runners")))).ShouldBe("OK");
    }

    [Fact]
    public async Task A_token_sees_its_own_privileges_and_its_own_tasks_only()
    {
        await using var proxmox = await StartAsync();
        using var maker = proxmox.ClientWith($"PVEAPIToken={Maker}=x");
        var own = (await proxmox.SendAsync(HttpMethod.Get, "access/permissions?path=/vms/9999", client: maker)).Data.GetProperty(
            "/vms/9999"
        );
        own.EnumerateObject().Select(privilege => privilege.Name).Order().ShouldBe(["VM.Audit", "VM.Clone"]);
        var upid = Uri.EscapeDataString((await proxmox.PostAsync("nodes/pve/qemu/300/status/stop")).Data.GetString()!);
        (await proxmox.SendAsync(HttpMethod.Get, $"nodes/pve/tasks/{upid}/status", client: maker)).ShouldFail(
            403,
            "Permission check failed (/nodes/pve, Sys.Audit)"
        );
        (await proxmox.SendAsync(HttpMethod.Get, "nodes/pve/tasks?source=all", client: maker)).Data.GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_token_without_rights_sees_nothing_at_all()
    {
        await using var proxmox = await StartAsync();
        using var nobody = proxmox.ClientWith("PVEAPIToken=runner@pve!nobody=x");
        (await proxmox.SendAsync(HttpMethod.Get, "access/permissions", client: nobody)).Data.EnumerateObject().ShouldBeEmpty();
        (await proxmox.SendAsync(HttpMethod.Get, "cluster/resources?type=vm", client: nobody)).Data.GetArrayLength().ShouldBe(0);
        (await proxmox.SendAsync(HttpMethod.Get, "nodes/pve/storage", client: nobody)).Data.GetArrayLength().ShouldBe(0);
    }

    private static Task<RunningDouble> StartAsync(params AclEntry[] more) =>
        RunningDouble.StartAsync(options =>
            options with
            {
                Guests = options.Guests.Add(Foreign),
                Pools = ["runners"],
                Users = [.. options.Users, new("runner@pve", null)],
                Tokens =
                [
                    .. options.Tokens,
                    new(Maker, "x", PrivilegeSeparation: true),
                    new("runner@pve!nobody", "x", PrivilegeSeparation: true),
                ],
                Roles = options.Roles.Add("Limited", ["VM.Audit", "VM.Config.CPU"]),
                Acl =
                [
                    .. Both("/pool/runners", "PVEVMAdmin"),
                    .. Both("/vms/9999", "PVETemplateUser"),
                    .. Both("/storage/local-lvm", "PVEDatastoreUser"),
                    .. Both("/sdn/zones/localnetwork", "PVESDNUser"),
                    .. more,
                ],
            }
        );

    private static AclEntry[] Both(string path, string role) => [new(path, "runner@pve", role), new(path, Maker, role)];
}
