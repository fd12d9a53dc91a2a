using Integration.Running;
using RunnerBuild;
using RunnerBuild.Config;
using RunnerBuild.Remote.Ssh;

namespace Integration.Containers;

/// <summary>A host that does not let in who comes, or lets them do nothing.</summary>
public sealed class LogIns(LogInHost host) : IClassFixture<LogInHost>
{
    [Fact]
    public async Task A_key_that_the_host_does_not_take_is_named_with_the_file_that_it_belongs_in()
    {
        var fault = await Should.ThrowAsync<RunnerBuildException>(() => host.ReachAsync("root", "stranger"));
        fault.What.ShouldContain($"does not let root in with the key {host.KeyOf("stranger")}");
        fault.Fix.ShouldContain("authorized_keys");
    }

    [Fact]
    public async Task A_login_without_the_right_to_be_root_is_told_which_right_that_is()
    {
        var fault = await Should.ThrowAsync<RunnerBuildException>(() => host.ReachAsync("ada", "known"));
        fault.What.ShouldContain("does not let ada act as root");
        fault.Fix.ShouldContain("ada ALL=(ALL) NOPASSWD: ALL");
    }

    [Fact]
    public async Task A_host_without_sudo_is_told_from_one_that_refuses()
    {
        await host.Machine.RunAsync("mv /usr/bin/sudo /usr/bin/sudo.away");
        try
        {
            var fault = await Should.ThrowAsync<RunnerBuildException>(() => host.ReachAsync("ada", "known"));
            fault.What.ShouldContain("has no sudo, and ada is not root");
            fault.Fix.ShouldContain("apt-get install sudo");
            (await host.ReachAsync("root", "known")).ShouldBe("root\n");
        }
        finally
        {
            await host.Machine.RunAsync("mv /usr/bin/sudo.away /usr/bin/sudo");
        }
    }
}

/// <summary>A machine with root and ada, who both take one key, and ada's rights are none.</summary>
public sealed class LogInHost : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runnerbuild-logins-").FullName;

    internal PlainHost Machine { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "known", "stranger" })
        {
            var made = await LocalProgram.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KeyOf(name));
            made.ExitCode.ShouldBe(0, made.Output);
        }

        var image = await VmImages.AnyAsync(TestContext.Current.CancellationToken);
        Machine = await PlainHost.StartAsync(image, await File.ReadAllTextAsync($"{KeyOf("known")}.pub"), TestContext.Current.CancellationToken);
        await Machine.RunAsync("useradd -m -s /bin/bash ada && install -d -o ada /home/ada/.ssh && install -o ada /root/.ssh/authorized_keys /home/ada/.ssh/");
    }

    internal string KeyOf(string name) => Path.Combine(_folder, name);

    internal async Task<string> ReachAsync(string user, string key)
    {
        var access = new SshAccess("127.0.0.1", Machine.Port, user, KeyOf(key), null, [Machine.HostKey]);
        await using var machine = await SshConnection.OpenAsync(access, null, new HostKeyPins(Path.Combine(_folder, "hosts")), null, TestContext.Current.CancellationToken);
        return await machine.CheckAsync("Asking who this is", "id -un", [], null, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Machine is not null)
            await Machine.DisposeAsync();
        await VmImages.RemoveAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
