using System.Text.Json;
using CsCheck;
using Lab.Proxmox.Machines;

namespace Lab.Tests.Proxmox;

public class ConfigTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFyVyQp1hQ0oP3m8tGkqzrq6sVrR+9U9QmTr8ZJ0yG1p me+ci@host:22/a=b";

    [Fact]
    public async Task Case_13_ssh_keys_are_percent_encoded_before_the_form_encodes_them_again()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        Task<Answer> Put(string keys) => proxmox.PutAsync($"{vm}/config", ("sshkeys", keys));
        (await Put(Key)).Error("sshkeys").ShouldBe($"invalid format - invalid urlencoded string: {Key}\n");
        (await Put(Uri.EscapeDataString(Key).Replace("%20", "+"))).Status.ShouldBe(400);
        (await Put(Uri.EscapeDataString("ssh-ed25519 nonsense me"))).ShouldFail(500, "SSH public key validation error");
        var two = Uri.EscapeDataString($"{Key}\n{Key}2\n");
        (await Put(two)).Status.ShouldBe(200);
        (await proxmox.ConfigAsync(vm)).GetProperty("sshkeys").GetString().ShouldBe(two);
        (await proxmox.GetAsync($"{vm}/cloudinit/dump?type=user"))
            .Data.GetString()!
            .ShouldContain($"ssh_authorized_keys:\n  - {Key}\n  - {Key}2\n");
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    public async Task Case_20_an_old_digest_is_refused(string method)
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        var digest = (await proxmox.ConfigAsync(vm)).GetProperty("digest").GetString()!;
        (await proxmox.PutAsync($"{vm}/config", ("cores", "4"), ("digest", digest))).Status.ShouldBe(200);
        (await proxmox.SendAsync(new(method), $"{vm}/config", RunningDouble.Form(("cores", "5"), ("digest", digest)))).ShouldFail(
            500,
            "checksum mismatch (file change by other user?)"
        );
        (await proxmox.ConfigAsync(vm)).GetProperty("cores").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task Case_21_equal_values_change_nothing()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        var before = await proxmox.ConfigAsync(vm);
        var same = before
            .EnumerateObject()
            .Where(entry => entry.Name is "cores" or "memory" or "net0" or "scsi0" or "ide2" or "agent" or "name" or "boot");
        (await proxmox.PutAsync($"{vm}/config", [.. same.Select(entry => (entry.Name, entry.Value.ToString()))])).Status.ShouldBe(200);
        JsonElement.DeepEquals(await proxmox.ConfigAsync(vm), before).ShouldBeTrue();
    }

    [Fact]
    public async Task Case_22_a_card_without_a_mac_gets_a_new_one_at_every_write()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        var seen = new HashSet<string>();
        for (var write = 0; write < 3; write++)
        {
            (await proxmox.PutAsync($"{vm}/config", ("net0", "virtio,queues=4,bridge=vmbr0"))).Status.ShouldBe(200);
            seen.Add((await proxmox.ConfigAsync(vm)).GetProperty("net0").GetString()!);
        }
        seen.Count.ShouldBe(3);
        seen.ShouldAllBe(card => card.StartsWith("virtio=BC:24:11:") && card.EndsWith(",bridge=vmbr0,queues=4"));
        (await proxmox.PutAsync($"{vm}/config", ("net0", "virtio=bc:24:11:aa:bb:cc,bridge=vmbr0"))).Status.ShouldBe(200);
        (await proxmox.ConfigAsync(vm)).GetProperty("net0").GetString().ShouldBe("virtio=BC:24:11:AA:BB:CC,bridge=vmbr0");
    }

    [Theory]
    [InlineData("tags", "B;a, c a", "a;b;c")]
    [InlineData("description", "eins\nzwei ü\n\n", "eins\nzwei ü")]
    [InlineData("memory", "65536", "65536")]
    [InlineData("memory", "current=65536", "current=65536")]
    [InlineData("nameserver", "192.168.1.2 192.168.1.3", "192.168.1.2 192.168.1.3")]
    public async Task Cases_23_to_25_values_are_stored_in_their_own_way(string key, string written, string read)
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        (await proxmox.PutAsync($"{vm}/config", (key, written))).Status.ShouldBe(200);
        (await proxmox.ConfigAsync(vm)).GetProperty(key).GetString().ShouldBe(read);
        (await proxmox.GetAsync($"{vm}/status/current"))
            .Data.GetProperty("maxmem")
            .GetInt64()
            .ShouldBe(key == "memory" ? 65536L << 20 : 4096L << 20);
    }

    [Fact]
    public async Task Case_26_deleting_an_unset_key_is_no_error_and_an_unknown_key_is()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        (await proxmox.PutAsync($"{vm}/config", ("delete", "ciuser,agent"))).Status.ShouldBe(200);
        (await proxmox.ConfigAsync(vm)).TryGetProperty("agent", out _).ShouldBeFalse();
        (await proxmox.PutAsync($"{vm}/config", ("delete", "colour"))).Error("delete").ShouldBe("unknown option 'colour'");
        (await proxmox.PutAsync($"{vm}/config", ("delete", "cores"), ("cores", "2")))
            .Error("delete")
            .ShouldBe("you can't use '-cores' and '-delete cores' at the same time");
        (await proxmox.PutAsync($"{vm}/config")).ShouldFail(500, "no options specified");
    }

    [Fact]
    public async Task Case_28_a_running_machine_keeps_some_changes_for_its_next_start()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        (await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/start"))).ShouldBe("OK");
        (
            await proxmox.PutAsync(
                $"{vm}/config",
                ("cores", "8"),
                ("memory", "8192"),
                ("delete", "agent"),
                ("tags", "x"),
                ("onboot", "1"),
                ("ciuser", "me"),
                ("ipconfig0", "ip=dhcp")
            )
        ).Status.ShouldBe(200);
        var pending = (await proxmox.GetAsync($"{vm}/pending"))
            .Data.EnumerateArray()
            .Where(entry => entry.TryGetProperty("pending", out _) || entry.TryGetProperty("delete", out _))
            .ToList();
        pending.Select(entry => entry.GetProperty("key").GetString()).ShouldBe(["agent", "cores", "memory"]);
        pending[0].GetProperty("delete").GetInt32().ShouldBe(1);
        (await proxmox.ConfigAsync(vm)).GetProperty("cores").GetInt32().ShouldBe(8);
        var current = await proxmox.ConfigAsync(vm, "?current=1");
        current.GetProperty("cores").GetInt32().ShouldBe(2);
        current.GetProperty("digest").GetString().ShouldBe((await proxmox.ConfigAsync(vm)).GetProperty("digest").GetString());
        (await proxmox.PutAsync($"{vm}/config", ("revert", "memory,agent"))).Status.ShouldBe(200);
        proxmox.Machines.Running[250].Cores.ShouldBe(2);
        (await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/reboot"))).ShouldBe("OK");
        await RunningDouble.UntilAsync(() => Task.FromResult(proxmox.Machines.Running.ContainsKey(250)));
        (proxmox.Machines.Running[250].Cores, proxmox.Machines.Running[250].MemoryMiB).ShouldBe((8, 4096));
        (await proxmox.GetAsync($"{vm}/pending")).Body.ShouldNotContain("\"pending\"");
    }

    [Fact]
    public async Task A_disk_keeps_its_size_a_new_one_gets_a_name_and_a_deleted_one_stays_unused()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        (
            await proxmox.PutAsync($"{vm}/config", ("scsi0", "local-lvm:vm-250-disk-0,size=99G,discard=on"), ("scsi1", "local-lvm:8"))
        ).Status.ShouldBe(200);
        var config = await proxmox.ConfigAsync(vm);
        config.GetProperty("scsi0").GetString().ShouldBe("local-lvm:vm-250-disk-0,discard=on,size=3G");
        config.GetProperty("scsi1").GetString().ShouldBe("local-lvm:vm-250-disk-1,size=8G");
        (await proxmox.PutAsync($"{vm}/config", ("delete", "scsi1"))).Status.ShouldBe(200);
        (await proxmox.ConfigAsync(vm)).GetProperty("unused0").GetString().ShouldBe("local-lvm:vm-250-disk-1");
        (await proxmox.PutAsync($"{vm}/config", ("scsi3", "local-lvm:1"), ("scsi4", "local-lvm:1"))).Status.ShouldBe(200);
        (await proxmox.ConfigAsync(vm)).GetProperty("scsi4").GetString().ShouldBe("local-lvm:vm-250-disk-3,size=1G");
        (await proxmox.PutAsync($"{vm}/config", ("cores", "7"), ("scsi2", "local-lvm:vm-999-disk-0"))).ShouldFail(
            500,
            "volume 'local-lvm:vm-999-disk-0' does not exist"
        );
        (await proxmox.ConfigAsync(vm)).GetProperty("cores").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_post_is_a_task_unless_it_is_done_in_time()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        (await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/config", ("cores", "3")))).ShouldBe("OK");
        (await proxmox.PostAsync($"{vm}/config", ("cores", "4"), ("background_delay", "30"))).Data.ValueKind.ShouldBe(JsonValueKind.Null);
        (await proxmox.ConfigAsync(vm)).GetProperty("cores").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task A_password_is_stored_hashed_and_shown_masked()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        (await proxmox.PutAsync($"{vm}/config", ("cipassword", "correct horse"))).Status.ShouldBe(200);
        (await proxmox.ConfigAsync(vm)).GetProperty("cipassword").GetString().ShouldBe("**********");
        (await proxmox.GetAsync($"{vm}/cloudinit/dump?type=user")).Data.GetString()!.ShouldMatch(@"password: \$5\$.{16}\$.{43}\n");
        proxmox.Requests.SelectMany(request => request.Parameters.Values).ShouldNotContain("correct horse");
    }

    [Theory]
    [InlineData("Hello world!", "saltstring", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5")]
    [InlineData("übung-longer-than-thirty-two-characters-xyz", "abcdefgh", "$5$abcdefgh$En2GCcv78D/usWf6/npCIU0R6eua0Ug5Z3ZeluNp5d7")]
    public void Passwords_are_hashed_like_crypt_does(string password, string salt, string hash) =>
        Sha256Crypt.Hash(password, salt).ShouldBe(hash);

    [Fact]
    public void Sizes_round_trip() => Gen.Long[0, 1L << 50].Sample(size => DiskSize.Parse(DiskSize.Write(size)) == size);

    [Theory]
    [InlineData("34816M", "34G")]
    [InlineData("1.5G", "1536M")]
    [InlineData("1024", "1K")]
    public void Sizes_are_written_in_their_largest_whole_unit(string read, string written) =>
        DiskSize.Write(DiskSize.Parse(read)).ShouldBe(written);
}
