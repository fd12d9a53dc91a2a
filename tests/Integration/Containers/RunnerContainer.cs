using System.Net.Http.Json;
using System.Text.Json;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using Integration.Running;

namespace Integration.Containers;

/// <summary>One runner as the supervisor makes it: registered just in time, its files put into a container that is made and not yet started.</summary>
internal static class RunnerContainer
{
    private const string Home = "/home/runner";
    private const uint User = 1001;

    public static async Task<IContainer> StartAsync(LabFixture lab, string image, string name, string label)
    {
        var builder = await LocalEngine.NewAsync(image);
        foreach (var (file, content) in await FilesAsync(lab, name, label))
            builder = builder.WithResourceMapping(content, $"{Home}/{file}", User, User, UnixFileModes.UserRead | UnixFileModes.UserWrite);
        var container = builder.WithHostname(name).Build();
        await container.StartAsync(TestContext.Current.CancellationToken);
        return container;
    }

    private static async Task<Dictionary<string, byte[]>> FilesAsync(LabFixture lab, string name, string label)
    {
        using var github = lab.GitHubClient();
        using var answer = await github.PostAsJsonAsync(
            "orgs/acme/actions/runners/generate-jitconfig", new { name, runner_group_id = 1, labels = new[] { label }, work_folder = "_work" }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), default, TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<Dictionary<string, byte[]>>(json.RootElement.GetProperty("encoded_jit_config").GetBytesFromBase64())!;
    }
}
