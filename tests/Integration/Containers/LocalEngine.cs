using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Images;
using Integration.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace Integration.Containers;

/// <summary>Testcontainers on this machine's engine, old ones too.</summary>
internal static class LocalEngine
{
    private static readonly Lazy<Task> Ready = new(PrepareAsync);

    /// <summary>A container that is removed with its volumes when it is disposed of.</summary>
    public static async Task<ContainerBuilder> NewAsync(string image)
    {
        await Ready.Value;
        return new ContainerBuilder(image).WithLabel("runnerbuild.lab", LabFixture.Name).WithImagePullPolicy(PullPolicy.Never).WithLogger(NullLogger.Instance);
    }

    private static async Task PrepareAsync()
    {
        // Else it asks for an API version that engines before 25 refuse.
        var version = await LocalProgram.RunAsync("docker", "version", "--format", "{{.Server.APIVersion}}");
        version.ExitCode.ShouldBe(0, version.Output);
        Environment.SetEnvironmentVariable("DOCKER_API_VERSION", version.Output.Trim());
        // Its reaper is an image that would have to be pulled; the fixture removes what is labelled.
        TestcontainersSettings.ResourceReaperEnabled = false;
    }
}
