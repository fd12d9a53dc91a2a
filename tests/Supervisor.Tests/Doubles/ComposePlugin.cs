namespace Supervisor.Tests.Doubles;

/// <summary>Docker's compose plugin, brought where the machine has none: Debian 12 has no package of it.</summary>
public sealed class ComposePlugin : IAsyncLifetime
{
    private const string Configuration = "DOCKER_CONFIG";
    private readonly string? before = Environment.GetEnvironmentVariable(Configuration);
    private DirectoryInfo? folder;

    public async ValueTask InitializeAsync()
    {
        if ((await Shell.TryAsync("docker", "compose", "version")).Code == 0)
            return;
        folder = Directory.CreateTempSubdirectory("rbsv-compose");
        await Shell.RunAsync("bash", Path.Combine(AppContext.BaseDirectory, "Doubles/compose-plugin.sh"), folder.FullName);
        Environment.SetEnvironmentVariable(Configuration, folder.FullName);
        await Shell.DockerAsync("compose", "version");
    }

    public ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(Configuration, before);
        folder?.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
